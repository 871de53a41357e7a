/** How messages are cut, joined and dressed on their way. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectSeen } from "./_harness/compare.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, pair } from "./_harness/peers.ts";
import { run } from "./_harness/process.ts";

describe.skipIf(noCapture)("kernel capture of framing", () => {
  let monitor: Monitor;

  beforeAll(async () => {
    monitor = await Monitor.start();
    return () => monitor[Symbol.asyncDispose]();
  });

  it.each([
    ["messages in two writes, the first read before the second is made", "split"],
    ["messages written byte by byte", "bytewise"],
    ["several messages in one write, the last of them cut", "joined"],
    ["batches, as the messages in them", "batch"],
    ["white space before, in and after messages", "spaces"],
    ["lines that end in CR LF", "crlf"],
    ["methods that no list has", "unknown"],
    ["the same notification three times at once", "repeated"],
  ])("sees %s", async (_, scenario) => {
    await expectSeen(monitor, await hold(pair(scenario)));
  });

  it("sees messages that many threads write to one pipe", async () => {
    await expectSeen(monitor, await hold(pair("threads", 200)), { ordered: false });
  });

  it("sees ids of every kind", async () => {
    const truth = (await hold(pair("ids"))).filter(({ raw }) => JSON.parse(raw).id !== null);
    const lines = await linesOf(truth);
    for (const id of ["one", "", "1", 1, 0, -7, 9007199254740991, 1.5, "ünï✓", 'a"b\\c', null]) {
      expect(lines.filter((line) => line.id === id).map(({ type }) => type), `id ${JSON.stringify(id)}`)
        .toEqual(["request", "response"]);
    }
  });

  it("pairs a response with its request and an error with no id with nothing", async () => {
    const truth = await hold(pair("errors"));
    const lines = await linesOf(truth);
    expect(lines.find(({ id, type }) => id === 3 && type === "response")?.request).toMatchObject({ method: "no/such" });
    expect(lines.find(({ id, type }) => id === null && type === "response")?.request).toBeUndefined();
    expect(lines.filter(({ type }) => type === "malformed").map(({ raw }) => raw)).toEqual([
      '{"jsonrpc": "2.0", "id": 2, "method": ',
    ]);
  });

  it("reports what a server prints on its stdout besides messages, and sees the messages", async () => {
    const truth = await hold(pair("stray"));
    await expectSeen(monitor, truth);
    const server = truth.find(({ from }) => from === "server")?.server;
    const findings = monitor.lines().filter(({ kind, rule }) => {
      return kind === "finding" && rule === "mcp.stdio.stray_output";
    });
    const mine = findings.filter((line) => JSON.stringify(line).includes(String(server)));
    expect(JSON.stringify(mine)).toContain("Starting server v1.2 on stdio...");
  });

  it("does not take JSON lines that are not JSON-RPC for MCP", async () => {
    const before = monitor.lines().length;
    await hold(pair("json_lines"));
    await monitor.settle();
    const after = monitor.lines().slice(before).filter((line) => JSON.stringify(line).includes("json-logger"));
    expect(after).toEqual([]);
  });

  it("does not take JSON-RPC text in a shell pipeline for a session", async () => {
    const marker = crypto.randomUUID();
    const text = `{"jsonrpc":"2.0","id":1,"result":{"marker":"${marker}"}}`;
    await run(["sh", "-c", `printf '%s\\n' '${text}' '${text}' | grep -c ${marker} | cat`]);
    await monitor.settle();
    expect(monitor.lines().filter((line) => JSON.stringify(line).includes(marker))).toEqual([]);
  });

  async function linesOf(truth: Awaited<ReturnType<typeof hold>>) {
    await monitor.settle();
    const pids = new Set(truth.flatMap(({ client, server }) => [client, server]));
    return monitor.lines().filter((line) => pids.has(line.stdio_transport?.from_pid ?? -1));
  }
});
