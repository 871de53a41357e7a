/**
 * How fast header blocks are read on one core: requests of ten fields as a client sends them, in the Huffman code, some
 * indexed and some literal; against the decoder of `hpack.js` alone, without frames. `deno run -A bench/http2.ts [--json]`
 */
import { OracleDecoder, OracleEncoder } from "../tests/protocols/http2/_hpack_js.ts";
import { type Http2Handler, Http2Parser } from "../protocols/http2/mod.ts";
import { report } from "./_bench.ts";

const BLOCKS = 20_000, ROUNDS = 15, FIELDS = 10;

/** A request; four of its ten fields differ from the last one's, and of these two are not put into the table. */
function request(k: number) {
  return [
    { name: ":method", value: "POST" },
    { name: ":scheme", value: "https" },
    { name: ":authority", value: "mcp.example.com" },
    { name: ":path", value: `/v1/mcp/sessions/${k * 7919 % 100_000}`, incremental: false },
    { name: "content-type", value: "application/json" },
    { name: "accept", value: "application/json, text/event-stream" },
    { name: "mcp-session-id", value: "3f1c9a52-8d70-4c4e-9b0a-64c0a3f0a5d1" },
    { name: "content-length", value: String(120 + k % 900), incremental: false },
    {
      name: "traceparent",
      value: `00-${(k * 2654435761 % 2 ** 32).toString(16).padStart(32, "4bf92f3577")}-00f067aa-01`,
    },
    { name: "x-request-id", value: `req-${(k * 40503 % 2 ** 24).toString(36)}` },
  ];
}

const encoder = new OracleEncoder(4096);
const blocks = Array.from({ length: BLOCKS }, (_, k) => encoder.encode(request(k)));

/** The blocks as HEADERS frames, after the preface and SETTINGS. */
function connection(): Uint8Array {
  const start = [...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, 0, 0, 4, 0, 0, 0, 0, 0];
  const bytes = new Uint8Array(blocks.reduce((sum, { length }) => sum + 9 + length, start.length));
  bytes.set(start);
  let at = start.length;
  for (const [k, block] of blocks.entries()) {
    const view = new DataView(bytes.buffer, at);
    view.setUint32(0, block.length << 8 | 1);
    view.setUint8(4, 5);
    view.setUint32(5, 2 * k + 1);
    bytes.set(block, at + 9);
    at += 9 + block.length;
  }
  return bytes;
}

const bytes = connection();
let fields = 0, problems = 0;
const handler: Http2Handler = {
  headers: (_streamId, headers) => void (fields += headers.length),
  promise() {},
  data() {},
  end() {},
  reset() {},
  settings() {},
  goaway() {},
  problem: () => void problems++,
};

/** Blocks a second. */
function ours(): number {
  const began = performance.now();
  fields = 0;
  const parser = new Http2Parser(handler);
  for (let at = 0; at < bytes.length; at += 65536) parser.push(bytes, at, Math.min(bytes.length, at + 65536));
  parser.close();
  if (fields !== BLOCKS * FIELDS || problems > 0) throw new Error(`${fields} fields, ${problems} problems`);
  return BLOCKS / (performance.now() - began) * 1000;
}

function theirs(): number {
  const began = performance.now();
  const decoder = new OracleDecoder(4096);
  let count = 0;
  for (const block of blocks) count += decoder.decode(block).length;
  if (count !== BLOCKS * FIELDS) throw new Error(`hpack.js: ${count} fields`);
  return BLOCKS / (performance.now() - began) * 1000;
}

const best = { ours: 0, theirs: 0 };
for (let round = 0; round < ROUNDS; round++) {
  best.ours = Math.max(best.ours, ours());
  if (round % 3 === 0) best.theirs = Math.max(best.theirs, theirs());
}
const thousands = (rate: number) => `${Math.round(rate / 1000)},000/s`;
report("http2", [{
  what: `HTTP/2: header blocks of ${FIELDS} fields (${Math.round(bytes.length / BLOCKS)} B), one core`,
  measured: thousands(best.ours),
  baseline: `${thousands(best.theirs)}, hpack.js`,
  target: "≥ 250,000/s",
  ok: best.ours >= 250_000,
}]);
