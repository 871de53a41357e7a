/**
 * What a kind of sensitive value is.
 *
 * @module
 */
import type { Needle } from "../byte_search/mod.ts";

/** Told of a value: `text.slice(start, end)`. */
export type Found = (start: number, end: number) => void;

/** One kind of secret or of personal data, and how to find it in text. */
export interface SensitiveKind {
  /** Stable snake_case name: `github_token`. */
  readonly name: string;
  /** One line, for the reference. */
  readonly summary: string;
  /** `secret`: whoever has it can act with it. `personal`: it is about a person. */
  readonly group: "secret" | "personal";
  /** Whether it is looked for unless the user says otherwise. */
  readonly onByDefault: boolean;
  /**
   * What a message has at least one of if it holds such a value, unless JSON escapes hide it. Of a few kinds whose values
   * have no mark of their own it is the vendor's name.
   */
  readonly needles: readonly Needle[];
  /** Whether the needles may stand elsewhere in the message, and not in the text of the value. */
  readonly elsewhere?: boolean;
  /** Whether a needle of letters may stand in another string of the message than the value, as in the name of its member. */
  readonly around?: boolean;
  /**
   * Tells of each value in `text`, in any order, in time linear in its length. The text may be a decoded string or JSON
   * as it was sent.
   */
  find(text: string, found: Found): void;
}
