/**
 * Redacts bytes and texts that stand for themselves: messages, bodies, names, command lines.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Finding, findSensitive } from "../../protocols/sensitive/mod.ts";
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { type Edit, editsIn } from "./edits.ts";
import { Frame } from "./frame.ts";
import { JsonWalk } from "./json_walk.ts";
import type { Policy } from "./policy.ts";
import { quickWalk } from "./quick_walk.ts";
import { type Active, Run } from "./run.ts";
import { Bit, type Seen } from "./signs.ts";
import { redactString, redactWhole } from "./strings.ts";

/** Texts that are remembered, and the longest of them, in UTF-16 units. */
const MOST = 4096, LONGEST = 1024;
/** What one takes besides its units, in bytes. */
const OVERHEAD = 100;
const NONE: readonly Finding[] = [];
const NOTHING: Seen = { bits: 0, kinds: [] };
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** What became of a text. */
export interface Result {
  /** The text; undefined: it stays as it is. */
  readonly text: string | undefined;
  /** Of a message: what is to be replaced in its bytes, where it is known by its place. `text` is undefined then. */
  readonly edits?: readonly Edit[];
  readonly run: Run;
}

/** Redacts texts by the rules that are for all events, or those given. */
export class Texts {
  readonly policy: Policy;
  readonly #known: RecentMap<string, string>;
  readonly #values = new WeakMap<object, Json>();

  constructor(policy: Policy) {
    this.policy = policy;
    const weigh = (text: string, shown: string) => 2 * (text.length + (shown === text ? 0 : shown.length)) + OVERHEAD;
    this.#known = new RecentMap(MOST, { heaviest: policy.memory.texts, weigh });
  }

  /** Redacts `buffer[start, end)`; undefined if there is no sign of anything. `message` is whose bytes they are. */
  bytes(buffer: Uint8Array, start: number, end: number, active: Active, message?: McpEvent): Result | undefined {
    const { signs } = this.policy;
    const bits = signs.look(buffer, start, end);
    if (bits === 0 && !active.isBlind) return undefined;
    const isValid = message !== undefined && isValidJson(message);
    if (isValid && (bits & Bit.escape) === 0 && active.rules.length === 0 && active.builtin) {
      const run = new Run(this.policy, active, NOTHING.kinds, false);
      const frame = Frame.root(active, () => undefined);
      const edits = editsIn(buffer, start, run, frame);
      if (edits !== undefined) return { text: undefined, edits, run };
    }
    const seen = signs.closer(bits, buffer, start, end);
    return this.#redact(
      seen,
      active,
      () => lenient.decode(buffer.subarray(start, end)),
      isValid,
    );
  }

  /** A body: the same array if nothing had to be redacted. */
  body(body: Uint8Array): { readonly body: Uint8Array; readonly run: Run | undefined } {
    const { signs, always } = this.policy;
    const bits = signs.look(body, 0, body.length);
    if (bits === 0 && !always.isBlind) return { body, run: undefined };
    let isText = true;
    const result = this.#redact(signs.closer(bits, body, 0, body.length), always, () => {
      try {
        return strict.decode(body);
      } catch {
        isText = false;
        return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
      }
    });
    if (result?.text === undefined) return { body, run: result?.run };
    return { body: isText ? encoder.encode(result.text) : Buffer.from(result.text, "latin1"), run: result.run };
  }

  /** A text that stands for itself. Short ones are remembered. */
  text(text: string): string {
    if (text.length < 4) return text;
    if (text.length > LONGEST) return this.result(text).text ?? text;
    return this.#known.recall(text, () => this.result(text).text ?? text);
  }

  /** The same, with what was done. */
  result(text: string): Result {
    const { always } = this.policy;
    const bytes = encoder.encode(text);
    const result = this.bytes(bytes, 0, bytes.length, always);
    return result ?? { text: undefined, run: this.#run(NOTHING, always) };
  }

  /** A value that stands under a name: of a header, a parameter or a flag. */
  named(name: string, value: string): string {
    const run = this.#run({ bits: Bit.key, kinds: [...this.policy.kinds.keys()] }, this.policy.always);
    const deed = run.judge(name);
    if (deed === undefined) return this.text(value);
    const frame = Frame.root(this.policy.always, () => undefined);
    return redactWhole(value, run, deed, frame) ?? "";
  }

  /** A JSON value: the same object if nothing had to be redacted. */
  json(value: Json): Json {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    let shown = this.#values.get(value);
    if (shown === undefined) {
      const { text } = this.result(JSON.stringify(value));
      shown = text === undefined ? value : JSON.parse(text) as Json;
      this.#values.set(value, shown);
    }
    return shown;
  }

  #run({ bits, kinds }: Seen, active: Active): Run {
    return new Run(this.policy, active, active.builtin ? kinds : NOTHING.kinds, (bits & (Bit.key | Bit.rule)) !== 0);
  }

  #redact(seen: Seen, active: Active, decode: () => string, isValid = false): Result | undefined {
    const { bits } = seen;
    const run = this.#run(seen, active);
    const hasRules = active.isBlind || ((bits & Bit.rule) !== 0 && active.rules.length > 0);
    if (run.kinds.length === 0 && !run.named && !hasRules) return undefined;
    const text = decode();
    const isPlain = (bits & Bit.escape) === 0;
    const found = isPlain && run.kinds.length > 0 ? findSensitive(text, run.kinds) : undefined;
    if (isPlain && !run.named && !hasRules && (found === undefined || found.length === 0)) return undefined;
    const first = text.charCodeAt(0);
    const frame = Frame.root(active, () => parsed(text));
    if (isValid && isPlain && active.rules.length === 0) {
      const shown = quickWalk(text, run, frame, found ?? NONE);
      if (shown !== undefined) return { text: shown === text ? undefined : shown, run };
    }
    let shown = text;
    let isJson = false;
    if (first === 0x7b || first === 0x5b) {
      const walk = new JsonWalk(text, run, 0, isPlain ? found ?? [] : undefined);
      shown = walk.walk(frame);
      isJson = walk.clean;
    }
    if (!isJson) shown = redactString(shown, run, frame.parts, frame, 0);
    return { text: shown === text ? undefined : shown, run };
  }
}

/** True if the message is known to be valid JSON: only then it is said where its values are. */
function isValidJson(event: McpEvent): boolean {
  return event.from("method") >= 0 || event.from("result") >= 0 || event.from("error") >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
