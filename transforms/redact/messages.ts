/**
 * Messages without secrets.
 *
 * @module
 */
import type { Json, JsonRpcId, McpEvent, Member } from "../../pipeline/event.ts";
import { Message, NO_SPANS, type Seen, type Spans } from "../../pipeline/message.ts";
import { envelope, Flag, forget, Found, scanMessage } from "../../protocols/jsonrpc/mod.ts";
import { Conditions } from "./conditions.ts";
import { Contexts } from "./contexts.ts";
import { Copies } from "./copies.ts";
import type { Edit } from "./edits.ts";
import type { Exchanges } from "./exchanges.ts";
import { Pool, type Written } from "./pool.ts";
import type { Processes } from "./processes.ts";
import type { Deed } from "./rule.ts";
import type { Replaced } from "./run.ts";
import type { Sensors } from "./sensors.ts";
import type { Texts } from "./texts.ts";

/** Deepest nesting that a scan can follow. */
const DEEPEST = 4096;
/** Copies that are remembered besides those of requests: findings come right after their message. */
const RECENT = 64;
/** What a message takes besides its bytes, and its copy, together. */
const OVERHEAD = 1024;
const NONE: readonly Replaced[] = [];
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A message that was copied, or has been looked at closely. */
interface Known {
  readonly of: McpEvent;
  readonly copy: McpEvent;
  readonly replaced: readonly Replaced[];
  /** Set if it is to be left out. */
  readonly dropped: Deed | undefined;
}

/** Bytes of a message, and where its values are. */
interface Content {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly spans: Spans;
  readonly breaks: boolean;
  readonly id: JsonRpcId | undefined;
  readonly method: string | undefined;
}

/** Makes copies of messages. */
export class Messages {
  readonly contexts: Contexts;
  readonly #texts: Texts;
  readonly #processes: Processes;
  readonly #exchanges: Exchanges;
  readonly #sensors: Sensors;
  readonly #conditions: Conditions;
  readonly #pool = new Pool();
  /** Requests: responses refer to them. */
  readonly #requests: Copies<McpEvent, Known>;
  /** The last ones of all others. */
  readonly #recent: Known[] = [];
  #next = 0;
  /** What was replaced in the message that is being made, and why it is to be left out. */
  #replaced: readonly Replaced[] = NONE;
  #dropped: Deed | undefined = undefined;
  /** Whether there were signs of something in it. */
  #isCandidate = false;
  /** Copies of requests made in this batch, and what they were made of. */
  #fresh: [of: McpEvent, copy: Message][] = [];

  constructor(texts: Texts, processes: Processes, exchanges: Exchanges, sensors: Sensors) {
    this.#sensors = sensors;
    this.#texts = texts;
    this.#processes = processes;
    this.#exchanges = exchanges;
    this.#conditions = new Conditions(texts.policy);
    this.#requests = new Copies(
      texts.policy.memory.requests,
      (event) => 2 * (event.end - event.start) + OVERHEAD,
      waits,
    );
    this.contexts = new Contexts(texts, processes, (event) => this.of(event));
  }

  /** A new batch: copies of requests that still wait let go of shared buffers, as their originals have. */
  begin(): void {
    for (const [of, copy] of this.#fresh) if (of.buffer !== copy.buffer && waits(of)) copy.detach();
    this.#fresh = [];
  }

  /** The message to be shown: the same one if there is nothing about it that may not be seen. */
  of(event: McpEvent): McpEvent {
    return this.#known(event)?.copy ?? this.make(event);
  }

  /** The same for a message that comes for the first time. */
  make(event: McpEvent): McpEvent {
    const request = event.request && this.of(event.request);
    this.#replaced = NONE;
    this.#dropped = undefined;
    this.#isCandidate = false;
    const content = this.#content(event);
    const { http, context, sseId, sensor, views } = event;
    const process = event.process && this.#processes.of(event.process);
    const peer = event.peer && this.#processes.of(event.peer);
    const isSame = content === undefined && request === event.request && http === undefined && context === undefined &&
      sseId === undefined && sensor === undefined && views === undefined && process === event.process &&
      peer === event.peer;
    if (isSame) {
      // What had to be looked at closely is not to be looked at again for its response.
      if (this.#isCandidate && event.type === "request") {
        this.#requests.set(event, { of: event, copy: event, replaced: NONE, dropped: undefined });
      }
      return event;
    }
    const { time, source, stream } = event;
    const copy = copyOf({ time, source, stream, process, peer }, event, content);
    copy.transport = event.transport;
    if (http !== undefined) copy.http = this.#exchanges.of(http);
    if (context !== undefined) copy.context = this.contexts.of(context);
    if (sseId !== undefined) copy.sseId = this.#texts.text(sseId);
    if (sensor !== undefined) copy.sensor = this.#sensors.of(sensor);
    if (views !== undefined) copy.views = views.map((view) => this.of(view));
    copy.request = request as Message | undefined;
    copy.malformed = event.malformed;
    copy.warnings = event.warnings;
    const known: Known = { of: event, copy, replaced: this.#replaced, dropped: this.#dropped };
    if (event.type === "request") {
      this.#requests.set(event, known);
      this.#fresh.push([event, copy]);
    } else {
      this.#recent[this.#next] = known;
      this.#next = (this.#next + 1) % RECENT;
    }
    return copy;
  }

  /** Why the message that was made last is to be left out, if it is. */
  get dropped(): Deed | undefined {
    return this.#dropped;
  }

  /** What was replaced in a message. */
  replaced(event: McpEvent): readonly Replaced[] {
    let known = this.#known(event);
    if (known === undefined) {
      this.make(event);
      known = this.#known(event);
    }
    return known?.replaced ?? NONE;
  }

  #known(event: McpEvent): Known | undefined {
    if (event.type === "request") return this.#requests.get(event);
    for (const known of this.#recent) if (known.of === event) return known;
    return undefined;
  }

  /** What the message is to hold; undefined: what it holds. */
  #content(event: McpEvent): Content | undefined {
    const active = this.#conditions.active(event);
    if (active.dropped !== undefined) return this.#drop(event, active.dropped);
    const result = this.#texts.bytes(event.buffer, event.start, event.end, active, event);
    if (result === undefined) return undefined;
    this.#isCandidate = true;
    const { text, edits, run } = result;
    if (run.replaced !== undefined) this.#replaced = run.replaced;
    if (run.dropped !== undefined) return this.#drop(event, run.dropped);
    if (edits !== undefined) return edits.length === 0 ? undefined : spliced(event, edits, this.#pool);
    return text === undefined ? undefined : contentOf(event, this.#pool.write(text));
  }

  /** What others refer to of a message that is left out: its id and method. */
  #drop(event: McpEvent, deed: Deed): Content {
    deed.count++;
    this.#dropped = deed;
    const id = typeof event.id === "number" || event.id === null ? event.id : undefined;
    const method = event.method === undefined ? undefined : this.#texts.text(event.method);
    return contentOf(event, this.#pool.write(JSON.stringify({ jsonrpc: "2.0", id, method })), id, method);
  }
}

function waits(request: McpEvent): boolean {
  return !(request instanceof Message && request.answered);
}

/** A message with new bytes, or the old ones. */
function copyOf(seen: Seen, event: McpEvent, content: Content | undefined): Message {
  const { buffer, start, end, spans, breaks, id, method } = content ?? {
    buffer: event.buffer,
    start: event.start,
    end: event.end,
    spans: spansOf(event),
    breaks: event.breaks ?? true,
    id: event.id,
    method: event.method,
  };
  return new Message(seen, event.type, id, method, buffer, start, end, spans, breaks);
}

function spansOf(event: McpEvent): Spans {
  return {
    idStart: event.from("id"),
    idEnd: event.to("id"),
    methodStart: event.from("method"),
    methodEnd: event.to("method"),
    paramsStart: event.from("params"),
    paramsEnd: event.to("params"),
    resultStart: event.from("result"),
    resultEnd: event.to("result"),
    errorStart: event.from("error"),
    errorEnd: event.to("error"),
  };
}

/** New bytes of a message. */
function contentOf(event: McpEvent, written: Written, id = event.id, method = event.method): Content {
  const { buffer, start, end } = written;
  forget(); // the buffer has got more since the last scan
  if (scanMessage(buffer, start, end, DEEPEST) !== Found.object) {
    return {
      buffer,
      start,
      end,
      spans: NO_SPANS,
      breaks: true,
      id: typeof id === "string" ? undefined : id,
      method: undefined,
    };
  }
  const { idStart, idEnd, methodStart, methodEnd, resultStart } = envelope;
  const isNullError = (envelope.flags & Flag.errorNull) !== 0 && resultStart >= 0 && !event.isError;
  const spans = isNullError ? { ...envelope, errorStart: -1, errorEnd: -1 } : envelope; // good until the next scan
  const isMoved = (start: number, stop: number, from: number, to: number) =>
    start >= 0 && !sameBytes(buffer, start, stop, event.buffer, from, to);
  const parse = (start: number, stop: number) => JSON.parse(decoder.decode(buffer.subarray(start, stop))) as Json;
  return {
    buffer,
    start: envelope.start,
    end: envelope.end,
    spans,
    breaks: (envelope.flags & Flag.breaks) !== 0,
    id: isMoved(idStart, idEnd, event.from("id"), event.to("id")) ? shownId(parse(idStart, idEnd)) : id,
    method: method !== undefined && isMoved(methodStart, methodEnd, event.from("method"), event.to("method"))
      ? String(parse(methodStart, methodEnd))
      : method,
  };
}

/** The same where it is known what was replaced: all else has the place that it had, a little further on. */
function spliced(event: McpEvent, edits: readonly Edit[], pool: Pool): Content {
  const written = pool.splice(event.buffer, event.start, event.end, edits);
  if (edits.some((edit) => isWithin(edit, event, "id") || isWithin(edit, event, "method"))) {
    return contentOf(event, written);
  }
  const shift = written.start - event.start;
  const moved = (offset: number) => {
    if (offset < 0) return offset;
    let to = offset + shift;
    for (const { start, end, size } of edits) if (end <= offset) to += size - (end - start);
    return to;
  };
  return {
    ...written,
    spans: {
      idStart: moved(event.from("id")),
      idEnd: moved(event.to("id")),
      methodStart: moved(event.from("method")),
      methodEnd: moved(event.to("method")),
      paramsStart: moved(event.from("params")),
      paramsEnd: moved(event.to("params")),
      resultStart: moved(event.from("result")),
      resultEnd: moved(event.to("result")),
      errorStart: moved(event.from("error")),
      errorEnd: moved(event.to("error")),
    },
    breaks: event.breaks ?? true,
    id: event.id,
    method: event.method,
  };
}

function isWithin({ start, end }: Edit, event: McpEvent, member: Member): boolean {
  return start >= event.from(member) && end <= event.to(member);
}

function shownId(id: Json | undefined): JsonRpcId | undefined {
  return typeof id === "string" || typeof id === "number" || id === null ? id : undefined;
}

function sameBytes(a: Uint8Array, start: number, end: number, b: Uint8Array, from: number, to: number): boolean {
  if (from < 0 || end - start !== to - from) return false;
  for (let k = 0; k < end - start; k++) if (a[start + k] !== b[from + k]) return false;
  return true;
}
