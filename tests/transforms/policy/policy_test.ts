import { describe, expect, it } from "vitest";
import type { Batch, ChunkEvent, Event, Stream } from "../../../pipeline/event.ts";
import { transform } from "../../../pipeline/use.ts";

const forth: Stream = { id: 1, medium: "pipe", reverse: undefined };
const back: Stream = { id: 2, medium: "pipe", reverse: forth };
forth.reverse = back;

function line(stream: Stream, message: unknown): ChunkEvent {
  const buffer = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  const client = { pid: 1, comm: "client", name: "client" }, server = { pid: 2, comm: "node", name: "files" };
  const ends = stream === forth ? { process: client, peer: server } : { process: server, peer: client };
  return {
    kind: "chunk",
    time: 1,
    source: "t",
    stream,
    buffer,
    start: 0,
    end: buffer.length,
    lost: 0,
    eof: false,
    ...ends,
  };
}

const call = (name: string, id: number) => line(forth, { jsonrpc: "2.0", id, method: "tools/call", params: { name } });

async function run(options: Record<string, unknown>, ...chunks: ChunkEvent[]): Promise<Event[]> {
  const source = (async function* (): AsyncGenerator<Batch> {
    yield chunks;
  })();
  const out: Event[] = [];
  for await (const batch of transform("policy", options)(transform("mcp")(transform("jsonrpc")(source)))) {
    out.push(...batch);
  }
  return out;
}

describe("policy", () => {
  it("makes a finding of a call that breaks a rule, behind it", async () => {
    const rules = [{ action: "deny", server: "files", tool: "rm", name: "no-rm", reason: "careful" }];
    const events = await run({ rules }, call("ls", 1), call("rm", 2));
    const at = events.findIndex(({ kind }) => kind === "finding");
    expect(events[at]).toMatchObject({
      rule: "policy.denied",
      severity: "high",
      message: 'tools/call of "rm" breaks the policy: the rule "no-rm" denies it (careful)',
      details: { policy_rule: "no-rm", enforced: false },
      target: "tool_call",
    });
    expect(events[at - 1]).toMatchObject({ kind: "mcp", id: 2 });
    expect(events.filter((event) => event.kind === "finding" && event.rule === "policy.denied")).toHaveLength(1);
  });

  it("says that a proxy has refused it", async () => {
    const rules = [{ action: "deny", tool: "rm" }];
    const [, finding] = await run({ rules, enforced: true, severity: "low" }, call("rm", 2));
    expect(finding).toMatchObject({
      message: 'tools/call of "rm" did not pass: the rule "rules[0]" denies it',
      severity: "low",
    });
  });

  it("does not judge what servers say", async () => {
    const rules = [{ action: "deny", method: "*" }];
    const hello = line(forth, { jsonrpc: "2.0", id: 1, method: "initialize", params: { clientInfo: { name: "c" } } });
    const answer = line(back, {
      jsonrpc: "2.0",
      id: 1,
      result: { protocolVersion: "2025-06-18", serverInfo: { name: "s" } },
    });
    const ask = line(back, { jsonrpc: "2.0", id: 1, method: "sampling/createMessage", params: {} });
    const events = await run({ rules }, hello, answer, ask);
    const denied = events.filter((event) => event.kind === "finding" && event.rule === "policy.denied");
    expect(denied.map((event) => event.kind === "finding" && event.event?.method)).toEqual(["initialize"]);
  });
});
