/**
 * Bounds of what a store keeps of one thing.
 *
 * @module
 */

/** Bounds. */
export interface StoreLimits {
  /** Bytes of a message's text, or of a body. */
  readonly text: number;
  /** Whether the tokens of calls are counted, if the vocabulary is loaded. */
  readonly tokens: boolean;
  /** What is kept of HTTP that has nothing to do with MCP. */
  readonly otherHttp: "heads" | "whole" | "none";
}

/** What is kept if nothing else is said. */
export const DEFAULT_LIMITS: StoreLimits = { text: 256 * 1024, tokens: false, otherHttp: "heads" };

/** Bytes of what is small by its nature: evidence, details, a definition's description. */
export const SMALL = 64 * 1024;
/** Calls, exchanges and sensor keys that are remembered by the recorder. */
export const REMEMBERED = 65_536;
