/**
 * The open calls of one session.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import type { Side } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";

/** With more calls open than this, those with a progress token are looked up and not searched for. */
const FEW = 32;

/** A list, oldest first. The links are in the calls: an array or a Map that calls go through costs more than the rest. */
export class OpenCalls {
  /** How many. */
  size = 0;
  /** The oldest. */
  first: Call | undefined = undefined;
  #last: Call | undefined = undefined;
  #byToken: Map<string | number, Call> | undefined = undefined;

  /** Adds a call. */
  add(call: Call): void {
    call.isOpen = true;
    call.previous = this.#last;
    if (this.#last === undefined) this.first = call;
    else this.#last.next = call;
    this.#last = call;
    this.size++;
    if (this.#byToken !== undefined) this.#note(call);
    else if (this.size > FEW) {
      this.#byToken = new Map();
      for (let at = this.first; at !== undefined; at = at.next) this.#note(at);
    }
  }

  /** Takes a call out. It must be in. */
  remove(call: Call): void {
    const { previous, next, token } = call;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    call.isOpen = false;
    call.previous = call.next = undefined;
    this.size--;
    if (this.#byToken === undefined) return;
    if (this.size === 0) this.#byToken = undefined;
    else if (token !== undefined && this.#byToken.get(token) === call) this.#byToken.delete(token);
  }

  /** A call's progress is told with another token from now on. */
  renew(call: Call, token: string | number): void {
    if (call.isOpen && this.#byToken !== undefined) {
      if (call.token !== undefined && this.#byToken.get(call.token) === call) this.#byToken.delete(call.token);
      this.#byToken.set(token, call);
    }
    call.token = token;
  }

  /** The call whose progress is told with a token by `teller`. */
  withToken(token: string | number, teller: Side | undefined): Call | undefined {
    if (this.#byToken !== undefined) {
      const call = this.#byToken.get(token);
      return call === undefined || isBy(call, teller) ? undefined : call;
    }
    for (let call = this.first; call !== undefined; call = call.next) {
      if (call.token === token && !isBy(call, teller)) return call;
    }
    return undefined;
  }

  /** The call that waits for the answer to the request with this id, which `asker` sent. */
  withId(id: string | number, asker: Side | undefined): Call | undefined {
    for (let call = this.first; call !== undefined; call = call.next) {
      if (call.pending?.id === id && (asker === undefined || call.asker === asker)) return call;
    }
    return undefined;
  }

  /** The one call of the client that is being answered, sent in an exchange if one is given; undefined if there are several. */
  only(http?: McpEvent["http"]): Call | undefined {
    let found: Call | undefined;
    for (let call = this.first; call !== undefined; call = call.next) {
      if (call.asker !== "client" || call.pending === undefined || isListening(call)) continue;
      if (http !== undefined && call.pending.http !== http) continue;
      if (found !== undefined) return undefined;
      found = call;
    }
    return found;
  }

  /** All, oldest first, or those of them that wait for an answer in an exchange. */
  all(http?: McpEvent["http"]): Call[] {
    const calls: Call[] = [];
    for (let call = this.first; call !== undefined; call = call.next) {
      if (http === undefined || call.pending?.http === http) calls.push(call);
    }
    return calls;
  }

  #note(call: Call): void {
    if (call.token !== undefined) this.#byToken?.set(call.token, call);
  }
}

/** True for a request that stays open for as long as its sender listens. */
export function isListening({ method }: Call): boolean {
  return method === "subscriptions/listen";
}

function isBy({ asker }: Call, side: Side | undefined): boolean {
  return side !== undefined && asker === side;
}
