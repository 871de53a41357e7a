/**
 * Reads a client's text as the messages that a policy judges, or says why it cannot be judged.
 *
 * @module
 */
import {
  DEFAULT_DEPTH,
  envelope,
  Flag,
  forget,
  Found,
  IdKind,
  scanMember,
  scanMessage,
} from "../../protocols/jsonrpc/mod.ts";
import type { McpContext } from "../context.ts";
import type { JsonRpcId, McpType } from "../event.ts";
import { Message, type Seen } from "../message.ts";
import { nameOf } from "../query/mod.ts";
import { ambiguity } from "./strict.ts";

/** A message and the bytes of its id as they were sent: an answer has to repeat them. */
export interface ReadMessage {
  readonly message: Message;
  readonly id: string;
}

/** What a text holds. */
export type ReadText =
  | { readonly type: "blank" }
  | { readonly type: "messages"; readonly batch: boolean; readonly messages: readonly ReadMessage[] }
  | { readonly type: "unclear"; readonly why: string; readonly id: string };

/** Messages of a batch that are judged; more cannot be. */
const MOST = 1000;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const REASONS: Readonly<Record<number, string>> = {
  [Found.invalidJson]: "it is not valid JSON",
  [Found.invalidUtf8]: "it is not valid UTF-8",
  [Found.tooDeep]: `it is nested more than ${DEFAULT_DEPTH} deep`,
  [Found.other]: "it is not a JSON object",
};

/** How a text is read. */
export interface ReadOptions {
  /** The text is a line: some readers take a carriage return within it for its end. */
  readonly line: boolean;
  readonly seen: Seen;
  readonly context: McpContext;
}

/** Reads `bytes[start, end)`, which must not be changed as long as the messages are in use. */
export function readText(bytes: Uint8Array, start: number, end: number, options: ReadOptions): ReadText {
  forget();
  if (options.line && bytes[end - 1] === CR) end--;
  const found = scanMessage(bytes, start, end, DEFAULT_DEPTH);
  if (found === Found.blank) return { type: "blank" };
  const text = decoder.decode(bytes.subarray(start, end));
  if (found === Found.object) {
    const why = (options.line ? breaks(bytes, start, end) : undefined) ?? ambiguity(text);
    if (why !== undefined) return unclear(why, text);
    const read = readMessage(bytes, options);
    return typeof read === "string" ? unclear(read, text) : { type: "messages", batch: false, messages: [read] };
  }
  if (found !== Found.array) return unclear(REASONS[found] ?? "it is not valid JSON", text);
  return readBatch(bytes, start, end, text, options);
}

const CR = 0x0d;

function breaks(bytes: Uint8Array, start: number, end: number): string | undefined {
  return bytes.subarray(start, end).includes(CR) ? "a carriage return stands within the line" : undefined;
}

function readBatch(bytes: Uint8Array, start: number, end: number, text: string, options: ReadOptions): ReadText {
  const messages: ReadMessage[] = [];
  if (options.line && breaks(bytes, start, end) !== undefined) return unclear("a carriage return stands within", text);
  let at = envelope.start;
  for (let found: Found; (found = scanMember(bytes, at, end, DEFAULT_DEPTH)) !== Found.blank; at = envelope.end) {
    if (messages.length === MOST) return unclear(`it is a batch of more than ${MOST} messages`, text);
    if (found !== Found.object) return unclear("it is a batch with something else than messages", text);
    const why = ambiguity(decoder.decode(bytes.subarray(envelope.start, envelope.end)));
    const read = why ?? readMessage(bytes, options);
    if (typeof read === "string") return unclear(read, text);
    messages.push(read);
  }
  if (messages.length === 0) return unclear("it is an empty batch", text);
  return { type: "messages", batch: true, messages };
}

/** The object that was just scanned, or why it is not a message that can be judged. */
function readMessage(bytes: Uint8Array, { seen, context }: ReadOptions): ReadMessage | string {
  const { flags, idKind, methodStart, resultStart, errorStart } = envelope;
  if (envelope.version !== 1) return 'it does not say "jsonrpc":"2.0"';
  if (idKind === IdKind.bad) return "its id is neither a string nor a number";
  if ((flags & Flag.duplicate) !== 0) return "a name stands twice in it";
  if ((flags & Flag.badMethod) !== 0) return "its method is not a string";
  const isCall = methodStart >= 0;
  if (!isCall && resultStart < 0 && errorStart < 0) return "it has neither a method nor a result";
  if (isCall && (resultStart >= 0 || errorStart >= 0)) return "it has both a method and a result";
  const type: McpType = !isCall ? "response" : idKind === IdKind.none ? "notification" : "request";
  const method = isCall ? String(value(bytes, methodStart, envelope.methodEnd)) : undefined;
  const id = envelope.idStart < 0 ? "null" : decoder.decode(bytes.subarray(envelope.idStart, envelope.idEnd));
  const message = new Message(
    seen,
    type,
    envelope.idStart < 0 ? undefined : JSON.parse(id) as JsonRpcId,
    method,
    bytes,
    envelope.start,
    envelope.end,
    envelope,
    false,
  );
  message.context = context;
  if (method === "tools/call" && nameOf(message) === undefined) return "it calls a tool and does not name it";
  return { message, id };
}

function value(bytes: Uint8Array, start: number, end: number): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}

/** The id of what cannot be judged, where it is clear enough to answer. */
function unclear(why: string, text: string): ReadText {
  try {
    const { id } = JSON.parse(text);
    if (typeof id === "string" || typeof id === "number") return { type: "unclear", why, id: JSON.stringify(id) };
  } catch {
    // no id then
  }
  return { type: "unclear", why, id: "null" };
}
