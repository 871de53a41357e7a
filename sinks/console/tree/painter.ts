/**
 * Draws what is ready, below the client and the server that it stands under.
 *
 * @module
 */
import type { SensorEvent } from "../../../pipeline/event.ts";
import { render, type Span } from "../line.ts";
import type { Waiting } from "../patience.ts";
import { clock } from "../units.ts";
import { callLines, type DrawOptions, underneath } from "./draw.ts";
import type { CallNode } from "./node.ts";
import type { Place } from "./place.ts";

/** Columns that stand before a call: the bars of client and server. */
export const CALL_LEAD = 4;
/** What a time takes, with the blanks behind it. */
export const TIME_COLUMNS = 14;

/** Something to be drawn. */
export interface Entry extends Waiting {
  /** Undefined for what stands nowhere in the tree. */
  readonly place: Place | undefined;
  /** A call that ended; or one that was drawn before, of which more became known. */
  readonly node?: CallNode | undefined;
  readonly isLate?: boolean;
  /** When something happened that is no call, in milliseconds since the epoch, and its lines. */
  readonly time?: number;
  readonly lines?: readonly string[];
  /** What a sensor told of a call that was not seen yet. */
  readonly orphan?: SensorEvent | undefined;
}

/** Remembers where it has drawn last. */
export class Painter {
  readonly #options: DrawOptions;
  readonly #clock = clock();
  #place: Place | undefined;
  /** The call that the last lines were of. */
  #last: CallNode | undefined;

  constructor(options: DrawOptions) {
    this.#options = options;
  }

  /** The lines of an entry, each with its newline. */
  paint(entry: Entry, columns: number): string {
    const { place, node, isLate, lines = [] } = entry;
    const last = this.#last;
    this.#last = node;
    if (place === undefined) {
      this.#place = undefined;
      return lines.map((line) => `${line}\n`).join("");
    }
    const { palette, box } = this.#options;
    const heads = this.#heads(place, columns);
    const follows = isLate === true && heads === "" && last === node;
    const shown = node === undefined
      ? this.#timed(entry)
      : isLate
      ? this.#more(node, follows, columns - CALL_LEAD)
      : callLines(node, ["dim", this.#time(node.beginning.start)], columns - CALL_LEAD, this.#options);
    if (node !== undefined) node.isDrawn = true;
    const lead = place.server === undefined ? "" : box.bar;
    const drawn = shown.map((line, i) => {
      const corner = palette.dim(lead + (i === 0 && !follows ? box.branch : box.bar));
      return `${corner}${line}\n`;
    });
    return heads + drawn.join("");
  }

  /** What became known of a call after it was drawn; under its name unless it `follows` its lines. */
  #more(node: CallNode, follows: boolean, columns: number): string[] {
    const { palette, box } = this.#options;
    const under = underneath(node, columns, this.#options);
    if (follows) return under;
    const { head, name, start } = node.beginning;
    const spans: Span[] = [["dim", `${this.#time(start)}${box.again}`], ...head];
    if (name !== undefined) spans.push(["plain", "  "], ["strong", name]);
    return [render(spans, columns, palette), ...under];
  }

  #timed({ time = NaN, lines = [] }: Entry): string[] {
    const [first = "", ...more] = lines;
    return [
      this.#options.palette.dim(this.#time(time)) + first,
      ...more.map((line) => " ".repeat(TIME_COLUMNS) + line),
    ];
  }

  /** Names client and server, unless what was drawn last stands there too. */
  #heads(place: Place, columns: number): string {
    const { palette, box } = this.#options;
    const last = this.#place;
    this.#place = place;
    const isSame = last?.client === place.client;
    if (isSame && last.server === place.server) return "";
    const client = isSame ? "" : `${render(place.clientSpans, columns, palette)}\n`;
    if (place.server === undefined) return client;
    const server = render(place.serverSpans, columns - box.branch.length, palette);
    return `${client}${palette.dim(box.branch)}${server}\n`;
  }

  #time(time: number): string {
    return `${this.#clock(time)}  `;
  }
}
