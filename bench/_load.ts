/** Servers and a client under load over HTTP, and what a monitor wrote of it. */
import { certificates } from "../tests/e2e/_harness/certificates.ts";
import { commands, Server } from "../tests/e2e/_harness/http_peers.ts";
import { install } from "../tests/e2e/_harness/peers.ts";
import { run } from "../tests/e2e/_harness/process.ts";

/** What the load client prints. */
export interface Loaded {
  /** The client's pid. */
  readonly pid: number;
  /** Calls that were made. */
  readonly calls: number;
  /** For how long. */
  readonly seconds: number;
  /** Calls that were not answered. */
  readonly failed: number;
}

/** The commands of the peers that the loads need. */
export async function peers(): Promise<ReturnType<typeof commands>> {
  return commands(await install("typescript1", "python1", "gosdk"));
}

/** Starts a server that keeps no record of what it says. */
export function serve(command: readonly string[]): Promise<Server> {
  return Server.start(command, { env: { TRUTH: "" } });
}

/** Calls a tool over so many connections, for so long; at a rate, or as fast as it goes. */
export async function load(
  peer: ReturnType<typeof commands>,
  url: string,
  connections: number,
  seconds: number,
  perSecond = 0,
): Promise<Loaded> {
  const { client } = await certificates();
  const command = peer.go("load", url, String(connections), String(seconds), String(perSecond));
  const { code, stdout, stderr } = await run(command, { env: { ...client, HTTP1: "1" } });
  if (code !== 0) throw new Error(`the load client ended with ${code}: ${stderr}`);
  const loaded = JSON.parse(stdout) as Loaded;
  if (loaded.failed > 0) throw new Error(`${loaded.failed} calls of ${loaded.calls} failed`);
  return loaded;
}

const OPENING = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "wrk", version: "1" } },
};

/**
 * Calls a tool over HTTPS as fast as it goes with `wrk`, in a session that curl begins. `calls` are those that were
 * answered; as many more as there are connections may have been begun.
 *
 * @throws {Error} if wrk or the server says that something went wrong.
 */
export async function loadByWrk(url: string, connections: number, seconds: number): Promise<Loaded> {
  const { client } = await certificates();
  const headers = ["Content-Type: application/json", "Accept: application/json, text/event-stream"];
  const opened = await run(
    ["curl", "-s", "-D", "-", ...headers.flatMap((line) => ["-H", line]), "-d", JSON.stringify(OPENING), url],
    { env: client },
  );
  const session = /^mcp-session-id: (\S+)/im.exec(opened.stdout)?.[1];
  const script = new URL("native/call.lua", import.meta.url).pathname;
  if ((await run(["which", "wrk"])).code !== 0) throw new Error("wrk is missing: apt-get install wrk");
  const wrk = new Deno.Command("wrk", {
    args: ["-t1", `-c${connections}`, `-d${seconds}`, "-s", script, url],
    env: session === undefined ? {} : { SESSION: session },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { pid } = wrk;
  const { stdout, stderr } = await wrk.output();
  const said = new TextDecoder().decode(stdout);
  const [, calls, spent] = /(\d+) requests in ([\d.]+)s/.exec(said) ?? [];
  if (calls === undefined || spent === undefined || /Non-2xx|Socket errors/.test(said)) {
    throw new Error(`wrk: ${said}${new TextDecoder().decode(stderr)}`);
  }
  return { pid, calls: Number(calls), seconds: Number(spent), failed: 0 };
}

/** What a load became in a JSONL file. */
export interface LoadSeen {
  /** Different calls whose request was written. */
  readonly requests: number;
  /** Different calls whose answer was written, with its request. */
  readonly answers: number;
  /** Messages that were written more than once. */
  readonly doubled: number;
  /** `gap` lines. */
  readonly gaps: readonly string[];
}

interface Line {
  readonly kind: string;
  readonly type?: string;
  readonly id?: unknown;
  readonly request?: { readonly id?: unknown };
  readonly http_transport?: { readonly from_pid?: number; readonly to_pid?: number };
}

/** Counts the messages of a load client in a JSONL file. */
export async function seenOf(path: string, { pid, calls }: Loaded): Promise<LoadSeen> {
  const requests = new Uint8Array(calls + 1), answers = new Uint8Array(calls + 1);
  const gaps: string[] = [];
  let rest = "";
  using file = await Deno.open(path);
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith('{"kind":"gap"')) gaps.push(line);
      if (!line.startsWith('{"kind":"mcp"')) continue;
      const { type, id, request, http_transport: http } = JSON.parse(line) as Line;
      if (typeof id !== "number" || id < 1 || id > calls) continue;
      const at = id;
      if (type === "request" && http?.from_pid === pid) requests[at] = requests[at]! + 1;
      if (type === "response" && http?.to_pid === pid && request?.id === id) answers[at] = answers[at]! + 1;
    }
  }
  const different = (counts: Uint8Array): number => counts.reduce((sum, n) => sum + Math.min(n, 1), 0);
  const all = (counts: Uint8Array): number => counts.reduce((sum, n) => sum + n, 0);
  const seen = { requests: different(requests), answers: different(answers) };
  return { ...seen, doubled: all(requests) + all(answers) - seen.requests - seen.answers, gaps };
}
