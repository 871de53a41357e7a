/** What each conversation must be understood as: see the peers' `semantics_client.mjs`. */
import { expect } from "vitest";
import type { Conversation, DescribedCall } from "./described.ts";
import { methodsOf, type Scenario } from "./scenarios.ts";

/** A call in a line: `tools/call ask ok, 3 requests`. */
type Line = string;

const TRACE = "0af7651916cd43dd8448eb211c80319c";
/** What clients and servers call themselves. */
const PARTIES = {
  typescript1: ["semantics1-client", "semantics1"],
  typescript2: ["semantics2-client", "semantics2"],
  python2: ["mcp", "semantics3"],
} as const;
/** What the peers' person takes at least, in milliseconds, less what clocks may differ in. */
const THINKS = 40;

/** Checks a conversation. */
export function expectUnderstood(scenario: Scenario, conversation: Conversation): void {
  expectMethods(scenario, conversation);
  expectSessions(scenario, conversation);
  expectCalls(scenario, conversation);
  const traced = conversation.messages.filter(({ traceId }) => traceId === TRACE).length;
  expect(traced, "messages that name a trace").toBe(scenario.peer === "python2" ? 0 : 1);
}

/** Every method of the revision was seen, sent by whom the revision lets, in this revision. Python's sends some only. */
function expectMethods({ revision, peer }: Scenario, { messages }: Conversation): void {
  const seen = new Map<string, Set<string | undefined>>();
  for (const { type, method, sender, era } of messages) {
    if (method === undefined || type === "response") continue;
    seen.set(method, (seen.get(method) ?? new Set()).add(sender));
    // what the client proposes may be another revision
    if (method !== "initialize") expect(era, method).toBe(revision);
  }
  for (const { name, sender } of peer === "python2" ? [] : methodsOf(revision)) {
    const senders = [...seen.get(name) ?? []].sort();
    if (sender !== "both") expect(senders, name).toEqual([sender]);
    else if (revision < "2026-07-28") expect(senders, name).toEqual(["client", "server"]);
    else expect(senders.length, name).toBe(1); // each is left to one side by then
  }
}

/** One session, between the two that say who they are; SDK 2.x tries a server of its own first over stdio. */
function expectSessions({ transport, peer }: Scenario, { messages }: Conversation): void {
  const ids = new Set(messages.map(({ session }) => session));
  expect(ids.size).toBe(peer === "typescript2" && transport === "stdio" ? 2 : 1);
  const [client, server] = PARTIES[peer];
  expect(messages.at(-1)).toMatchObject({ client, server, initialized: true });
  for (const { sender, method } of messages) expect(sender, method).toBeDefined();
}

/** Every request is part of a call, every call ends once, and the special ones as they should. */
function expectCalls({ peer, revision, transport }: Scenario, { messages, calls }: Conversation): void {
  for (const { type, method, callId } of messages) if (type !== "notification") expect(callId, method).toBeDefined();
  const begun = new Set(messages.map(({ callId }) => callId).filter((id) => id !== undefined));
  // that a stream of notifications is closed over HTTP need not be told
  const untold = peer === "typescript2" && transport === "http" ? 1 : 0;
  expect(calls.length, "calls that ended").toBeGreaterThanOrEqual(begun.size - untold);
  expect(calls.length, "calls that ended").toBeLessThanOrEqual(begun.size);
  expect(calls.filter(isSpecial).map(line).sort()).toEqual(SPECIAL[peer](revision).sort());
  for (const waited of waiting(peer, revision)) {
    const times = calls.filter((call) => line(call) === waited).map(({ humanTime }) => humanTime);
    expect(Math.max(0, ...times), waited).toBeGreaterThanOrEqual(THINKS);
  }
  for (const { bytesIn, bytesOut, outcome, serverTime, method } of calls) {
    expect(bytesIn, method).toBeGreaterThan(0);
    expect(serverTime, method).toBeGreaterThanOrEqual(0);
    if (outcome === "ok") expect(bytesOut, method).toBeGreaterThan(0);
  }
}

/** Whether something is to be said of a call but that it went well. */
function isSpecial({ outcome, requests, progress, task, method }: DescribedCall): boolean {
  if (method === "subscriptions/listen") return false;
  return outcome !== "ok" || requests > 1 || progress > 0 || task;
}

function line({ method, name, outcome, errorCode, requests, progress, task }: DescribedCall): Line {
  return [
    [method, name, outcome, errorCode].filter((part) => part !== undefined).join(" "),
    ...(requests > 1 ? [`${requests} requests`] : []),
    ...(progress > 0 ? [`progress ${progress}`] : []),
    ...(task ? ["task"] : []),
  ].join(", ");
}

function firstGeneration(revision: string): Line[] {
  return [
    "tools/call send ok, progress 1",
    "tools/call fail tool_error",
    "tools/call steps ok, progress 3",
    "tools/call wait cancelled",
    "sampling/createMessage cancelled",
    "sampling/createMessage ok, progress 1",
    "no/such/method error -32601",
    ...(revision < "2025-11-25" ? [] : [
      "tools/call echo ok, 4 requests, task",
      "tools/call echo cancelled, 2 requests, task",
      "sampling/createMessage ok, 3 requests, task",
      ...Array(3).fill("sampling/createMessage ok, 2 requests, task"),
      "sampling/createMessage cancelled, 2 requests, task",
    ]),
  ];
}

function secondGeneration(): Line[] {
  return [
    "tools/call fail tool_error",
    "tools/call steps ok, progress 3",
    "tools/call wait cancelled",
    "tools/call ask ok, 3 requests",
    "tools/call confirm ok, 2 requests",
    "no/such/method error -32601",
    "tools/call slow ok, 5 requests, task",
    "tools/call slow error -32603, 2 requests, task",
    "tools/call slow cancelled, 2 requests, task",
  ];
}

function python(revision: string): Line[] {
  const rounds = revision === "2026-07-28" ? ["tools/call ask ok, 3 requests"] : [];
  return ["tools/call fail tool_error", "tools/call steps ok, progress 3", ...rounds];
}

/** The calls of which something is to be said. */
const SPECIAL = { typescript1: firstGeneration, typescript2: secondGeneration, python2: python };

/** Calls of which at least one waited for the person. */
function waiting(peer: Scenario["peer"], revision: string): Line[] {
  const asking = revision === "2026-07-28" ? "tools/call ask ok, 3 requests" : "tools/call ask ok";
  if (peer === "typescript2") {
    return [asking, "tools/call confirm ok, 2 requests", "tools/call slow ok, 5 requests, task"];
  }
  if (peer === "python2") return [asking];
  return revision < "2025-06-18" ? [] : ["elicitation/create ok", "tools/call send ok", asking];
}
