/**
 * Calls in several rounds (2026-07-28): a result with `resultType` `input_required` asks the client for something, and the
 * client sends the request again with it. Specification, `basic/patterns/mrtr`.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import { inputGivenOf, type InputRequired, inputRequiredOf, textMember } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";
import type { Session } from "./session.ts";

/** Longest `requestState` that is kept for comparison, in UTF-16 units. */
const LONGEST_STATE = 1024 * 1024;

/** A call's request was answered with a demand for input. */
export function requireInput(session: Session, call: Call, event: McpEvent): void {
  const asked = shortened(inputRequiredOf(event.result));
  call.pending = undefined;
  call.having().input = asked;
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
  const given = shortened(sent);
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

function fits({ method, more, name: called }: Call, event: McpEvent, given: InputRequired, name?: string): boolean {
  const input = more?.input;
  if (input === undefined || method !== event.method || given.state !== input.state) return false;
  if (given.state !== undefined) return true;
  const { keys } = input;
  return called === name && keys.length === given.keys.length && keys.every((key, k) => key === given.keys[k]);
}

function shortened({ state, keys }: InputRequired): InputRequired {
  return { state: state?.slice(0, LONGEST_STATE), keys };
}

function nameOf({ params }: McpEvent): string | undefined {
  return textMember(params, "name") ?? textMember(params, "uri");
}
