/**
 * Who a session's parties are, and in which revision they speak.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import {
  clientInfoOf,
  Field,
  implementationOf,
  isModern,
  isText,
  member,
  peekedFrom,
  peekedTo,
  protocolVersionOf,
  readJson,
  readString,
} from "../../protocols/mcp/mod.ts";
import type { Session } from "./session.ts";

/** Longest name of a revision that is kept, in UTF-16 units. */
const LONGEST = 64;
/** Larger texts in `_meta` are read each time and not kept. In bytes. */
const KEPT = 2048;
/** Capabilities in larger texts are passed over. In bytes. */
const LARGEST = 16 * 1024;

const VERSION = 1 << Field.metaProtocolVersion;
const INFO = 1 << Field.metaClientInfo;
const CAPABILITIES = 1 << Field.metaClientCapabilities;
/** The fields of a request that say who sends it. */
export const IDENTITY: number = VERSION | INFO | CAPABILITIES;

/** `initialize`, asked: the revision is the one that the client would like. */
export function asksToInitialize(session: Session, event: McpEvent): void {
  const { params } = event;
  const isLarge = event.to("params") - event.from("params") > LARGEST;
  session.era = cut(protocolVersionOf(params)) ?? session.era;
  session.clientInfo = clientInfoOf(params) ?? session.clientInfo;
  if (!isLarge) session.clientCapabilities = member(params, "capabilities") ?? session.clientCapabilities;
  session.initialized = session.isAnswered = false;
}

/** `initialize`, answered: the revision is the one in force. */
export function answersInitialize(session: Session, { result }: McpEvent): void {
  session.era = cut(protocolVersionOf(result)) ?? session.era;
  session.isAnswered = true;
}

/** `notifications/initialized`. */
export function isInitialized(session: Session): void {
  if (session.isAnswered) session.initialized = true;
}

/** What a request of 2026-07-28 says in `_meta`. `mask` is of the last peek, at `bytes`; it has a bit of `IDENTITY`. */
export function metaOfRequest(session: Session, bytes: Uint8Array, mask: number): void {
  const spans = (mask & VERSION) === 0 ? undefined : span(Field.metaProtocolVersion);
  if (spans !== undefined && (session.era === undefined || !isText(bytes, spans.from, spans.to, session.era))) {
    session.era = cut(readString(bytes, spans.from, spans.to)) ?? session.era;
    if (session.era !== undefined && isModern(session.era)) session.initialized = true;
  }
  if ((mask & INFO) !== 0) {
    const { from, to } = span(Field.metaClientInfo);
    if (!isSame(session.clientText, bytes, from, to)) {
      session.clientText = to - from > KEPT ? undefined : bytes.slice(from, to);
      session.clientInfo = implementationOf(readJson(bytes, from, to)) ?? session.clientInfo;
    }
  }
  if ((mask & CAPABILITIES) !== 0) {
    const { from, to } = span(Field.metaClientCapabilities);
    if (to - from <= LARGEST && !isSame(session.capabilitiesText, bytes, from, to)) {
      session.capabilitiesText = to - from > KEPT ? undefined : bytes.slice(from, to);
      session.clientCapabilities = readJson(bytes, from, to);
    }
  }
}

function span(field: Field): { readonly from: number; readonly to: number } {
  return { from: peekedFrom(field), to: peekedTo(field) };
}

function isSame(kept: Uint8Array | undefined, bytes: Uint8Array, from: number, to: number): boolean {
  if (kept?.length !== to - from) return false;
  for (let k = 0; k < kept.length; k++) if (kept[k] !== bytes[from + k]) return false;
  return true;
}

function cut(version: string | undefined): string | undefined {
  return version === undefined || version.length <= LONGEST ? version : version.slice(0, LONGEST);
}
