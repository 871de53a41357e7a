/**
 * The line of a message: the values' own bytes between ours, nothing parsed.
 *
 * @module
 */
import type { McpEvent } from "../../pipeline/event.ts";
import type { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";
import { HeadWriter } from "./heads.ts";
import { httpTransport } from "./http_transport.ts";

/** Longest text of a malformed message, in UTF-16 units. */
const RAW = 65_536;
/** Room for what stands between the values, heads aside. */
const FRAME = 256;

const encoder = new TextEncoder();
const ID = encoder.encode(',"id":'), METHOD = encoder.encode(',"method":'), PARAMS = encoder.encode(',"params":');
const RESULT = encoder.encode(',"result":'), ERROR = encoder.encode(',"error":');
const NO_ERROR = encoder.encode(',"error":{}');
const REQUEST = encoder.encode(',"request":{"type":"request"');
const LATENCY = encoder.encode('},"latency_ms":'), END = encoder.encode("}\n");

/** How lines are written. */
export interface LineOptions {
  /** Add the message's text as a string. */
  readonly raw: boolean;
  /** Write `"error":{}` where there is no error, as MCPSpy does, and the text. */
  readonly compat: "mcpspy" | undefined;
  /** Add each end's executable, command line and cgroup. */
  readonly details: boolean;
}

/** Writes the lines of messages. */
export class McpLines {
  readonly #heads: HeadWriter;
  readonly #raw: boolean;
  readonly #emptyError: boolean;
  readonly #details: boolean;

  /** Remembers what streams have in common. */
  constructor({ raw, compat, details }: LineOptions) {
    this.#heads = new HeadWriter(details);
    this.#raw = raw || compat === "mcpspy";
    this.#emptyError = compat === "mcpspy";
    this.#details = details;
  }

  /** Adds the line, its newline included. */
  write(out: ByteBuffer, event: McpEvent): void {
    const { request, http } = event;
    let room = FRAME + event.end - event.start;
    if (request !== undefined) room += request.end - request.start;
    const start = out.length;
    this.#heads.write(out, event, room);
    if (http !== undefined) {
      out.text(`,"http_transport":${httpTransport(event, http, this.#details)}`);
      out.reserve(room);
    }
    this.#values(out, event);
    if (request !== undefined) {
      out.put(REQUEST);
      this.#values(out, request);
      out.put(LATENCY);
      putMillis(out, event.latency ?? 0);
    }
    if (event.breaks !== false || request !== undefined && request.breaks !== false) out.flatten(start);
    if (event.warnings.length > 0) out.text(`,"warnings":${JSON.stringify(event.warnings)}`);
    if (event.type === "malformed") putMalformed(out, event);
    else if (this.#raw) out.text(`,"raw":${JSON.stringify(event.raw)}`);
    out.reserve(END.length);
    out.put(END);
  }

  /**
   * The envelope's members. What lies side by side is copied in one piece: if there is as much between two values as
   * the second one's name takes, it is that name, as nothing shorter can stand there.
   */
  #values(out: ByteBuffer, event: McpEvent): void {
    const { buffer } = event;
    const method = event.from("method"), params = event.from("params");
    const result = event.from("result"), error = event.from("error");
    let from = event.from("id"), to = event.to("id");
    if (from >= 0) out.put(ID);
    if (method >= 0) {
      if (from < 0 || method !== to + METHOD.length) from = next(out, buffer, from, to, METHOD, method);
      to = event.to("method");
    }
    if (params >= 0) {
      if (from < 0 || params !== to + PARAMS.length) from = next(out, buffer, from, to, PARAMS, params);
      to = event.to("params");
    }
    if (result >= 0) {
      if (from < 0 || result !== to + RESULT.length) from = next(out, buffer, from, to, RESULT, result);
      to = event.to("result");
    }
    if (error >= 0) {
      if (from < 0 || error !== to + ERROR.length) from = next(out, buffer, from, to, ERROR, error);
      to = event.to("error");
    }
    if (from >= 0) out.splice(buffer, from, to);
    if (this.#emptyError && error < 0) out.put(NO_ERROR);
  }
}

/** Ends a piece and begins the next one, at `start`. */
function next(
  out: ByteBuffer,
  buffer: Uint8Array,
  from: number,
  to: number,
  name: Uint8Array,
  start: number,
): number {
  if (from >= 0) out.splice(buffer, from, to);
  out.put(name);
  return start;
}

/** Milliseconds with up to three decimals. */
function putMillis(out: ByteBuffer, millis: number): void {
  const micros = Math.round(millis * 1000);
  const whole = Math.floor(micros / 1000);
  let rest = micros - whole * 1000;
  if (!(whole < Number.MAX_SAFE_INTEGER)) return out.text("0");
  out.integer(whole);
  if (rest === 0) return;
  let digits = 3;
  for (; rest % 10 === 0; rest /= 10) digits--;
  out.bytes[out.length++] = 0x2e;
  out.digits(rest, digits);
}

function putMalformed(out: ByteBuffer, event: McpEvent): void {
  const { start, end } = event;
  const text = event.raw;
  const shown = text.length > RAW ? text.slice(0, RAW) : text;
  out.text(`,"malformed":${JSON.stringify(event.malformed ?? "")},"raw":${JSON.stringify(shown)}`);
  if (shown.length < text.length) out.text(`,"raw_bytes":${end - start}`);
}
