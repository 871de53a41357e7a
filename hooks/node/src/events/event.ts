/**
 * An event on its way to a line.
 *
 * @module
 */

/** The request that is being handled. */
export interface Call {
  /** Names this handling: 32 hexadecimal digits. */
  readonly span: string;
  /** The member `call` of `context`. */
  readonly id: unknown;
  readonly method: string;
  readonly name: string | undefined;
  readonly session: string;
  /** The same as JSON, once it was needed. */
  json?: string | undefined;
  /** Of the exception that a tool threw: its type. */
  exception?: string | undefined;
}

/** What a hook tells. It is called within the program's work: what can be done later is left for then. */
export interface Told {
  /** Without the runtime: `mcp_event`; the names that both sensors share as they are: `sensor_startup`. */
  readonly name: string;
  /** `event` if absent; the same for all events of a name. */
  readonly type?: "event" | "nonactionable" | "sensor_lifecycle" | undefined;
  /** Members that hold no secret by their nature, as JSON without braces: `"id":3,"transport":"stdio"`. */
  readonly plain?: string | (() => string) | undefined;
  /** What is redacted, as JSON: an object. */
  readonly open?: string | undefined;
  /** The member under which `open` stands, a plain name. Absent: its members are the event's. */
  readonly under?: string | undefined;
  /** What was being handled; `null`: nothing, whatever the context says. */
  readonly call?: Call | null | undefined;
}

/** What waits to be written. */
export interface Pending {
  readonly told: Told;
  readonly call: Call | null | undefined;
  readonly number: number;
  /** When it happened, on the steady clock. */
  readonly time: number;
  /** About as many UTF-16 units as its line has. */
  readonly size: number;
}

/** The parts of a line. */
export interface Line {
  /** Up to what is redacted. */
  readonly head: string;
  /** What is redacted, as JSON. */
  readonly open: string;
  /** Whether `open` is an object whose members are the event's. */
  readonly spread: boolean;
  /** What comes after it, with the LF. */
  readonly tail: string;
}

/** Members of an object as `plain` has them; those that are undefined are left out. */
export function members(object: { readonly [name: string]: unknown }): string {
  return JSON.stringify(object).slice(1, -1);
}
