/** The JSON-RPC scanner against JSON.parse, and the line splitter against a plain one, under any bytes. */
import { isDeepStrictEqual } from "node:util";
import {
  envelope,
  forget,
  Found,
  isJsonRpc,
  LineSplitter,
  scanMember,
  scanMessage,
} from "../../protocols/jsonrpc/mod.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const DEPTH = 8, LIMIT = 100;
const SEEDS = [
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":[1,-2.5e3,true,null]}}}\n',
  '{"jsonrpc":"2.0","id":"x\\u00e9\\n","result":{"text":"\u20ac\u{1f600} \\ud83d\\ude00"}}\r\n{"jsonrpc":"2.0","method":"a"}\n',
  ' [{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}}, {"id":2,"id":3,"result":[[[]]]}, 4]\n',
  '{"method":7,"params":8,"id":{},"error":null,"jsonrpc":"1.0","other":[[[[[[[[[[]]]]]]]]]]}\n\n[INFO] started\n{"id":',
];
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

function parse(bytes: Uint8Array): Json {
  try {
    return { ok: true, value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return { ok: false };
  }
}

/** Holds a member of the envelope against the object's. */
function member(line: Uint8Array, object: object, name: string, start: number, end: number): void {
  const value = Object.getOwnPropertyDescriptor(object, name)?.value;
  if (start < 0) {
    if (value !== undefined) throw new Error(`${name} is not seen`);
    return;
  }
  const seen = parse(line.subarray(start, end));
  if (!seen.ok || !isDeepStrictEqual(seen.value, value)) throw new Error(`${name} is not at [${start}, ${end})`);
}

function members(line: Uint8Array, object: object): void {
  const e = envelope;
  member(line, object, "id", e.idStart, e.idEnd);
  member(line, object, "method", e.methodStart, e.methodEnd);
  member(line, object, "params", e.paramsStart, e.paramsEnd);
  member(line, object, "result", e.resultStart, e.resultEnd);
  member(line, object, "error", e.errorStart, e.errorEnd);
}

function scan(line: Uint8Array): void {
  forget();
  const found = scanMessage(line, 0, line.length, DEPTH), json = parse(line);
  if (found === Found.object || found === Found.array) {
    if (!json.ok || typeof json.value !== "object" || json.value === null) throw new Error("found what is none");
    if (Array.isArray(json.value) !== (found === Found.array)) throw new Error("an array for an object");
    if (found === Found.object) return members(line, json.value);
    let at = envelope.start;
    for (const value of json.value as unknown[]) {
      const one = scanMember(line, at, line.length, DEPTH);
      if (one === Found.object) members(line, value as object);
      else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        throw new Error("a member is missed");
      }
      at = envelope.end;
    }
    if (scanMember(line, at, line.length, DEPTH) !== Found.blank) throw new Error("a member too many");
  } else if (found === Found.other || found === Found.tooDeep) return;
  else if (json.ok) throw new Error(`${found} of what is JSON`);
  isJsonRpc(line, 0, line.length);
}

function lines(bytes: Uint8Array, cut: number): { lines: string[]; skipped: number } {
  const splitter = new LineSplitter(LIMIT), all: string[] = [];
  const take = () => all.push(String(splitter.buffer.subarray(splitter.start, splitter.end)));
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const end = Math.min(bytes.length, at + (cut === 0 ? bytes.length : 1 + (cut * (k + 1) & 31)));
    forget();
    splitter.push(bytes, at, end);
    while (splitter.next()) take();
    if (splitter.partial > LIMIT) throw new Error(`${splitter.partial} bytes are held`);
    at = end;
  }
  if (splitter.flush()) take();
  return { lines: all, skipped: splitter.skipped };
}

export default {
  name: "jsonrpc",
  // The first byte says how to cut.
  seeds: SEEDS.flatMap((seed) => ["\x03", "\x1d"].map((cut) => encoder.encode(cut + seed))),
  run(data) {
    const [cut = 0] = data, bytes = data.slice(1);
    let from = 0;
    const plain: string[] = [];
    for (let at = 0; at <= bytes.length; at++) {
      if (at < bytes.length && bytes[at] !== 10) continue;
      const line = bytes.subarray(from, at);
      if (line.length <= LIMIT && (at < bytes.length || line.length > 0)) plain.push(String(line));
      scan(line);
      from = at + 1;
    }
    const whole = lines(bytes, 0), pieces = lines(bytes, cut);
    if (!isDeepStrictEqual(whole.lines, plain)) throw new Error(`lines ${JSON.stringify(whole.lines)}`);
    if (!isDeepStrictEqual(whole, pieces)) throw new Error("cutting changes the lines");
  },
} satisfies FuzzTarget;
