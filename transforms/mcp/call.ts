/**
 * A logical call.
 *
 * @module
 */
import type { LogicalCall, Outcome } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { countTokens } from "../../pipeline/tokens.ts";
import { errorCodeOf, type InputRequired, member, readString, type Side, taskOf } from "../../protocols/mcp/mod.ts";
import type { Session } from "./session.ts";
import { argumentsText, resultText } from "./texts.ts";

/** A call, filled in as its messages come. */
export class Call implements LogicalCall {
  declare readonly id: number;
  declare readonly method: string;
  declare readonly request: McpEvent;
  declare readonly session: Session;
  /** Who asks; undefined while it is not clear. */
  declare asker: Side | undefined;
  declare response: McpEvent | undefined;
  declare outcome: Outcome | undefined;
  declare lastTime: number;
  declare humanTime: number;
  declare requests: number;
  declare progress: number;
  declare taskId: string | undefined;
  declare bytesIn: number;
  declare bytesOut: number;
  /** The request whose response will end it, or put it off; undefined while it waits for input or goes on as a task. */
  declare pending: McpEvent | undefined;
  /** Its progress notifications have this token. */
  declare token: string | number | undefined;
  /** What an `input_required` result asked for, while the next round has not come. */
  declare input: InputRequired | undefined;
  /** The request asks that it be made a task (2025-11-25). */
  declare asksForTask: boolean;
  /** A later round may have been its own or another call's. */
  declare isAmbiguous: boolean;
  /** It was let go for lack of room. */
  declare isForgotten: boolean;
  /** The call within which the server asks this of the client. */
  declare within: Call | undefined;
  /** Milliseconds since the epoch from when on it waits for the client; meaningless unless `waits` is more than 0. */
  declare waitsFrom: number;
  /** How many things of the client it waits for. */
  declare waits: number;
  /** When it ended without a message. */
  declare endTime: number | undefined;
  /** Its neighbours in the session's list of open calls. */
  declare previous: Call | undefined;
  declare next: Call | undefined;
  /** Where its name stands in the request, from the request's start; 0 if it has none. */
  declare readonly nameFrom: number;
  declare readonly nameTo: number;
  declare private known: string | undefined;
  declare private tokens: { in: number; out: number } | undefined;

  /** A call that begins with a request. `nameFrom` and `nameTo` are offsets in its buffer, or both 0. */
  constructor(
    id: number,
    session: Session,
    asker: Side | undefined,
    request: McpEvent,
    token: string | number | undefined,
    nameFrom: number,
    nameTo: number,
  ) {
    this.id = id;
    this.method = request.method ?? "";
    this.request = this.pending = request;
    this.session = session;
    this.asker = asker;
    this.response = undefined;
    this.outcome = undefined;
    this.lastTime = request.time;
    this.humanTime = 0;
    this.requests = 1;
    this.progress = 0;
    this.taskId = undefined;
    this.bytesIn = request.end - request.start;
    this.bytesOut = 0;
    this.token = token;
    this.input = undefined;
    this.asksForTask = false;
    this.isAmbiguous = false;
    this.isForgotten = false;
    this.within = undefined;
    this.waitsFrom = 0;
    this.waits = 0;
    this.endTime = undefined;
    this.previous = undefined;
    this.next = undefined;
    this.nameFrom = nameFrom === 0 ? 0 : nameFrom - request.start;
    this.nameTo = nameTo === 0 ? 0 : nameTo - request.start;
    this.known = undefined;
    this.tokens = undefined;
  }

  get name(): string | undefined {
    if (this.nameTo === 0) return undefined;
    const { buffer, start } = this.request;
    return this.known ??= readString(buffer, start + this.nameFrom, start + this.nameTo);
  }

  get startTime(): number {
    return this.request.time;
  }

  get errorCode(): number | undefined {
    if (this.outcome !== "error" || this.response === undefined) return undefined;
    return errorCodeOf(this.response.error ?? this.taskState?.error);
  }

  get serverTime(): number {
    return Math.max(0, (this.endTime ?? this.lastTime) - this.request.time - this.humanTime);
  }

  get tokensIn(): number {
    return this.#count().in;
  }

  get tokensOut(): number {
    return this.#count().out;
  }

  /** The task in the message that ended it: the answer to `tasks/get`, or a notification. */
  private get taskState(): ReturnType<typeof taskOf> {
    const { taskId, response } = this;
    return taskId === undefined ? undefined : taskOf(response?.result ?? response?.params);
  }

  /** What it gave: of a task that ended since 2026-07-28, what that has. */
  get result(): McpEvent["result"] {
    const result = this.response?.result ?? this.response?.params;
    return this.taskId === undefined ? result : member(result, "result") ?? result;
  }

  /** It waits for something of the client. */
  waitForClient(time: number): void {
    if (this.waits++ === 0) this.waitsFrom = time;
  }

  /** It waits for one thing less. */
  clientAnswered(time: number): void {
    if (this.waits === 0 || --this.waits > 0) return;
    this.humanTime += Math.max(0, time - this.waitsFrom);
  }

  /** Its end. `message` is the one that ends it, if one does. */
  end(outcome: Outcome, time: number, message: McpEvent | undefined): void {
    if (this.waits > 0) {
      this.waits = 1;
      this.clientAnswered(time);
    }
    this.outcome = outcome;
    if (message === undefined) this.endTime = Math.max(time, this.request.time);
    else if (message.type === "response" || outcome !== "cancelled") this.response = message;
    this.pending = this.input = undefined;
  }

  #count(): { in: number; out: number } {
    const { tokens } = this;
    if (tokens !== undefined && this.outcome !== undefined && !Number.isNaN(tokens.in)) return tokens;
    return this.tokens = {
      in: countTokens(argumentsText(this.request)),
      out: this.response === undefined ? 0 : countTokens(resultText(this.method, this.result)),
    };
  }
}
