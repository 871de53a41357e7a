/**
 * What BlueRock's hooks leave out or tell twice (bluerock 0.1 and 0.2, `bluepython`):
 *
 * - A client tells each request and response twice, and the response with the number that is the next one's at that time;
 *   both have the span of the request.
 * - A server that asks its client something tells of it as a client does, within the span of the call that it works on.
 * - No answer to request 0 is told by who gives it: of a server mostly that to `initialize`, of a client that to the first
 *   thing it was asked.
 * - No JSON-RPC error is told by anyone: the span of the request ends without an answer.
 *
 * What is left out is inferred: else a call that failed looks as if it was never answered.
 *
 * @module
 */
import type { JsonRpcId } from "../event.ts";
import { DEFAULT_DEPTH, envelope, Found, scanMessage } from "../../protocols/jsonrpc/mod.ts";
import type { SensorRecord, ToldMessage } from "../../protocols/sensor/mod.ts";
import type { Conversation } from "./conversation.ts";

/** An answer that was given and not told. */
export interface Inferred {
  readonly conversation: Conversation;
  /** To which request. */
  readonly id: JsonRpcId;
  /** Whether it was sent or received. */
  readonly isSent: boolean;
  readonly isError: boolean;
}

/** A request that was asked within a span. */
interface Asked {
  readonly conversation: Conversation;
  readonly id: JsonRpcId;
  readonly isSent: boolean;
  isAnswered: boolean;
}

/** Spans and messages that are remembered of a process. */
const MOST = 1024;
const INITIALIZE = new TextEncoder().encode('"initialize"');

/** Requests of its own within one span, and the answer that was told last. */
interface Own {
  readonly asked: Asked[];
  answer: Uint8Array | undefined;
}

/** Of one process. */
export class BlueRockAnswers {
  /** What a server works on, by span. */
  readonly #spans = new Map<string, Asked>();
  /** What it has asked itself, by span. */
  readonly #own = new Map<string, Own>();
  /** What a server received and has not begun to work on; undefined for notifications. */
  #queue: (Asked | undefined)[] = [];
  /** False once an answer has shown that messages are not worked on in their order. */
  #inOrder = true;
  /** Request 0 of a conversation, while nothing has shown that it is answered. */
  readonly #zero = new Map<Conversation, Asked>();
  /** The last message of a client without span (0.1). */
  #last: { readonly name: string; readonly id: JsonRpcId | undefined; readonly bytes: Uint8Array } | undefined;

  /** A message: the id that it really has, or false if it was told already. Answers that it shows go to `out`. */
  message(
    { span }: SensorRecord,
    told: ToldMessage,
    conversation: Conversation,
    out: Inferred[],
  ): JsonRpcId | undefined | false {
    const { side, what, id } = told;
    if (side === "client") return this.#ofClient(span, told, conversation, out);
    if (side !== "server") return id;
    if (!told.isSent) {
      const zero = this.#zero.get(conversation);
      if (zero !== undefined && !zero.isAnswered) this.#infer(zero, false, out);
      this.#zero.delete(conversation);
      if (what === "request" && id !== undefined) this.#asked(told, id, conversation);
      else this.#enqueue(undefined);
    } else if (what === "response" && span !== undefined) {
      const asked = this.#spans.get(span);
      if (asked?.id === id && asked !== undefined) asked.isAnswered = true;
      else if (asked !== undefined) this.#distrust();
    }
    return what === "notification" ? undefined : id;
  }

  /** The beginning or end of a span. */
  span({ name, span }: SensorRecord, of: string | undefined, out: Inferred[]): void {
    if (span === undefined) return;
    if (name.endsWith("_start")) {
      if (of !== "mcp_server_message" || !this.#inOrder) return;
      const asked = this.#queue.shift();
      if (asked !== undefined) remember(this.#spans, span, asked);
      return;
    }
    const asked = [this.#spans.get(span), ...this.#own.get(span)?.asked ?? []];
    this.#spans.delete(span);
    this.#own.delete(span);
    for (const each of asked) {
      if (each !== undefined && !each.isAnswered) this.#infer(each, each.id !== 0 || !each.isSent, out);
    }
  }

  /** The end of a conversation. */
  forget(conversation: Conversation): void {
    this.#zero.delete(conversation);
  }

  #ofClient(
    span: string | undefined,
    told: ToldMessage,
    conversation: Conversation,
    out: Inferred[],
  ): JsonRpcId | undefined | false {
    const { what, id, isSent } = told;
    if (what === "notification") return undefined;
    if (what === "request" && !isSent && id === 0) {
      this.#zero.set(conversation, { conversation, id, isSent: true, isAnswered: false });
    }
    const isOwn = what === "request" ? isSent : !isSent; // a request of its own, or the answer to one
    if (!isOwn || id === undefined) return id;
    const real = span === undefined ? this.#withoutSpan(told, id) : this.#within(span, told, id, conversation);
    const zero = this.#zero.get(conversation);
    if (what === "response" && zero !== undefined && real !== false) { // who asked goes on: it has its answer
      this.#infer(zero, false, out);
      this.#zero.delete(conversation);
    }
    return real;
  }

  #within(
    span: string,
    { what, buffer, from, to }: ToldMessage,
    id: JsonRpcId,
    conversation: Conversation,
  ): JsonRpcId | false {
    const own = this.#own.get(span);
    if (what === "request") {
      const asked: Asked = { conversation, id, isSent: false, isAnswered: false };
      if (own === undefined) remember(this.#own, span, { asked: [asked], answer: undefined });
      else if (own.asked.some((known) => known.id === id && !known.isAnswered)) return false;
      else if (own.asked.length < MOST) own.asked.push(asked);
      return id;
    }
    if (own === undefined) return previous(id);
    const answer = buffer.slice(from, to);
    if (own.answer !== undefined && isSame(own.answer, answer)) {
      own.answer = undefined;
      return false;
    }
    own.answer = answer;
    const asked = own.asked.find(({ isAnswered }) => !isAnswered);
    if (asked === undefined) return previous(id);
    asked.isAnswered = true;
    return asked.id;
  }

  /** 0.1: what is told twice comes twice in a row, and there is nothing but the number to go by. */
  #withoutSpan({ what, buffer, from, to }: ToldMessage, id: JsonRpcId): JsonRpcId | false {
    const name = what ?? "", last = this.#last, bytes = buffer.slice(from, to);
    this.#last = { name, id, bytes };
    if (last?.name === name && last.id === id && isSame(last.bytes, bytes)) {
      this.#last = undefined;
      return false;
    }
    return what === "request" ? id : previous(id);
  }

  #asked(told: ToldMessage, id: JsonRpcId, conversation: Conversation): void {
    const asked: Asked = { conversation, id, isSent: true, isAnswered: false };
    if (conversation.hasReceived || !isInitialize(told)) this.#enqueue(asked);
    else if (id === 0) this.#zero.set(conversation, asked); // answered by the session, in no span
  }

  #enqueue(asked: Asked | undefined): void {
    if (!this.#inOrder) return;
    this.#queue.push(asked);
    if (this.#queue.length > MOST) this.#distrust();
  }

  #distrust(): void {
    this.#inOrder = false;
    this.#queue = [];
    this.#spans.clear();
  }

  #infer(asked: Asked, isError: boolean, out: Inferred[]): void {
    const { conversation, id, isSent } = asked;
    asked.isAnswered = true;
    out.push({ conversation, id, isSent, isError });
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  if (map.size > MOST) { for (const [oldest] of map) return void map.delete(oldest); }
}

function previous(id: JsonRpcId): JsonRpcId {
  return typeof id === "number" && id > 0 ? id - 1 : id;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}

function isInitialize({ buffer, from, to }: ToldMessage): boolean {
  if (scanMessage(buffer, from, to, DEFAULT_DEPTH) !== Found.object) return false;
  const { methodStart, methodEnd } = envelope;
  return methodEnd - methodStart === INITIALIZE.length &&
    INITIALIZE.every((byte, k) => byte === buffer[methodStart + k]);
}
