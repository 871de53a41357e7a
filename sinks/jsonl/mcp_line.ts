/**
 * The line of a message: the values' own bytes between ours, nothing parsed.
 *
 * @module
 */
import type { McpEvent, Member } from "../../pipeline/event.ts";
import { Heads } from "./heads.ts";
import type { ByteBuffer } from "../../pipeline/output/byte_buffer.ts";
import { putTimestamp, TIMESTAMP } from "./timestamp.ts";

/** Longest text of a malformed message, in UTF-16 units. */
const RAW = 65_536;
/** Room for what stands between the values. */
const FRAME = 512;

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);
const START = bytes('{"kind":"mcp","timestamp":"');
const TYPES = {
  request: bytes('request"'),
  response: bytes('response"'),
  notification: bytes('notification"'),
  malformed: bytes('malformed"'),
};
const ID = bytes(',"id":'), METHOD = bytes(',"method":'), PARAMS = bytes(',"params":');
const RESULT = bytes(',"result":'), ERROR = bytes(',"error":'), NO_ERROR = bytes(',"error":{}');
const REQUEST = bytes(',"request":{"type":"request"'), LATENCY = bytes(',"latency_ms":');
const CLOSE = bytes("}"), END = bytes("}\n");

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
  readonly #heads: Heads;
  readonly #raw: boolean;
  readonly #emptyError: boolean;

  /** Remembers what streams have in common. */
  constructor({ raw, compat, details }: LineOptions) {
    this.#heads = new Heads(details);
    this.#raw = raw || compat === "mcpspy";
    this.#emptyError = compat === "mcpspy";
  }

  /** Adds the line, its newline included. */
  write(out: ByteBuffer, event: McpEvent): void {
    const head = this.#heads.of(event);
    const { request } = event;
    let room = FRAME + TIMESTAMP + head.length + event.end - event.start;
    if (request !== undefined) room += request.end - request.start;
    out.reserve(room);
    const start = out.length;
    out.put(START);
    putTimestamp(out, event.time);
    out.put(head);
    out.put(TYPES[event.type]);
    this.#call(out, event);
    putMember(out, event, "result", RESULT);
    this.#error(out, event);
    if (request !== undefined) {
      out.put(REQUEST);
      this.#call(out, request);
      this.#error(out, request);
      out.put(CLOSE);
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

  /** Id, method and params: in one piece where they lie side by side. */
  #call(out: ByteBuffer, event: McpEvent): void {
    const { buffer } = event;
    const id = event.from("id"), idEnd = event.to("id");
    const method = event.from("method"), methodEnd = event.to("method");
    const params = event.from("params"), paramsEnd = event.to("params");
    // `,"method":` between id and method is ten bytes, and nothing else that short can stand there
    if (id >= 0 && method === idEnd + METHOD.length && params === methodEnd + PARAMS.length) {
      out.put(ID);
      out.splice(buffer, id, paramsEnd);
      return;
    }
    if (id >= 0) {
      out.put(ID);
      out.splice(buffer, id, idEnd);
    }
    if (method < 0) return;
    out.put(METHOD);
    const together = params === methodEnd + PARAMS.length;
    out.splice(buffer, method, together ? paramsEnd : methodEnd);
    if (params < 0 || together) return;
    out.put(PARAMS);
    out.splice(buffer, params, paramsEnd);
  }

  #error(out: ByteBuffer, event: McpEvent): void {
    if (event.from("error") >= 0) putMember(out, event, "error", ERROR);
    else if (this.#emptyError) out.put(NO_ERROR);
  }
}

function putMember(out: ByteBuffer, event: McpEvent, member: Member, name: Uint8Array): void {
  const from = event.from(member);
  if (from < 0) return;
  out.put(name);
  out.splice(event.buffer, from, event.to(member));
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
