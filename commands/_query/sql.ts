/**
 * `--sql`: a question of the user's own.
 *
 * @module
 */
import type { Store } from "../../pipeline/store/store.ts";
import { EXIT, Failure } from "../_exit.ts";

/** What was found. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there are more. */
  readonly more: boolean;
}

/** The tables and views there are for people. */
const VIEWS = "calls, messages, http, events, findings, servers, tools";

/**
 * Asks, at most so many rows. Nothing can be changed.
 *
 * @throws {Failure} what SQLite says.
 */
export function ask(store: Store, sql: string, limit: number): Answer {
  try {
    return store.question(sql, limit);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const hint = /no such table/.test(text)
      ? `; there are ${VIEWS}`
      : /^\s*(?:select|with|values)\b/i.test(sql)
      ? ""
      : "; expected one SELECT: nothing can be changed";
    throw new Failure(`--sql: ${text}${hint}`, EXIT.usage);
  }
}
