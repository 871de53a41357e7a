/**
 * The lines that tie what belongs together.
 *
 * @module
 */

/** Signs of two columns each. */
export interface Box {
  /** Before one of several. */
  readonly branch: string;
  /** Before the last one. */
  readonly last: string;
  /** Before what stands under one of several. */
  readonly bar: string;
  /** Before what stands under the last one. */
  readonly blank: string;
  /** Between what was asked and what was answered, blanks included. */
  readonly arrow: string;
  /** Before what is named again, for what is told late of it. */
  readonly again: string;
}

const UNICODE: Box = { branch: "├ ", last: "└ ", bar: "│ ", blank: "  ", arrow: " → ", again: "┄ " };
const ASCII: Box = { branch: "|-", last: "`-", bar: "| ", blank: "  ", arrow: " -> ", again: "~ " };

/** Box characters, or ASCII where the terminal has no others. */
export function box(unicode: boolean): Box {
  return unicode ? UNICODE : ASCII;
}
