/**
 * The option that says where things stand in lines of other programs.
 *
 * @module
 */
import { z } from "zod";

const member = (what: string) => z.string().min(1).max(200).optional().describe(`Dotted path to ${what}.`);

/** A `Mapping` of `protocols/sensor`. */
export const mapping = z.strictObject({
  time: member("the time: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970"),
  name: member("what happened"),
  sensor: member("what tells of it"),
  pid: member("the process's id"),
  process: member("the process's name"),
  session: member("the session"),
  message: member("a JSON-RPC message, as an object or as text"),
  direction: member("which way the message goes: `c2s`, `in`, `received` or `s2c`, `out`, `sent`, as a server sees it"),
  transport: member("`stdio`, `http` or `sse`"),
  sequence: member("a number that counts the process's lines from 0: a jump is told as a gap"),
});
