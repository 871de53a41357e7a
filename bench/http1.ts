/**
 * How many HTTP/1.1 messages a second the parser reads on one core: requests with seven fields in a head of 280 bytes,
 * and a body of 120, a message in each write, against http-parser-js on the same writes in the same run.
 * `deno run -A bench/http1.ts [--json]`
 */
import { Buffer } from "node:buffer";
import { HTTPParser } from "http-parser-js";
import { type Http1Handler, type Http1Head, Http1Parser } from "../protocols/http1/mod.ts";
import { report } from "./_bench.ts";

const MESSAGES = 200_000, ROUNDS = 7, HEAD = 280, BODY = 120;

const fields = [
  "POST /mcp HTTP/1.1",
  "Host: 127.0.0.1:3000",
  "Accept: application/json, text/event-stream",
  "Content-Type: application/json",
  "Mcp-Session-Id: 8e5f0c0a-4e0e-4a4e-9d7f-0d6f9f1f2a3b",
  "MCP-Protocol-Version: 2025-11-25",
  `Content-Length: ${BODY}`,
];
const most = `${fields.join("\r\n")}\r\nUser-Agent: `;
const message = `${most}${"n".repeat(HEAD - most.length - 4)}\r\n\r\n${"b".repeat(BODY)}`;
/** Writes as a source gives them: several in one buffer. */
const IN_BUFFER = 64;
const buffer = Buffer.from(message.repeat(IN_BUFFER));
const size = message.length;

let heads = 0, names = 0, bytes = 0, ends = 0;
const handler: Http1Handler = {
  head(head: Http1Head) {
    heads++;
    names += head.headers.length;
    return undefined;
  },
  body: (_, start, end) => void (bytes += end - start),
  end: () => void ends++,
  late() {},
  skipped() {},
  raw() {},
};

/** Messages a second. */
function timed(push: (k: number) => void): number {
  heads =
    names =
    bytes =
    ends =
      0;
  const t = performance.now();
  for (let k = 0; k < MESSAGES; k++) push(k % IN_BUFFER * size);
  const seconds = (performance.now() - t) / 1000;
  if (heads !== MESSAGES || ends !== MESSAGES || names !== 7 * MESSAGES || bytes !== BODY * MESSAGES) {
    throw new Error(`${heads} heads, ${names} fields, ${bytes} bytes, ${ends} ends`);
  }
  return MESSAGES / seconds;
}

function ours(): number {
  const parser = new Http1Parser("request", handler);
  return timed((at) => parser.push(buffer, at, at + size));
}

function theirs(): number {
  const parser = new HTTPParser(HTTPParser.REQUEST);
  parser[HTTPParser.kOnHeadersComplete] = ({ headers }) => {
    heads++;
    names += headers.length / 2;
  };
  parser[HTTPParser.kOnBody] = (_, __, length) => void (bytes += length);
  parser[HTTPParser.kOnMessageComplete] = () => void ends++;
  return timed((at) => void parser.execute(buffer.subarray(at, at + size)));
}

const best = { ours: 0, theirs: 0 };
for (let round = 0; round < ROUNDS; round++) {
  best.ours = Math.max(best.ours, ours());
  best.theirs = Math.max(best.theirs, theirs());
}
const thousands = (rate: number) => `${(Math.round(rate / 1000) * 1000).toLocaleString("en")}/s`;
report("http1", [{
  what: `HTTP/1 messages, head of ${HEAD} bytes with 7 fields and body of ${BODY}, one core`,
  measured: `${thousands(best.ours)} (${(best.ours / best.theirs).toFixed(1)}×)`,
  baseline: `${thousands(best.theirs)}, http-parser-js`,
  target: "≥ 500,000/s",
  ok: best.ours >= 500_000,
}]);
