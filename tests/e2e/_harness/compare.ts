/** Whether the monitor saw what the peers said: every message once, in order, between the right processes. */
import { expect } from "vitest";
import { createHash } from "node:crypto";
import type { Line, Monitor } from "./monitor.ts";
import type { Sent } from "./peers.ts";

interface Session {
  readonly client: Set<number>;
  readonly server: Set<number>;
  readonly sent: Sent[];
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
}

/** How to compare. */
export interface CompareOptions {
  /** Milliseconds to wait for the last message. @default {10000} */
  readonly timeout?: number;
  /** False where several threads write to one stream, so that the peers do not know the order. @default {true} */
  readonly ordered?: boolean;
}

/** Waits for all that the peers said, and compares. Gives the lines about these peers. */
export async function expectSeen(
  monitor: Monitor,
  truth: readonly Sent[],
  { timeout = 10_000, ordered = true }: CompareOptions = {},
): Promise<readonly Line[]> {
  const order = (texts: string[]): string[] => ordered ? texts : texts.sort();
  expect(truth.length).toBeGreaterThan(0);
  const sessions = bySession(truth);
  const pids = new Set([...sessions].flatMap(({ client, server }) => [...client, ...server]));
  await monitor.waitFor("as many messages as were sent", (lines) => {
    return messagesOf(lines, pids).length >= truth.length;
  }, timeout).catch(() => {}); // the comparison below tells what is missing
  await monitor.settle();
  const lines = messagesOf(monitor.lines(), pids);
  const seen = new Set<Line>();
  for (const { client, server } of sessions) {
    if (server.size === 0) others(lines, client).forEach((pid) => server.add(pid));
  }
  for (const session of sessions) {
    const here = lines.filter((line) => isOf(line, session));
    here.forEach((line) => seen.add(line));
    for (const role of ["client", "server"] as const) {
      const messages = here.filter((line) => session[role].has(line.stdio_transport?.from_pid ?? 0));
      const sent = session.sent.filter(({ from }) => from === role);
      expect(order(messages.map(({ raw = "" }) => short(raw))), `sent by the ${role}`)
        .toEqual(order(sent.map(({ raw }) => short(raw))));
      const theirs = session.sent.filter(({ from }) => from !== role);
      expect(order(messages.map(described)), `what the ${role} sent, as understood`)
        .toEqual(order(sent.map(({ raw }) => describedBySender(raw, theirs))));
    }
  }
  expect(lines.filter((line) => !seen.has(line)).map(described), "between others than the peers").toEqual([]);
  return lines;
}

/** Expects that nothing was seen of these processes. */
export async function expectUnseen(monitor: Monitor, pids: readonly number[]): Promise<void> {
  await monitor.settle();
  expect(messagesOf(monitor.lines(), new Set(pids)).map(described)).toEqual([]);
}

/** All pids that take part. */
export function pidsOf(truth: readonly Sent[]): number[] {
  return [...new Set(truth.flatMap(({ client, server }) => [client, server]).filter((pid) => pid !== null))];
}

/** The lines about messages that one of these processes sent or received. */
export function messagesOf(lines: readonly Line[], pids: ReadonlySet<number>): Line[] {
  return lines.filter(({ kind, stdio_transport: ends }) => {
    return kind === "mcp" && ends !== undefined && (pids.has(ends.from_pid) || pids.has(ends.to_pid));
  });
}

/** Who the client talked to, for peers that cannot know: a server behind a wrapper. */
function others(lines: readonly Line[], client: ReadonlySet<number>): number[] {
  return lines.flatMap(({ stdio_transport: ends }) => ends ? [ends.from_pid, ends.to_pid] : [])
    .filter((pid) => !client.has(pid));
}

function bySession(truth: readonly Sent[]): Session[] {
  const sessions = new Map<string, Session>();
  for (const sent of truth) {
    const session = sessions.getOrInsertComputed(
      sent.session,
      () => ({ client: new Set<number>(), server: new Set<number>(), sent: [] }),
    );
    if (sent.client !== null) session.client.add(sent.client);
    if (sent.server !== null) session.server.add(sent.server);
    session.sent.push(sent);
  }
  return [...sessions.values()];
}

function isOf(line: Line, { client, server }: Session): boolean {
  const { from_pid: from = 0, to_pid: to = 0 } = line.stdio_transport ?? {};
  return (client.has(from) && server.has(to)) || (server.has(from) && client.has(to));
}

/** Long messages by their start, length and hash, so that a difference can be read. */
export function short(raw: string): string {
  const text = raw.trim();
  if (text.length <= 400) return text;
  return `${text.slice(0, 60)}… ${text.length} characters, sha1 ${createHash("sha1").update(text).digest("hex")}`;
}

/** How mcpsonde understood a message: its type, id, method, and the request that it answers. */
function described({ type, id, method, request }: Line): string {
  const asked = request ? ` to ${JSON.stringify(request.id)} ${request.method}` : "";
  return type === "response" ? `response ${JSON.stringify(id)}${asked}` : `${type} ${JSON.stringify(id)} ${method}`;
}

function describedBySender(raw: string, others: readonly Sent[]): string {
  const message = JSON.parse(raw) as Message;
  if (message.method !== undefined) {
    return `${"id" in message ? "request" : "notification"} ${JSON.stringify(message.id)} ${message.method}`;
  }
  const asked = others.map(({ raw }) => JSON.parse(raw) as Message).find(({ id, method }) => {
    return method !== undefined && id === message.id;
  });
  return `response ${JSON.stringify(message.id)}${asked ? ` to ${JSON.stringify(asked.id)} ${asked.method}` : ""}`;
}
