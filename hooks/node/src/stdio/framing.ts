/**
 * JSON-RPC messages in a stream of lines.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Message } from "../sdk/shapes.ts";

/** Longest line that is put together, in bytes; of a longer one nothing is told. */
const MAX_BYTES = 16 * 1024 * 1024;
const LF = 0x0a, BRACE = 0x7b;

/** Puts lines together from chunks. */
export class Framing {
  #parts: Uint8Array[] = [];
  #length = 0;
  #skips = false;

  /** Messages that the chunk completes. What is no JSON-RPC object is left out. */
  push(chunk: Uint8Array): readonly Message[] {
    const messages: Message[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      const message = this.#line(chunk.subarray(from, at));
      if (message !== undefined) messages.push(message);
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return messages;
  }

  #line(end: Uint8Array): Message | undefined {
    const line = this.#parts.length === 0 ? end : Buffer.concat([...this.#parts, end]);
    const skips = this.#skips;
    this.#parts = [];
    this.#length = 0;
    this.#skips = false;
    return skips ? undefined : parsed(line);
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0 || this.#skips) return;
    this.#length += rest.length;
    this.#skips = this.#length > MAX_BYTES;
    if (this.#skips) this.#parts = [];
    else this.#parts.push(Buffer.from(rest)); // the stream's own buffer may be large
  }
}

/** A message, if the line is one. */
export function parsed(line: Uint8Array): Message | undefined {
  if (line[0] !== BRACE) return undefined;
  try {
    const value = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8"));
    return value?.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True if a conversation of MCP may begin with these bytes: with what a client says first. */
export function mayBegin(chunk: Uint8Array): boolean {
  if (chunk[0] !== BRACE) return false;
  const head = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, 4096)).toString("latin1");
  return head.includes('"jsonrpc"') &&
    /"method"\s{0,4}:\s{0,4}"(?:initialize|server\/discover|ping|tools\/)/.test(head);
}
