/** A recorded capture to decode: sessions over stdio, as a busy machine has them. */
import { ByteBuffer } from "../pipeline/output/byte_buffer.ts";
import type { Process, Stream } from "../pipeline/event.ts";
import { CaptureEncoder } from "../protocols/capture/mod.ts";

/** Client and server pairs that talk at the same time. */
const SESSIONS = 16;
/** Different texts of each kind. */
const VARIANTS = 500;

interface Session {
  readonly client: Process;
  readonly server: Process;
  readonly down: Stream;
  readonly up: Stream;
  next: number;
  readonly open: number[];
}

/**
 * Writes a capture of so many messages; tells how many bytes they have on average. `change` may make each another one.
 */
export function writeCapture(
  path: string,
  messages: number,
  change: (line: string, n: number) => string = (line) => line,
): number {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const out = new ByteBuffer(1 << 20);
  const encoder = new CaptureEncoder(out, 0);
  const sessions = Array.from({ length: SESSIONS }, (_, k) => session(k));
  const text = new TextEncoder();
  const random = generator(42);
  let time = Date.UTC(2026, 10, 21, 12), total = 0, waiting = 0;
  /** Bytes that wait to go out with the next message of the same stream. */
  const kept = new Map<Stream, Uint8Array>();
  const send = ({ client, server, down }: Session, stream: Stream, bytes: Uint8Array, eof = false) => {
    const [process, peer] = stream === down ? [client, server] : [server, client];
    const chunk = { kind: "chunk", source: "kernel", process, peer, stream, buffer: bytes, lost: 0, eof } as const;
    encoder.chunk(out, { ...chunk, time, start: 0, end: bytes.length });
    if (out.length > 1 << 19) out.length = (file.writeSync(out.bytes.subarray(0, out.length)), 0);
  };
  for (let n = 0; n < messages; n++) {
    time += random() * 0.02;
    const last = messages - n <= waiting; // time to answer what is open
    const at = last ? sessions.find(({ open }) => open.length > 0)! : sessions[Math.floor(random() * SESSIONS)]!;
    const kind = last ? 0.5 : random();
    const [stream, line] = kind < 0.2
      ? [at.up, notification(n % VARIANTS)]
      : at.open.length > 0 && (kind < 0.6 || at.open.length > 8)
      ? [at.up, response(n % VARIANTS, at.open.shift()!)]
      : [at.down, request(n % VARIANTS, at.open[at.open.push(at.next++) - 1]!)];
    if (stream === at.down) waiting++;
    else if (kind >= 0.2) waiting--;
    const bytes = text.encode(`${change(line, n)}\n`);
    total += bytes.length - 1;
    const before = kept.get(stream);
    const whole = before === undefined ? bytes : join(before, bytes);
    kept.delete(stream);
    const how = random();
    if (how < 0.05 && stream === at.up) kept.set(stream, whole); // goes out in one write with the next
    else if (how < 0.08) { // goes out in two writes
      const cut = 1 + Math.floor(random() * (whole.length - 1));
      send(at, stream, whole.subarray(0, cut));
      send(at, stream, whole.subarray(cut));
    } else send(at, stream, whole);
  }
  for (const at of sessions) {
    for (const stream of [at.down, at.up]) {
      const rest = kept.get(stream);
      if (rest !== undefined) send(at, stream, rest);
    }
  }
  file.writeSync(out.bytes.subarray(0, out.length));
  return total / messages;
}

function session(k: number): Session {
  const down: Stream = { id: 2 * k + 1, medium: k % 2 ? "pipe" : "unix", reverse: undefined };
  const up: Stream = { id: 2 * k + 2, medium: down.medium, reverse: down };
  down.reverse = up;
  const client = { pid: 1000 + k, comm: "claude", name: "claude" };
  const server = { pid: 2000 + k, comm: "node", name: `server-${["everything", "filesystem", "git"][k % 3]}` };
  return { client, server, down, up, next: 0, open: [] };
}

const PATH = "/home/user/projects/demo/src";

function request(k: number, id: number): string {
  const path = `${PATH}/module${k}/index.ts`;
  const call = (name: string, args: unknown) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name, arguments: args, _meta: { progressToken: id } },
    });
  switch (k % 4) {
    case 0:
      return call("search_files", {
        path,
        pattern: "TODO|FIXME|XXX",
        exclude: ["node_modules", ".git", "dist"],
        limit: 50,
        recursive: true,
        note: 'look for "quoted" café lines\nand their neighbours, up to three in each direction',
      });
    case 1:
      return call("edit_file", {
        path,
        edits: [{
          oldText: `export function f${k}(a: number) {\n  return a * 2;\n}`,
          newText: `export function f${k}(a: number, b = 1) {\n  return a * 2 + b;\n}`,
        }],
        dryRun: false,
      });
    case 2:
      return call("run_query", {
        sql:
          `SELECT id, name, created_at FROM accounts WHERE region = 'eu-west-${k}' AND score > 0.75 ORDER BY id LIMIT 20`,
        timeout_ms: 2500,
        parameters: [k, 0.75, null, true],
      });
    default:
      return JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "resources/read",
        params: {
          uri: `file://${path}`,
          _meta: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
        },
      });
  }
}

function response(k: number, id: number): string {
  if (k % 50 === 7) {
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32602, message: `Unknown file: ${PATH}/${k}.ts` } });
  }
  const text = k % 2
    ? `${PATH}/module${k}/index.ts:12: const limit = ${k}; // TODO: tidy\n${PATH}/module${k}/other.ts:40: // FIXME: naïve`
    : `{"rows":${k},"ok":true}`;
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    result: {
      content: [{ type: "text", text }, {
        type: "text",
        text: "Done. The rest of the output was shortened for the model.",
      }],
      structuredContent: { matches: k % 17, files: [`${PATH}/a.ts`, `${PATH}/b.ts`], elapsed: k / 8 },
      isError: false,
    },
  });
}

function notification(k: number): string {
  return JSON.stringify(
    k % 2
      ? {
        jsonrpc: "2.0",
        method: "notifications/progress",
        params: {
          progressToken: k,
          progress: k,
          total: VARIANTS,
          message: `reading ${PATH}/module${k}/index.ts, then the others of its folder, one after the other, in order`,
        },
      }
      : {
        jsonrpc: "2.0",
        method: "notifications/message",
        params: {
          level: "info",
          logger: "server.files",
          data: {
            event: "cache_miss",
            key: `${PATH}/module${k}`,
            bytes: k * 37,
            took_ms: k / 4,
            tags: ["disk", "cold", "✓"],
          },
        },
      },
  );
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
