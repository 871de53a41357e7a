/** Whether the monitor saw what peers said over HTTP: every message once, between the right processes, and paired. */
import { expect } from "vitest";
import { short } from "./compare.ts";
import type { HttpSent } from "./http_peers.ts";
import type { Line, Monitor } from "./monitor.ts";

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

/** What to expect besides the messages. */
export interface HttpExpectation {
  /** What the plaintext was taken from, of plain HTTP undefined; of `any` TLS the library does not matter. */
  readonly tls?: string | undefined;
  /** A role whose process cannot be known: TLS that is not seen at that end, or another machine. */
  readonly unknown?: "client" | "server";
  /** False where the monitor came too late to see which session it is. @default {true} */
  readonly sessions?: boolean;
  /** Version of HTTP. */
  readonly version?: "1.1" | "2";
  /** Milliseconds to wait for the last message. @default {10000} */
  readonly timeout?: number;
}

/** Waits for all that was said since the mark, and compares. Gives the lines. */
export async function expectHttp(
  monitor: Monitor,
  mark: number,
  truth: readonly HttpSent[],
  { tls, unknown, sessions = true, version, timeout = 10_000 }: HttpExpectation = {},
): Promise<readonly Line[]> {
  expect(truth.length).toBeGreaterThan(0);
  const pids = new Set(truth.flatMap(({ client, server }) => [client, server]));
  const here = (lines: readonly Line[]): Line[] => lines.slice(mark).filter((line) => isAbout(line, pids));
  await monitor.waitFor("as many messages as were sent", (lines) => here(lines).length >= truth.length, timeout)
    .catch(() => {}); // the comparison below tells what is missing
  await monitor.settle();
  const lines = here(monitor.lines());
  const comparable = (text: string): string => sessions ? text : text.replace(/ in \S+/, "");
  expect(lines.map((line) => comparable(seen(line))).toSorted())
    .toEqual(truth.map((sent) => comparable(expected(sent, truth, unknown))).toSorted());
  for (const { http_transport: http } of lines) {
    if (tls === "any") expect(http?.tls).toBeDefined();
    else expect(http?.tls).toBe(tls);
    if (version) expect(http?.version).toBe(version);
  }
  return lines;
}

/** Expects that nothing was seen of these processes since the mark. */
export async function expectNothing(monitor: Monitor, mark: number, pids: readonly number[]): Promise<void> {
  await monitor.settle();
  const about = new Set(pids);
  const lines = monitor.lines().slice(mark).filter((line) => isAbout(line, about));
  expect(lines.map((line) => seen(line))).toEqual([]);
}

/** Where the lines of what comes next will begin. */
export async function mark(monitor: Monitor): Promise<number> {
  await monitor.settle();
  return monitor.lines().length;
}

function isAbout({ kind, http_transport: http }: Line, pids: ReadonlySet<number | null>): boolean {
  if (kind !== "mcp" || http === undefined) return false;
  return pids.has(http.pid) || pids.has(http.from_pid ?? 0) || pids.has(http.to_pid ?? 0);
}

/** How mcpsonde understood a message. */
function seen(line: Line): string {
  const { type, id, method, raw = "", request, transport_type, http_transport: http } = line;
  const from = http?.from_pid ?? "?", to = http?.to_pid ?? "?";
  const asked = request ? ` to ${question(request)}` : "";
  const session = hasSession(transport_type, method) ? ` in ${http?.session_id ?? "none"}` : "";
  const what = type === "response" ? "" : ` ${method}`;
  return `${transport_type}${session} ${from} → ${to}: ${type} ${JSON.stringify(id)}${what}${asked}: ${short(raw)}`;
}

/** The same, by the peers' account. */
function expected(sent: HttpSent, truth: readonly HttpSent[], unknown: "client" | "server" | undefined): string {
  const { session, transport, from, raw } = sent;
  const pid = (role: "client" | "server"): string => role === unknown ? "?" : String(sent[role]);
  const ends = from === "client" ? `${pid("client")} → ${pid("server")}` : `${pid("server")} → ${pid("client")}`;
  const message = JSON.parse(raw) as Message;
  const { id, method } = message;
  const type = method === undefined ? "response" : id === undefined ? "notification" : "request";
  const request = type === "response" ? requestOf(sent, id, truth) : undefined;
  const asked = request ? ` to ${question(request)}` : "";
  const known = typeof session === "string" ? session : "none";
  const within = hasSession(transport, method) ? ` in ${known}` : "";
  const what = method === undefined ? "" : ` ${method}`;
  return `${transport}${within} ${ends}: ${type} ${JSON.stringify(id)}${what}${asked}: ${short(raw)}`;
}

/** `initialize` is asked before there is a session; the old transport has its session in the address. */
function hasSession(transport: unknown, method: string | undefined): boolean {
  return transport === "http" && method !== "initialize";
}

function requestOf(answer: HttpSent, id: unknown, truth: readonly HttpSent[]): Message | undefined {
  return truth.filter(({ session, from }) => session === answer.session && from !== answer.from)
    .map(({ raw }) => JSON.parse(raw) as Message)
    .find((message) => message.method !== undefined && message.id === id);
}

function question({ id, method, params }: Message): string {
  return `${JSON.stringify(id)} ${method} ${short(JSON.stringify(params) ?? "")}`;
}
