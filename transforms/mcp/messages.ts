/**
 * What each message belongs to, and what it does to that.
 *
 * @module
 */
import type { McpContext, Outcome, TraceContext } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import {
  Field,
  isModern,
  isText,
  isTrue,
  peek,
  peekedFrom,
  peekedTo,
  readString,
  readToken,
  relatedTaskOf,
  type Side,
} from "../../protocols/mcp/mod.ts";
import { Call } from "./call.ts";
import { Context, setContext, withList } from "./context.ts";
import { answersInitialize, asksToInitialize, IDENTITY, isInitialized, metaOfRequest } from "./identity.ts";
import type { Inventory } from "./inventory/mod.ts";
import type { Lane } from "./lane.ts";
import type { Registry } from "./registry.ts";
import { nextRoundOf, requireInput } from "./rounds.ts";
import type { Session } from "./session.ts";
import { becomeTask, taskAskedFor, taskOf, taskOutcome, taskTold } from "./tasks.ts";
import { traceInHeaders, traceInMeta } from "./trace.ts";

const TRACE = 1 << Field.metaTraceparent;
const TOKEN = 1 << Field.metaProgressToken;
const RELATED = 1 << Field.metaRelatedTask;
const ROUND = 1 << Field.requestState | 1 << Field.inputResponses;
const META = 1 << Field.meta;
const NAME = 1 << Field.name, URI = 1 << Field.uri;
const TASK = 1 << Field.task, TASK_ID = 1 << Field.taskId;
const RESULT_TYPE = 1 << Field.resultType, IS_ERROR = 1 << Field.isError;
const PROGRESS = 1 << Field.progressToken, REQUEST_ID = 1 << Field.requestId;

/** Methods whose answers say what a server is or has. */
const TELLING: ReadonlySet<string> = new Set([
  "initialize",
  "server/discover",
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
]);

/** The call that a message was found to be part of here. */
export function callOf(event: McpEvent | undefined): Call | undefined {
  const call = event?.context?.call;
  return call instanceof Call ? call : undefined;
}

/** Sets the contexts of messages. */
export class Messages {
  readonly #registry: Registry;
  readonly #inventory: Inventory;
  #nextCall = 1;

  /** Adds calls to `registry`, and tells `inventory` of what servers say. */
  constructor(registry: Registry, inventory: Inventory) {
    this.#registry = registry;
    this.#inventory = inventory;
  }

  /** A message that came by a lane. */
  message(event: McpEvent, lane: Lane): void {
    const { session, exchange } = lane;
    if (event.time > session.lastTime) session.lastTime = event.time;
    const sender = exchange === undefined ? lane.sender : event.stream === exchange.stream ? "client" : "server";
    if (event.type === "request") this.#request(event, lane, session, sender);
    else if (event.type === "response") this.#response(event, session, sender);
    else if (event.type === "notification") this.#notification(event, session, sender);
    else setContext(event, session.contexts.of(session, sender));
  }

  /** A call is over. */
  end(call: Call, outcome: Outcome, time: number, event: McpEvent | undefined): void {
    const within = call.more?.within;
    call.end(outcome, time, event);
    this.#registry.remove(call);
    if (within !== undefined && within.outcome === undefined) within.clientAnswered(time);
  }

  #request(event: McpEvent, lane: Lane, session: Session, sender: Side | undefined): void {
    const { buffer, method } = event;
    const from = event.from("params");
    const mask = from < 0 ? 0 : peek(buffer, from, event.to("params"));
    const named = (mask & NAME) !== 0 ? Field.name : Field.uri;
    const hasName = (mask & (NAME | URI)) !== 0;
    const nameFrom = hasName ? peekedFrom(named) : 0, nameTo = hasName ? peekedTo(named) : 0;
    const hasMeta = (mask & META) !== 0;
    const metaFrom = hasMeta ? peekedFrom(Field.meta) : 0, metaTo = hasMeta ? peekedTo(Field.meta) : 0;
    const token = (mask & TOKEN) === 0
      ? undefined
      : readToken(buffer, peekedFrom(Field.metaProgressToken), peekedTo(Field.metaProgressToken));
    let trace: TraceContext | undefined;
    if ((mask & TRACE) !== 0) trace = traceInMeta(buffer, mask);
    if (trace === undefined && sender === "client" && lane.exchange !== undefined) trace = headerTrace(lane);
    if ((mask & IDENTITY) !== 0 && sender !== "server") metaOfRequest(session, buffer, mask);
    if (method === "initialize") asksToInitialize(session, event);
    let call: Call | undefined;
    if ((mask & ROUND) !== 0) call = nextRoundOf(session, event);
    if (call !== undefined) call.pending = event;
    else if ((mask & TASK_ID) !== 0 && method !== undefined && method.startsWith("tasks/")) {
      call = taskAskedFor(session, sender, event);
      if (call !== undefined && method === "tasks/result") call.pending = event;
      if (method === "tasks/update") call?.clientAnswered(event.time);
    }
    if (call !== undefined) {
      call.requests++;
      call.bytesIn += event.end - event.start;
      call.lastTime = event.time;
      if (token !== undefined) session.calls.renew(call, token);
    } else {
      call = new Call(this.#nextCall++, session, sender, event, token, nameFrom, nameTo, metaFrom, metaTo);
      if ((mask & TASK) !== 0) call.having().asksForTask = true;
      if (sender === "server" && method !== "ping") this.#askedWithin(call, event, session, mask);
      this.#registry.add(call);
    }
    setContext(event, new Context(session, sender, call, false, trace));
  }

  /** The server asks something of the client: the call that it does so for waits meanwhile. */
  #askedWithin(call: Call, event: McpEvent, session: Session, mask: number): void {
    const task = (mask & RELATED) === 0 ? undefined : relatedTaskOf(event.params);
    const isAboutNews = event.method === "roots/list" && session.hasNewRoots;
    if (isAboutNews) session.hasNewRoots = false;
    const parent = task !== undefined
      ? taskOf(session, "client", task)
      : (event.http === undefined ? undefined : session.calls.only(event.http)) ??
        (isAboutNews ? undefined : session.calls.only());
    call.waitForClient(event.time);
    if (parent === undefined) return;
    call.having().within = parent;
    parent.waitForClient(event.time);
  }

  #response(event: McpEvent, session: Session, sender: Side | undefined): void {
    const { request } = event;
    const call = callOf(request);
    const list = this.#learn(event, session);
    if (call === undefined || request === undefined) {
      return setContext(event, withList(session.contexts.of(session, sender), list));
    }
    let outcome: Outcome | undefined;
    if (call.isOpen) {
      call.lastTime = event.time;
      call.bytesOut += event.end - event.start;
      outcome = call.pending === request ? this.#answered(call, event) : polled(call, request, event);
      if (outcome !== undefined) this.end(call, outcome, event.time, event);
    }
    setContext(event, withList(new Context(session, sender, call, outcome !== undefined, undefined), list));
  }

  /** How the call ends by the answer to its request; undefined if it goes on. */
  #answered(call: Call, event: McpEvent): Outcome | undefined {
    if (event.isError) return "error";
    const { buffer } = event;
    const from = event.from("result");
    const mask = from < 0 ? 0 : peek(buffer, from, event.to("result"));
    if ((mask & RESULT_TYPE) !== 0 || (mask & TASK) !== 0 && call.more?.asksForTask) {
      const isGoingOn = this.#suspended(call, event, mask);
      if (isGoingOn) return undefined;
      if ((mask & IS_ERROR) === 0) return "ok";
    }
    return (mask & IS_ERROR) !== 0 && isTrue(buffer, peekedFrom(Field.isError)) ? "tool_error" : "ok";
  }

  /** True if what came is not the result yet. */
  #suspended(call: Call, event: McpEvent, mask: number): boolean {
    const { session } = call;
    const from = peekedFrom(Field.resultType), to = peekedTo(Field.resultType);
    const isTyped = (mask & RESULT_TYPE) !== 0;
    if (isTyped && isText(event.buffer, from, to, "complete")) return false;
    const type = isTyped ? readString(event.buffer, from, to) : "task";
    if (type === "input_required") requireInput(session, call, event);
    else if (type !== "task" || call.taskId !== undefined || !becomeTask(session, call, event)) return false;
    this.#registry.suspend(call);
    return true;
  }

  #notification(event: McpEvent, session: Session, sender: Side | undefined): void {
    const { buffer, method } = event;
    const from = event.from("params");
    const mask = from < 0 ? 0 : peek(buffer, from, event.to("params"));
    const trace = (mask & TRACE) === 0 ? undefined : traceInMeta(buffer, mask);
    let call: Call | undefined, outcome: Outcome | undefined;
    switch (method) {
      case "notifications/progress":
        call = this.#progressed(buffer, session, sender, mask);
        break;
      case "notifications/cancelled":
        call = cancelled(buffer, session, sender, mask);
        if (call !== undefined) outcome = "cancelled";
        break;
      case "notifications/tasks":
      case "notifications/tasks/status":
        call = taskTold(session, sender, event);
        outcome = call === undefined ? undefined : taskOutcome(session, call, event);
        break;
      case "notifications/initialized":
        isInitialized(session);
        break;
      case "notifications/roots/list_changed":
        session.hasNewRoots = true;
        break;
      case "notifications/tools/list_changed":
      case "notifications/prompts/list_changed":
      case "notifications/resources/list_changed":
        this.#inventory.observe(event, session);
        break;
      default: // what a server sends in the answer to a request is about that request
        if (sender === "server" && event.http !== undefined) call = session.calls.only(event.http);
    }
    if (call === undefined && trace === undefined) return setContext(event, session.contexts.of(session, sender));
    if (call !== undefined) this.#told(call, event, sender, outcome);
    setContext(event, new Context(session, sender, call, outcome !== undefined, trace));
  }

  #told(call: Call, event: McpEvent, sender: Side | undefined, outcome: Outcome | undefined): void {
    call.lastTime = event.time;
    const size = event.end - event.start;
    if (sender !== undefined && sender === call.asker) call.bytesIn += size;
    else call.bytesOut += size;
    if (outcome !== undefined) this.end(call, outcome, event.time, event);
  }

  #progressed(buffer: Uint8Array, session: Session, sender: Side | undefined, mask: number): Call | undefined {
    if ((mask & PROGRESS) === 0 || session.calls.size === 0) return undefined;
    const token = readToken(buffer, peekedFrom(Field.progressToken), peekedTo(Field.progressToken));
    const call = token === undefined ? undefined : session.calls.withToken(token, sender);
    if (call !== undefined) call.progress++;
    return call;
  }

  /** Tells the inventory of what a server says of itself. The list that ends with this message, if one does. */
  #learn(event: McpEvent, session: Session): McpContext["list"] {
    const { server, era } = session;
    if (event.time > server.lastSeen) server.lastSeen = event.time;
    const method = event.request?.method;
    const isTelling = method !== undefined && method !== "tools/call" && TELLING.has(method);
    if (isTelling && method === "initialize" && !event.isError) answersInitialize(session, event);
    const isNew = session.era !== session.toldEra;
    if (!isTelling && !isNew && (server.info !== undefined || era === undefined || !isModern(era))) return undefined;
    session.toldEra = session.era;
    return this.#inventory.observe(event, session);
  }
}

/** What the answer to a question about a task tells of the call. */
function polled(call: Call, request: McpEvent, event: McpEvent): Outcome | undefined {
  if (event.isError) return undefined;
  if (request.method === "tasks/get") return taskOutcome(call.session, call, event);
  return request.method === "tasks/cancel" ? "cancelled" : undefined;
}

/** The call that its caller withdraws. */
function cancelled(buffer: Uint8Array, session: Session, sender: Side | undefined, mask: number): Call | undefined {
  if ((mask & REQUEST_ID) === 0) return undefined;
  const id = readToken(buffer, peekedFrom(Field.requestId), peekedTo(Field.requestId));
  return id === undefined ? undefined : session.calls.withId(id, sender);
}

function headerTrace(lane: Lane): TraceContext | undefined {
  if (lane.exchange === undefined) return undefined;
  if (lane.trace === undefined) lane.trace = traceInHeaders(lane.exchange) ?? null;
  return lane.trace ?? undefined;
}
