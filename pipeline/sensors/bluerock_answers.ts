/**
 * What BlueRock's hooks leave out or tell twice (bluerock 0.1 and 0.2, `bluepython`):
 *
 * - A client tells each request and response twice, and the response with the number that is the next one's at that time;
 *   both have the span of the request.
 * - No answer to request 0 is told by a server, which mostly is that to `initialize`.
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

/** Of one process. */
export class BlueRockAnswers {
  readonly #spans = new Map<string, Asked>();
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
    if (side === "client") return this.#ofClient(span, told, conversation);
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
      if (asked !== undefined) this.#remember(span, asked);
      return;
    }
    const asked = this.#spans.get(span);
    this.#spans.delete(span);
    if (asked !== undefined && !asked.isAnswered) this.#infer(asked, asked.id !== 0, out);
  }

  /** The end of a conversation. */
  forget(conversation: Conversation): void {
    this.#zero.delete(conversation);
  }

  #ofClient(span: string | undefined, told: ToldMessage, conversation: Conversation): JsonRpcId | undefined | false {
    const { what, id, isSent } = told;
    if (what === "notification") return undefined;
    const isOwn = what === "request" ? isSent : !isSent; // a request of its own, or the answer to one
    if (!isOwn || id === undefined) return id;
    if (span === undefined) return this.#withoutSpan(told, id);
    const asked = this.#spans.get(span);
    if (what === "request") {
      if (asked !== undefined) return false;
      this.#remember(span, { conversation, id, isSent: false, isAnswered: false });
      return id;
    }
    if (asked === undefined) return previous(id);
    if (asked.isAnswered) return false;
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
    if (!isInitialize(told)) this.#enqueue(asked);
    else if (id === 0) this.#zero.set(conversation, asked); // answered by the session, in no span
  }

  #enqueue(asked: Asked | undefined): void {
    if (!this.#inOrder) return;
    this.#queue.push(asked);
    if (this.#queue.length > MOST) this.#distrust();
  }

  #remember(span: string, asked: Asked): void {
    this.#spans.set(span, asked);
    if (this.#spans.size > MOST) { for (const [oldest] of this.#spans) return void this.#spans.delete(oldest); }
  }

  #distrust(): void {
    this.#inOrder = false;
    this.#queue = [];
    for (const [span, asked] of this.#spans) if (asked.isSent) this.#spans.delete(span);
  }

  #infer(asked: Asked, isError: boolean, out: Inferred[]): void {
    const { conversation, id, isSent } = asked;
    asked.isAnswered = true;
    out.push({ conversation, id, isSent, isError });
  }
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
