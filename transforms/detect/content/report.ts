/**
 * Puts judgements of several texts together.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import { combine, type Judgement, type Reason } from "./judge.ts";

/** Reasons that are told. */
const MOST_TOLD = 6;

/** A reason and the text it was found in. */
export interface Placed extends Reason {
  /** Where the text is. */
  readonly path: string;
}

/** Gathers reasons, of each kind the heaviest. */
export class Reasons {
  readonly #byName = new Map<string, Placed>();

  /** Adds what was concluded of one text. */
  add(path: string, { reasons }: Judgement): void {
    for (const reason of reasons) this.put({ ...reason, path });
  }

  /** Adds one reason. */
  put(reason: Placed): void {
    const known = this.#byName.get(reason.name);
    if (known === undefined || known.weight < reason.weight) this.#byName.set(reason.name, reason);
  }

  /** The heaviest first. */
  get all(): readonly Placed[] {
    return [...this.#byName.values()].sort((a, b) => b.weight - a.weight);
  }

  /** 0 to 1. */
  get score(): number {
    return Math.round(combine(this.all) * 1000) / 1000;
  }

  /** What the text does, in a few words: the heaviest reasons. */
  get says(): string {
    return this.all.slice(0, 2).map(({ says }) => says).join(", and ");
  }

  /** For a finding's details. */
  get details(): { [name: string]: Json } {
    return {
      reasons: this.all.slice(0, MOST_TOLD).map(({ name, weight, path, text }) => ({
        name,
        weight: Math.round(weight * 100) / 100,
        where: path,
        text,
      })),
    };
  }
}
