/**
 * Redacts JSON in its text: what is not touched stays as it was written. What is no JSON is walked over as far as its
 * strings can be told.
 *
 * @module
 */
import type { Finding } from "../../protocols/sensitive/mod.ts";
import { mayAssign } from "./assignments.ts";
import type { Frame } from "./frame.ts";
import { endsBare, Has, JsonCursor } from "./json_cursor.ts";
import { Schema } from "./json_schema.ts";
import { type Place, placeBelow } from "./place.ts";
import type { Deed } from "./rule.ts";
import type { Run } from "./run.ts";
import { kindOfKeyIn } from "./sensitive_keys.ts";
import { redactNumber, redactString, redactWhole } from "./strings.ts";

/** Deepest nesting that is followed; below it names and values are still seen, but not where they stand. */
const DEEPEST = 256;
const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d;

/** One walk over one text. */
export class JsonWalk extends JsonCursor {
  readonly #run: Run;
  readonly #nesting: number;
  /** What the detectors found in the text as it is written; undefined: strings are searched one by one. */
  readonly #found: readonly Finding[] | undefined;
  #next = 0;
  #out = "";
  /** Up to where the text has been taken over. */
  #last = 0;
  #depth = 0;
  /** Whether names matter: to the built-in set, or to a rule. */
  readonly #names: boolean;
  /** What the built-in set does to what stands under a name. */
  readonly #deedOf = (name: string): Deed | undefined => this.#run.named ? this.#run.builtinFor(name) : undefined;

  /** `nesting` counts how many texts this one is in. */
  constructor(text: string, run: Run, nesting: number, found?: readonly Finding[]) {
    super(text);
    this.#run = run;
    this.#nesting = nesting;
    this.#found = found;
    this.#names = run.named || run.active.hasPlaces;
  }

  /** The text, redacted; the same if nothing had to be. */
  walk(frame: Frame): string {
    const place: Place = { frame, deed: undefined, schema: Schema.outside, described: undefined };
    for (;;) {
      this.space();
      if (this.at >= this.text.length) break;
      const start = this.at;
      if (this.#value(place)) this.#replace(start, this.at, "null");
      if (this.at === start) {
        this.clean = false;
        this.at++;
      }
    }
    return this.#last === 0 ? this.text : this.#out + this.text.slice(this.#last);
  }

  /** Walks over a value. True if it is to be left out; nothing was taken over of it then. */
  #value(place: Place): boolean {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.#string(place);
    if (code !== OPEN_OBJECT && code !== OPEN_ARRAY) return this.#bare(place);
    const { whole } = place.frame;
    if (whole?.action === "remove") {
      whole.count++;
      this.pass();
      return true;
    }
    this.#depth++;
    if (this.#depth > DEEPEST) this.#flat(place);
    else if (code === OPEN_OBJECT) this.#object(place);
    else this.#array(place);
    this.#depth--;
    return false;
  }

  #object(place: Place): void {
    const text = this.text;
    let comma = -1, kept = 0;
    for (this.at++;;) {
      this.space();
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        const start = this.at, out = this.#out, last = this.#last;
        if (this.#member(place)) {
          this.#out = out;
          this.#last = last;
          this.#leaveOut(kept > 0 ? comma : start, kept === 0);
        } else kept++;
        continue;
      }
      if (code === COMMA) comma = this.at;
      else if (code !== CLOSE_OBJECT) {
        this.clean = false;
        if (Number.isNaN(code)) return;
      }
      this.at++;
      if (code === CLOSE_OBJECT) return;
    }
  }

  /** A member at its name. True if it is to be left out. */
  #member(place: Place): boolean {
    const start = this.at;
    this.endOfString();
    const end = this.at;
    const isWorth = this.#isWorth(start, end, place.frame);
    const isPlain = (this.has & Has.escape) === 0;
    let name: string | undefined;
    if (isWorth || !isPlain) {
      name = this.read(start, end);
      const { frame } = place;
      const known = this.#known(start + 1, end - 1, name);
      const shown = redactString(name, this.#run, frame.parts, frame, this.#nesting, known);
      if (shown !== name) this.#replace(start, end, JSON.stringify(shown));
    }
    this.space();
    if (this.text.charCodeAt(this.at) !== COLON) {
      this.clean = false;
      return false;
    }
    this.at++;
    this.space();
    const code = this.text.charCodeAt(this.at);
    if (code === COMMA || code === CLOSE_OBJECT || Number.isNaN(code)) {
      this.clean = false;
      return false;
    }
    if (!this.#names) return this.#value(place);
    if (code !== OPEN_OBJECT && isPlain && place.schema === Schema.outside && !this.#run.active.hasPlaces) {
      const kind = kindOfKeyIn(this.text, start + 1, end - 1);
      const deed = kind === undefined ? undefined : this.#run.builtin(kind);
      return this.#value(deed === undefined ? place : { ...place, deed });
    }
    name ??= this.read(start, end);
    return this.#value(placeBelow(place, name, code === OPEN_OBJECT, code === OPEN_ARRAY, this.#deedOf));
  }

  #array(place: Place): void {
    const text = this.text;
    let comma = -1, kept = 0, index = 0;
    for (this.at++;;) {
      this.space();
      const code = text.charCodeAt(this.at);
      if (code === CLOSE_ARRAY) {
        this.at++;
        return;
      }
      if (code === COMMA) {
        comma = this.at++;
        continue;
      }
      if (Number.isNaN(code) || code === CLOSE_OBJECT || code === COLON) {
        this.clean = false;
        if (Number.isNaN(code)) return;
        this.at++;
        continue;
      }
      const start = this.at;
      const frame = place.frame.step(index++, false);
      if (this.#value(frame === place.frame ? place : { ...place, frame })) {
        this.#leaveOut(kept > 0 ? comma : start, kept === 0);
      } else kept++;
      if (this.at === start) this.at++;
    }
  }

  #string(place: Place): boolean {
    const start = this.at;
    this.endOfString();
    const end = this.at;
    const { frame } = place;
    const deed = frame.whole ?? place.deed;
    if (deed === undefined && !this.#isWorth(start, end, frame)) return false;
    const value = this.read(start, end);
    const known = this.#known(start + 1, end - 1, value);
    const shown = deed === undefined || deed.action === "keep"
      ? redactString(value, this.#run, frame.parts, frame, this.#nesting, known, deed !== undefined)
      : redactWhole(value, this.#run, deed, frame, known);
    if (shown === undefined) return true;
    if (shown !== value) this.#replace(start, end, JSON.stringify(shown));
    return false;
  }

  /** A number or a word. */
  #bare(place: Place): boolean {
    const start = this.at;
    const text = this.text;
    let end = start;
    while (end < text.length && !endsBare(text.charCodeAt(end))) end++;
    this.at = end;
    if (end === start) {
      this.clean = false;
      return false;
    }
    const value = text.slice(start, end);
    const { frame } = place;
    const isNumber = value.charCodeAt(0) <= 0x39;
    if (!isNumber && value !== "true" && value !== "false" && value !== "null") this.clean = false;
    const shown = redactNumber(value, isNumber, this.#run, frame, place.deed);
    if (shown === undefined) return true;
    if (shown !== value) this.#replace(start, end, JSON.stringify(shown));
    return false;
  }

  /** A container nested too deep: its strings and names, wherever they stand. */
  #flat({ frame, deed }: Place): void {
    const text = this.text;
    const place: Place = { frame, deed, schema: Schema.outside, described: undefined };
    /** What holds here, and how deep its container stands. */
    let base = place, baseDepth = -1;
    let named = place;
    for (let depth = 0; this.at < text.length;) {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        const start = this.at;
        const name = this.literal();
        const end = this.at;
        this.space();
        if (text.charCodeAt(this.at) === COLON) {
          this.at++;
          const shown = redactString(name, this.#run, base.frame.parts, base.frame, this.#nesting);
          if (shown !== name) this.#replace(start, end, JSON.stringify(shown));
          named = { ...base, frame: base.frame.step(name, true), deed: this.#deedOf(name) ?? base.deed };
          continue;
        }
        this.at = start;
        if (this.#string(named)) this.#replace(start, end, "null");
        named = base;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (baseDepth < 0 && (named.deed !== deed || named.frame.whole !== frame.whole)) {
          base = named;
          baseDepth = depth;
        }
        depth++;
        this.at++;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        this.at++;
        if (--depth === 0) return;
        if (depth === baseDepth) {
          base = place;
          baseDepth = -1;
        }
        named = base;
      } else if (endsBare(code)) this.at++;
      else {
        const start = this.at;
        if (this.#bare(named)) this.#replace(start, this.at, "null");
        named = base;
      }
    }
  }

  /** False if nothing in the string that was just passed can matter. */
  #isWorth(start: number, end: number, { parts }: Frame): boolean {
    const has = this.has;
    if (parts.length > 0 || (has & Has.percent) !== 0) return true;
    const found = this.#found;
    if (found === undefined) {
      if ((has & Has.escape) !== 0 || this.#run.kinds.length > 0) return true;
    } else if (found.length > 0) {
      while (this.#next < found.length && found[this.#next]!.end <= start) this.#next++;
      const first = found[this.#next];
      if (first !== undefined && first.start < end) return true;
    }
    if (this.#run.named && (has & (Has.sign | Has.flag)) !== 0) {
      if (found === undefined || mayAssign(this.text, start + 1, end - 1, this.#run)) return true;
    }
    if (end - start < 4) return false;
    const first = this.text.charCodeAt(start + 1);
    return first === OPEN_OBJECT || first === OPEN_ARRAY || first === BACKSLASH || first <= 0x20;
  }

  /** What was found in a string that is written at these offsets, by its own; undefined if it has to be searched. */
  #known(start: number, end: number, value: string): readonly Finding[] | undefined {
    const found = this.#found;
    if (found === undefined) return undefined;
    while (this.#next < found.length && found[this.#next]!.end <= start) this.#next++;
    const first = found[this.#next];
    const isPlain = value.length === end - start;
    if (first === undefined || first.start >= end) return isPlain ? [] : undefined;
    if (!isPlain) return undefined;
    const own: Finding[] = [];
    for (let k = this.#next; k < found.length && found[k]!.start < end; k++) {
      const { kind, ...at } = found[k]!;
      own.push({ start: Math.max(at.start, start) - start, end: Math.min(at.end, end) - start, kind });
    }
    return own;
  }

  #replace(start: number, end: number, by: string): void {
    this.#out += this.text.slice(this.#last, start) + by;
    this.#last = end;
  }

  /** Leaves out from `start` to here, and the comma that follows if `withComma`. */
  #leaveOut(start: number, withComma: boolean): void {
    if (withComma) {
      const end = this.at;
      this.space();
      if (this.text.charCodeAt(this.at) === COMMA) {
        this.at++;
        this.space();
      } else this.at = end;
    }
    this.#replace(start, this.at, "");
  }
}
