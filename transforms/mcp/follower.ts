/**
 * Follows everything that flows by: messages, the ends of what carries them, and time.
 *
 * @module
 */
import type { Batch, Event, FindingEvent, HttpEvent, McpEvent } from "../../pipeline/event.ts";
import { Message } from "../../pipeline/message.ts";
import { forgetPeeked, isModern } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";
import { ProtocolChecks } from "./checks/mod.ts";
import { Inventory } from "./inventory/mod.ts";
import { callOf, Messages } from "./messages.ts";
import { ending, hung, streamClosed } from "./notices.ts";
import { isListening } from "./open_calls.ts";
import type { Options } from "./options.ts";
import { Registry } from "./registry.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";

/** How often it is looked for calls that are silent for too long, in milliseconds of traffic. */
const LOOK_MS = 10_000;
/** Findings of `jsonrpc` about requests that no response can come for any more... */
const STDIO = "mcp.stdio.unanswered";
const UNANSWERED: ReadonlySet<string> = new Set([STDIO, "mcp.http.unanswered"]);
/** ... and about an HTTP answer without a message. */
const FAILED = "mcp.http.failed";

/** The transform's state and its way of working, free of streams of batches. */
export class Follower {
  /** All servers. */
  readonly inventory: Inventory = new Inventory();
  /** All sessions. */
  readonly sessions: Sessions;
  /** All open calls. */
  readonly registry: Registry;
  /** What judges messages by the protocol. */
  readonly checks: ProtocolChecks;
  readonly #messages: Messages;
  readonly #options: Options;
  #time = 0;
  #looked = 0;
  #source = "";

  /** One that has seen nothing. */
  constructor(options: Options) {
    this.#options = options;
    this.checks = new ProtocolChecks({ checkArguments: options.check_arguments });
    this.sessions = new Sessions(this.inventory, options.max_sessions, (session) => this.registry.forgetAll(session));
    this.registry = new Registry(options, this.sessions.all);
    this.#messages = new Messages(this.registry, this.inventory);
  }

  /** Sets the contexts of a batch's messages. The batch itself if there is nothing to add to it. */
  run(batch: Batch): Batch {
    forgetPeeked();
    this.registry.settle();
    let out: Event[] | undefined; // made once something differs
    const added: Event[] = [];
    for (let k = 0; k < batch.length; k++) {
      const event = batch[k]!;
      let isKept = true;
      if (event.kind === "mcp") this.#message(event, added);
      else if (event.kind === "finding") isKept = !this.#finding(event, added);
      else if (event.kind === "http") this.#http(event, added);
      if (event.time > this.#time) this.#time = event.time;
      if (isKept && added.length === 0) out?.push(event);
      else {
        out ??= batch.slice(0, k);
        if (isKept) out.push(event);
        out.push(...added);
        added.length = 0;
      }
    }
    if (this.#time - this.#looked >= LOOK_MS) this.#look(added);
    this.registry.report(this.#time, this.#source, added);
    this.inventory.report(this.#time, this.#source, added);
    return added.length === 0 ? out ?? batch : [...out ?? batch, ...added];
  }

  /** The end of everything: no answers come any more. */
  end(): Event[] {
    const out: Event[] = [];
    for (const { calls } of this.sessions.all) {
      for (const call of calls.all()) if (!isListening(call)) this.#hung(call, this.#time, out);
    }
    this.inventory.close();
    return out;
  }

  #message(event: McpEvent, out: Event[]): void {
    if (event.context !== undefined) return; // another one of us stands before
    this.#source = event.source;
    this.#messages.message(event, this.sessions.of(event));
    if (event.context === undefined) return;
    const findings = this.checks.check(event, event.context);
    if (findings.length > 0) out.push(...findings);
  }

  /** True if other findings have taken its place: those that end a call. */
  #finding(finding: FindingEvent, out: Event[]): boolean {
    const isHang = UNANSWERED.has(finding.rule);
    if (!isHang && finding.rule !== FAILED || finding.call !== undefined) return false;
    const requests = finding.events ?? (finding.event === undefined ? [] : [finding.event]);
    let isTold = requests.length > 0;
    for (const request of requests) {
      const call = callOf(request);
      if (call === undefined || !isHang && call.pending !== request) isTold = false;
      else if (!call.isOpen) continue; // told already
      else if (isHang) {
        this.#hung(call, finding.time, out);
        if (finding.rule === STDIO) this.#over(call.session, finding.time, out);
      } else {
        this.#messages.end(call, refusal(request), finding.time, undefined);
        out.push(ending(call, finding));
      }
    }
    return isTold;
  }

  #http(event: HttpEvent, out: Event[]): void {
    const { type, exchange, sse, incomplete } = event;
    if (type === "sse") {
      if (sse?.event === "endpoint") this.sessions.atEndpoint(exchange, sse.data.trim(), event.time);
      return;
    }
    if (type === "request") return;
    const { request, response } = exchange;
    const isOk = response !== undefined && response.status >= 200 && response.status < 300;
    if (request?.method === "DELETE" && isOk) this.#over(this.sessions.ended(exchange), event.time, out);
    const calls = this.sessions.known(exchange)?.session.calls;
    if (calls === undefined || calls.size === 0) return;
    for (const call of calls.all(exchange)) {
      const { pending } = call;
      const isWithdrawn = incomplete !== undefined && pending instanceof Message && pending.cancelled;
      if (isWithdrawn || type === "end" && isListening(call)) {
        this.#messages.end(call, "cancelled", event.time, undefined);
        if (!isListening(call)) out.push(streamClosed(call, event.time));
      }
    }
  }

  /** The end of a session: calls that wait for input, or are tasks, will not go on. */
  #over(session: Session | undefined, time: number, out: Event[]): void {
    for (const call of session?.calls.all() ?? []) if (call.pending === undefined) this.#hung(call, time, out);
  }

  #hung(call: Call, time: number, out: Event[]): void {
    const finding = hung(call, time);
    this.#messages.end(call, "hung", time, undefined);
    out.push(finding);
  }

  /** Lets go of calls that are silent for too long. */
  #look(out: Event[]): void {
    this.#looked = this.#time;
    for (const { calls } of this.sessions.all) {
      if (calls.size === 0) continue;
      for (const call of calls.all()) {
        if (this.#time - call.lastTime < this.#options.call_timeout_ms || isListening(call)) continue;
        this.#hung(call, this.#time, out);
      }
    }
  }
}

/** How a call ends whose request got an HTTP answer without a message, or none. */
function refusal({ http, context }: McpEvent): "error" | "cancelled" | "hung" {
  if (http?.response !== undefined) return "error";
  return context?.era !== undefined && isModern(context.era) ? "cancelled" : "hung";
}
