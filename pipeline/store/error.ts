/**
 * What goes wrong with a store.
 *
 * @module
 */

/** Why: SQLite's primary result codes (https://sqlite.org/rescode.html) that a user can do something about. */
export type StoreFault = "full" | "busy" | "readonly" | "corrupt" | "not_a_database" | "cannot_open" | "io" | "other";

const FAULTS: ReadonlyMap<number, StoreFault> = new Map([
  [5, "busy"],
  [6, "busy"],
  [8, "readonly"],
  [10, "io"],
  [11, "corrupt"],
  [13, "full"],
  [14, "cannot_open"],
  [26, "not_a_database"],
]);

const SENTENCES: Readonly<Record<StoreFault, string>> = {
  full: "the disk is full",
  busy: "another program holds it",
  readonly: "it may not be written",
  corrupt: "it is damaged",
  not_a_database: "it is no SQLite database",
  cannot_open: "it cannot be opened: has its folder the rights for it?",
  io: "the disk cannot be read or written",
  other: "SQLite failed",
};

/** A store that cannot be opened, read or written. The message is a sentence for a person. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** Why. */
  readonly fault: StoreFault;

  constructor(message: string, fault: StoreFault = "other", options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  /** What SQLite threw, as a sentence about a file. */
  static of(error: unknown, path: string): StoreError {
    if (error instanceof StoreError) return error;
    const fault = faultOf(error);
    const text = error instanceof Error ? error.message : String(error);
    return new StoreError(`${path}: ${SENTENCES[fault]}${fault === "other" ? `: ${text}` : ""}`, fault, {
      cause: error,
    });
  }
}

/** By the code, or by SQLite's text, as Deno leaves out the code where a script fails. */
function faultOf(error: unknown): StoreFault {
  if (!(error instanceof Error)) return "other";
  const code = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
  const known = code === undefined ? undefined : FAULTS.get(code);
  if (known !== undefined) return known;
  const { message } = error;
  if (message.includes("full")) return "full";
  if (message.includes("locked") || message.includes("busy")) return "busy";
  if (message.includes("readonly")) return "readonly";
  if (message.includes("malformed")) return "corrupt";
  if (message.includes("not a database")) return "not_a_database";
  if (message.includes("unable to open")) return "cannot_open";
  return message.includes("I/O") ? "io" : "other";
}
