/**
 * What is known of the SDKs' objects. Each member may be missing, or be something else: versions differ.
 *
 * @module
 */

/** A JSON-RPC message, as the SDK hands it on. */
export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Client or server. */
export interface ProtocolLike {
  readonly _transport?: object | undefined;
  readonly _serverInfo?: unknown;
  readonly _clientInfo?: unknown;
  readonly _instructions?: unknown;
  readonly _requestHandlers?: unknown;
}

/** What carries messages. */
export interface TransportLike {
  readonly sessionId?: unknown;
  readonly send?: unknown;
  readonly _serverParams?: {
    readonly command?: unknown;
    readonly args?: unknown;
  } | undefined;
  readonly _url?: unknown;
  readonly _endpoint?: unknown;
  readonly _wire?: unknown;
  readonly _stdin?: unknown;
  readonly _stdout?: unknown;
}

/** A text, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An object, or an empty one. */
export function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
