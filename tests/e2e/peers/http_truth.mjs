// deno-lint-ignore-file explicit-module-boundary-types
/**
 * Ground truth for HTTP servers on Node: every message in a body or an SSE event, above the transfer and below the SDK.
 * Each line of the file `$TRUTH` is `{ session, transport, client, server, from, raw }`; `client` is the header
 * `x-peer-pid`, and `session` the session id, or a number for an exchange without one.
 */
import { appendFileSync } from "node:fs";
import zlib from "node:zlib";

const CODERS = {
  gzip: zlib.createGzip,
  deflate: zlib.createDeflate,
  br: () => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: zlib.createZstdCompress,
};

let exchanges = 0;

/** A listener that reads the body, writes down what is said, and compresses the answer as `?coding=` asks. */
export function recorded(handle) {
  return async (request, response) => {
    const url = new URL(request.url, "http://peer");
    const record = process.env.TRUTH ? recorder(request, url) : undefined;
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    if (request.method === "POST") record?.message("client", text);
    if (record) watch(response, record, url.searchParams.get("coding"));
    await handle(request, response, url, text);
  };
}

/** Keeps records back until the session is known: that of `initialize` stands in the head of its answer. */
function recorder({ headers }, { searchParams }) {
  let session = headers["mcp-session-id"] ?? searchParams.get("sessionId") ?? undefined;
  let transport = searchParams.has("sessionId") ? "sse" : "http";
  let held = [];
  const exchange = ++exchanges;
  const flush = () => {
    const known = {
      session: session ?? exchange,
      transport,
      client: Number(headers["x-peer-pid"]) || null,
      server: process.pid,
    };
    const lines = held.map((message) => JSON.stringify({ ...known, ...message }) + "\n").join("");
    if (lines) appendFileSync(process.env.TRUTH, lines);
    held = [];
  };
  return {
    message(from, raw) {
      if (!isMessage(raw)) return;
      held.push({ from, raw: raw.trim() });
      if (from === "server" || session !== undefined) flush();
    },
    /** The head of the answer, or the `endpoint` event of the old transport. */
    answered(id, old = false) {
      session ??= id;
      if (old) transport = "sse";
      flush();
    },
  };
}

function isMessage(text) {
  try {
    return JSON.parse(text).jsonrpc === "2.0";
  } catch {
    return false;
  }
}

function watch(response, record, coding) {
  const { writeHead, write, end } = response;
  const coder = CODERS[coding]?.();
  coder?.on("data", (data) => write.call(response, data));
  coder?.on("end", () => end.call(response));
  let text = "", streams = false, headed = false;
  const head = (fields = {}) => {
    if (headed) return;
    headed = true;
    const field = (name) => response.getHeader(name) ?? new Headers(fields).get(name) ?? undefined;
    streams = String(field("content-type")).startsWith("text/event-stream");
    if (coder) response.setHeader("content-encoding", coding);
    record.answered(field("mcp-session-id"));
  };
  const take = (data, encoding) => {
    if (data === undefined || data === null || typeof data === "function") return;
    text += typeof data === "string" ? data : Buffer.from(data).toString();
    if (streams) text = events(text, record);
    if (coder) {
      coder.write(data, typeof encoding === "string" ? encoding : undefined);
      coder.flush();
    }
  };
  response.writeHead = function (status, ...rest) {
    const fields = rest.find((part) => typeof part === "object") ?? {};
    head(fields);
    if (!coder) return writeHead.call(this, status, ...rest);
    this.removeHeader("content-length");
    const kept = Object.entries(fields).filter(([name]) => name.toLowerCase() !== "content-length");
    return writeHead.call(this, status, Object.fromEntries(kept));
  };
  response.write = function (data, ...rest) {
    head();
    take(data, rest[0]);
    return coder ? true : write.call(this, data, ...rest);
  };
  response.end = function (data, ...rest) {
    head();
    take(data, rest[0]);
    if (!streams) record.message("server", text);
    if (!coder) return end.call(this, data, ...rest);
    coder.end();
    return this;
  };
}

/** Takes whole SSE events from the text; gives the rest. */
function events(text, record) {
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  for (const block of blocks) {
    const field = (name) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
    if (field("event") === "endpoint") record.answered(/session_?[iI]d=([^&]+)/.exec(field("data"))?.[1], true);
    else record.message("server", field("data"));
  }
  return rest;
}
