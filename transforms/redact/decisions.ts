/**
 * What was decided on strings of messages: the text with a token in it, or a word that looks like one, comes again.
 *
 * @module
 */
import { RecentMap } from "../../pipeline/recent_map.ts";
import type { Replaced } from "./run.ts";

/** Decisions that are remembered, and the longest string one is remembered for, in UTF-16 units. */
const MOST = 16_384, LONGEST = 512;
/** What one takes besides its texts, in bytes. */
const OVERHEAD = 150;

/** What stands in the place of a string. */
export interface Decision {
  /** JSON; undefined: the string stays. */
  readonly text: string | undefined;
  /** All that was replaced in it. */
  readonly replaced: readonly Replaced[];
}

/** Remembers decisions by strings as they are written. */
export class Decisions {
  readonly #known: RecentMap<string, Decision>;

  /** In about so many bytes. */
  constructor(bytes: number) {
    const weigh = (written: string, { text }: Decision) => OVERHEAD + written.length + (text?.length ?? 0);
    this.#known = new RecentMap(MOST, { heaviest: bytes, weigh });
  }

  get(written: string): Decision | undefined {
    return written.length > LONGEST ? undefined : this.#known.get(written);
  }

  set(written: string, decision: Decision): void {
    if (written.length <= LONGEST) this.#known.set(written, decision);
  }
}
