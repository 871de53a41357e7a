/**
 * A logical call.
 *
 * @module
 */
import type { LogicalCall, Outcome } from "../../pipeline/context.ts";
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { countTokens } from "../../pipeline/tokens.ts";
import { errorCodeOf, member, printOf, readName, type Side, taskOf } from "../../protocols/mcp/mod.ts";
import type { Input } from "./rounds.ts";
import type { Session } from "./session.ts";
import { argumentsText, resultText } from "./texts.ts";

/** What most calls have nothing of. */
class More {
  taskId: string | undefined = undefined;
  /** What an `input_required` result asked for, while the next round has not come. */
  input: Input | undefined = undefined;
  /** A later round may have been its own or another call's. */
  isAmbiguous = false;
  /** The request asks that it be made a task (2025-11-25). */
  asksForTask = false;
  /** The call within which the server asks this of the client. */
  within: Call | undefined = undefined;
  /** How many things of the client it waits for, and since when. Milliseconds since the epoch. */
  waits = 0;
  waitsFrom = 0;
  humanTime = 0;
  /** When it ended without a message. */
  endTime: number | undefined = undefined;
  tokens: { readonly in: number; readonly out: number } | undefined = undefined;
}

/** A call, filled in as its messages come. Most messages make one or end one, so it is small. */
export class Call implements LogicalCall {
  declare readonly id: number;
  declare readonly request: McpEvent;
  declare readonly session: Session;
  /** Who asks; undefined while it is not clear. */
  declare asker: Side | undefined;
  declare response: McpEvent | undefined;
  declare outcome: Outcome | undefined;
  declare lastTime: number;
  declare requests: number;
  declare progress: number;
  declare bytesIn: number;
  declare bytesOut: number;
  /** The request whose response will end it, or put it off; undefined while it waits for input or goes on as a task. */
  declare pending: McpEvent | undefined;
  /** Its progress notifications have this token. */
  declare token: string | number | undefined;
  /** It is in its session's list; its neighbours there. */
  declare isOpen: boolean;
  declare previous: Call | undefined;
  declare next: Call | undefined;
  /** Where its name stands in the request, from the request's start; 0 if it has none. */
  declare private nameFrom: number;
  declare private nameTo: number;
  declare private known: string | undefined;
  /** The same of its `_meta`. */
  declare private metaFrom: number;
  declare private metaTo: number;
  declare more: More | undefined;

  /** A call that begins with a request. `nameFrom` and `nameTo` are offsets in its buffer, or both 0; so are the others. */
  constructor(
    id: number,
    session: Session,
    asker: Side | undefined,
    request: McpEvent,
    token: string | number | undefined,
    nameFrom: number,
    nameTo: number,
    metaFrom: number,
    metaTo: number,
  ) {
    const { start, end } = request;
    this.id = id;
    this.request = request;
    this.session = session;
    this.asker = asker;
    this.response = undefined;
    this.outcome = undefined;
    this.lastTime = request.time;
    this.requests = 1;
    this.progress = 0;
    this.bytesIn = end - start;
    this.bytesOut = 0;
    this.pending = request;
    this.token = token;
    this.isOpen = false;
    this.previous = undefined;
    this.next = undefined;
    this.nameFrom = nameTo === 0 ? 0 : nameFrom - start;
    this.nameTo = nameTo === 0 ? 0 : nameTo - start;
    this.known = undefined;
    this.metaFrom = metaTo === 0 ? 0 : metaFrom - start;
    this.metaTo = metaTo === 0 ? 0 : metaTo - start;
    this.more = undefined;
  }

  get method(): string {
    return this.request.method ?? "";
  }

  get name(): string | undefined {
    if (this.nameTo === 0) return undefined;
    if (this.known !== undefined) return this.known;
    const { buffer, start } = this.request;
    return this.known = readName(buffer, start + this.nameFrom, start + this.nameTo);
  }

  get startTime(): number {
    return this.request.time;
  }

  get taskId(): string | undefined {
    return this.more?.taskId;
  }

  get within(): Call | undefined {
    return this.more?.within;
  }

  get humanTime(): number {
    return this.more?.humanTime ?? 0;
  }

  get serverTime(): number {
    return Math.max(0, (this.more?.endTime ?? this.lastTime) - this.request.time - this.humanTime);
  }

  get errorCode(): number | undefined {
    const { response } = this;
    if (this.outcome !== "error" || response === undefined) return undefined;
    const task = response.error !== undefined || this.taskId === undefined ? undefined : taskOf(last(response));
    return errorCodeOf(response.error ?? task?.error);
  }

  get tokensIn(): number {
    return this.#count().in;
  }

  get tokensOut(): number {
    return this.#count().out;
  }

  get print(): number {
    const { request, metaFrom, metaTo } = this, { buffer, start } = request;
    const from = request.from("params"), to = request.to("params");
    if (from < 0) return 0;
    if (metaTo === 0) return printOf(buffer, from, to, from, from);
    return printOf(buffer, from, to, start + metaFrom, start + metaTo);
  }

  /** What only some calls have, made when it is first needed. */
  having(): More {
    return this.more ??= new More();
  }

  /** It waits for something of the client. */
  waitForClient(time: number): void {
    const more = this.having();
    if (more.waits++ === 0) more.waitsFrom = time;
  }

  /** It waits for one thing less. */
  clientAnswered(time: number): void {
    const { more } = this;
    if (more === undefined || more.waits === 0 || --more.waits > 0) return;
    more.humanTime += Math.max(0, time - more.waitsFrom);
  }

  /** Its end. `message` is the one that ends it, if one does. */
  end(outcome: Outcome, time: number, message: McpEvent | undefined): void {
    const { more } = this;
    if (more !== undefined && more.waits > 0) {
      more.waits = 1;
      this.clientAnswered(time);
    }
    this.outcome = outcome;
    this.pending = undefined;
    if (message === undefined) this.having().endTime = Math.max(time, this.request.time);
    else if (message.type === "response" || outcome !== "cancelled") this.response = message;
    if (more !== undefined) more.input = undefined;
  }

  #count(): { readonly in: number; readonly out: number } {
    const known = this.more?.tokens;
    if (known !== undefined) return known;
    const { request, response } = this;
    const tokens = {
      in: countTokens(argumentsText(request)),
      out: response === undefined ? 0 : countTokens(resultText(this.method, this.#result(response))),
    };
    if (this.outcome !== undefined && !Number.isNaN(tokens.in)) this.having().tokens = tokens;
    return tokens;
  }

  /** What it gave: of a task that ended since 2026-07-28, what that has. */
  #result(response: McpEvent): Json | undefined {
    const result = last(response);
    return this.taskId === undefined ? result : member(result, "result") ?? result;
  }
}

/** What the message that ends a call has to say: a response, or a notification about a task. */
function last({ type, result, params }: McpEvent): Json | undefined {
  return type === "response" ? result : params;
}
