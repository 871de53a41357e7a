/**
 * Calls in several rounds (2026-07-28): a result with `resultType` `input_required` asks the client for something, and the
 * client sends the request again with it. Specification, `basic/patterns/mrtr`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { McpEvent } from "../../pipeline/event.ts";
import { inputGivenOf, type InputRequired, inputRequiredOf, textMember } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";
import type { Session } from "./session.ts";

/** What is longer is kept as its hash. In UTF-16 units. */
const LONGEST = 128;

/** What is compared of what was asked for and what is given. */
export interface Input {
  /** `requestState`, or its hash. */
  readonly state: string | undefined;
  /** The names of the answers in order, as JSON, or its hash. */
  readonly keys: string;
}

/** A call's request was answered with a demand for input. */
export function requireInput(session: Session, call: Call, event: McpEvent): void {
  const asked = inputRequiredOf(event.result);
  call.pending = undefined;
  call.having().input = comparable(asked);
  if (asked.keys.length > 0) call.waitForClient(event.time); // else it is only to come again
  (session.waiting ??= new Set()).add(call);
}

/**
 * The call whose next round a request is: the one that waits for the same `requestState`; where neither has one, that with
 * the same method, name and names of answers. Undefined if none fits, or more than one.
 */
export function nextRoundOf(session: Session, event: McpEvent): Call | undefined {
  if (session.waiting === undefined) return undefined;
  const sent = inputGivenOf(event.params);
  if (sent === undefined) return undefined;
  const given = comparable(sent);
  const name = nameOf(event);
  const fit = [...session.waiting].filter((call) => fits(call, event, given, name));
  const [call] = fit;
  if (call === undefined) return undefined;
  if (fit.length > 1) {
    for (const one of fit) one.having().isAmbiguous = true;
    return undefined;
  }
  session.waiting.delete(call);
  call.having().input = undefined;
  call.clientAnswered(event.time);
  return call;
}

function fits({ method, more, name: called }: Call, event: McpEvent, given: Input, name?: string): boolean {
  const input = more?.input;
  if (input === undefined || method !== event.method || given.state !== input.state) return false;
  return given.state !== undefined || called === name && input.keys === given.keys;
}

function comparable({ state, keys }: InputRequired): Input {
  return { state: state === undefined ? undefined : brief(state), keys: brief(JSON.stringify(keys)) };
}

function brief(text: string): string {
  return text.length <= LONGEST ? text : createHash("sha256").update(text).digest("base64");
}

function nameOf({ params }: McpEvent): string | undefined {
  return textMember(params, "name") ?? textMember(params, "uri");
}
