/**
 * Makes a message event of what the scan of an object found.
 *
 * @module
 */
import type { McpType } from "../../pipeline/event.ts";
import { Message, NO_SPANS, type Seen } from "../../pipeline/message.ts";
import { envelope, Flag, IdKind } from "../../protocols/jsonrpc/mod.ts";
import { readId } from "./ids.ts";
import { type Name, readName } from "./names.ts";

/** A line, or a member of a batch, that looked like JSON-RPC and is not. */
export function malformed(seen: Seen, buffer: Uint8Array, start: number, end: number, reason: string): Message {
  const message = new Message(seen, "malformed", undefined, undefined, buffer, start, end, NO_SPANS, true);
  message.malformed = reason;
  return message;
}

/** True for an object that is no try at JSON-RPC: it has no version, and not what else makes a message. */
export function isForeign(): boolean {
  return envelope.version === 0 && (envelope.idStart < 0 || !hasVerb());
}

/** The object that was just scanned in `buffer`, as a message. */
export function classify(seen: Seen, buffer: Uint8Array): Message {
  const { flags, idKind } = envelope;
  const isCall = envelope.methodStart >= 0;
  if ((flags & Flag.errorNull) !== 0 && envelope.resultStart >= 0 && !isCall) { // as JSON-RPC 1.0 has it: no error
    envelope.errorStart = envelope.errorEnd = -1;
  }
  const name = isCall && (flags & Flag.badMethod) === 0 ? readName(buffer) : undefined;
  const wrong = reason();
  const type: McpType = wrong !== undefined
    ? "malformed"
    : !isCall
    ? "response"
    : idKind === IdKind.none
    ? "notification"
    : "request";
  const breaks = (flags & Flag.breaks) !== 0;
  const id = readId(buffer, envelope);
  const message = new Message(seen, type, id, name?.text, buffer, envelope.start, envelope.end, envelope, breaks);
  message.malformed = wrong;
  warn(message, name);
  return message;
}

function hasVerb(): boolean {
  return envelope.methodStart >= 0 || envelope.resultStart >= 0 || envelope.errorStart >= 0;
}

/** Why what was scanned is malformed. */
function reason(): string | undefined {
  if (envelope.version !== 1) return "bad_version";
  if (envelope.idKind === IdKind.bad) return "bad_id";
  if (envelope.methodStart >= 0) {
    if ((envelope.flags & Flag.badMethod) !== 0) return "bad_method";
    return envelope.resultStart >= 0 || envelope.errorStart >= 0 ? "ambiguous" : undefined;
  }
  if (!hasVerb()) return "not_a_message";
  return envelope.idKind === IdKind.none && envelope.errorStart < 0 ? "no_id" : undefined;
}

function warn(message: Message, name: Name | undefined): void {
  const { flags, idKind } = envelope;
  if (name !== undefined && name.known === undefined) message.warn("unknown_method");
  if ((flags & Flag.duplicate) !== 0) message.warn("duplicate_key");
  if ((flags & Flag.badParams) !== 0) message.warn("bad_params");
  if (idKind === IdKind.null) message.warn("null_id");
  if (envelope.resultStart >= 0 && envelope.errorStart >= 0) message.warn("result_and_error");
}
