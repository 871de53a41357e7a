/**
 * An event on its way to a line.
 *
 * @module
 */

/** The request that is being handled. */
export interface Call {
  /** Names this handling: 32 hexadecimal digits. */
  readonly span: string;
  /** As the member `call` of `context`, JSON. */
  readonly json: string;
  /** Of the exception that a tool threw: its type. */
  exception?: string | undefined;
}

/** What a hook tells. */
export interface Told {
  /** Without the runtime: `mcp_event`; the names that both sensors share as they are: `sensor_startup`. */
  readonly name: string;
  /** `event` if absent; the same for all events of a name. */
  readonly type?: "event" | "nonactionable" | "sensor_lifecycle" | undefined;
  /** Members that hold no secret by their nature, as JSON without braces: `"id":3,"transport":"stdio"`. */
  readonly plain?: string | undefined;
  /** What is redacted, as JSON: an object. */
  readonly open?: string | undefined;
  /** The member under which `open` stands, a plain name. Absent: its members are the event's. */
  readonly under?: string | undefined;
  /** What was being handled; `null`: nothing, whatever the context says. */
  readonly call?: Call | null | undefined;
}

/** What waits to be written. */
export interface Pending {
  /** The line up to `open`. */
  readonly head: string;
  readonly open: string;
  readonly spread: boolean;
  /** The line from `open` on, with its LF. */
  readonly tail: string;
  /** UTF-16 units of all. */
  readonly size: number;
}

/** Members of an object as `plain` has them; those that are undefined are left out. */
export function members(object: { readonly [name: string]: unknown }): string {
  return JSON.stringify(object).slice(1, -1);
}
