import { describe, expect, it } from "vitest";
import type { FindingEvent, McpEvent } from "../../../../pipeline/event.ts";
import type { Message } from "../../../../pipeline/message.ts";
import { ProtocolChecks } from "../../../../transforms/mcp/checks/mod.ts";
import { answer, context, message, pair, reply, request, type TestSession, tool } from "../_messages.ts";

/** A session that is checked: its messages in order. */
function checked(more: Partial<TestSession> = {}) {
  const { all, at, of } = pair();
  Object.assign(of, more);
  const checks = new ProtocolChecks();
  const see = (event: Message, sender: "client" | "server" = event.type === "response" ? "server" : "client") => {
    all.observe(event, of);
    return checks.check(event as McpEvent, context(of, sender));
  };
  return { all, at, of, checks, see };
}

const rules = (found: readonly FindingEvent[]) => found.map(({ rule }) => rule.replace("mcp.protocol.", ""));
const notify = (method: string, sender: "client" | "server" = "client") =>
  message({ jsonrpc: "2.0", method, params: {} }, sender);

/** A session that was initialized before our eyes. */
async function ready(more: Partial<TestSession> = {}) {
  const it = checked(more);
  await it.checks.load();
  it.see(reply("initialize", { protocolVersion: "2025-11-25", serverInfo: { name: "s", version: "1" } }).request!);
  it.see(reply("initialize", { protocolVersion: "2025-11-25", serverInfo: { name: "s", version: "1" } }));
  it.see(notify("notifications/initialized"));
  return it;
}

describe("ProtocolChecks", () => {
  it("finds nothing in a session that keeps to the protocol", async () => {
    const { see } = await ready();
    const asked = request("tools/list");
    const call = request("tools/call", { name: "a", arguments: {} });
    const found = [
      asked,
      answer(asked, { tools: [tool("a")] }),
      call,
      answer(call, { content: [] }),
      notify("notifications/cancelled"),
      request("ping"),
    ].flatMap((event) => see(event));
    expect(found).toEqual([]);
    expect(see(notify("notifications/tools/list_changed", "server"), "server")).toEqual([]);
    expect(see(message({ jsonrpc: "2.0", id: 9, method: "sampling/createMessage" }, "server"), "server")).toEqual([]);
  });

  it("gives one shared array where there is nothing", async () => {
    const { see } = await ready();
    expect(see(request("ping"))).toBe(see(request("ping")));
  });

  it("tells of the same once, then as its number grows tenfold", async () => {
    const { see } = await ready();
    const counts: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      for (const { details } of see(request("roots/list"))) counts.push(details?.["count"] ?? 1);
    }
    expect(counts).toEqual([1, 10, 100]);
  });

  it("tells of a bounded number of kinds in one session", async () => {
    const { see } = await ready();
    let told = 0;
    for (let i = 0; i < 10_000; i++) told += see(request(`made/up${i}`)).length;
    expect(told).toBeLessThan(50);
  });

  it("says who did what, with the message and the session", async () => {
    const { see, of } = await ready();
    const event = request("roots/list");
    const [found] = see(event);
    expect(found).toMatchObject({
      kind: "finding",
      rule: "mcp.protocol.wrong_side",
      severity: "low",
      message: "claude[1] sent roots/list, which only the server may send",
      detector: "protocol",
      session: of,
      event,
    });
  });
});

describe("ProtocolChecks, initialization", () => {
  it("tells of a request between initialize and its answer, but not of ping", () => {
    const { see } = checked({ initialized: false, era: undefined });
    see(request("initialize", { protocolVersion: "2025-11-25" }));
    expect(rules(see(request("ping")))).toEqual([]);
    expect(rules(see(request("tools/list")))).toEqual(["before_initialized"]);
  });

  it("tells of a request before notifications/initialized", () => {
    const { see } = checked();
    const asked = request("initialize", { protocolVersion: "2025-11-25" });
    see(asked);
    see(answer(asked, { protocolVersion: "2025-11-25" }));
    const [found] = see(request("tools/list"));
    expect(found?.message).toContain("before notifications/initialized");
  });

  it("does not tell of requests of a session that began before capture", () => {
    const { see } = checked();
    expect(see(request("tools/list"))).toEqual([]);
    expect(see(request("tools/call", { name: "x" }))).toEqual([]);
  });

  it("tells when initialize comes after other requests", () => {
    const { see } = checked();
    see(request("tools/list"));
    const [found] = see(request("initialize", { protocolVersion: "2025-11-25" }));
    expect(found?.message).toContain("sent 1 requests before initialize");
  });

  it("expects no initialization in 2026-07-28", () => {
    const { see } = checked({ era: "2026-07-28" });
    expect(see(request("server/discover"))).toEqual([]);
    expect(see(request("tools/list"))).toEqual([]);
  });
});

describe("ProtocolChecks, methods and versions", () => {
  it("tells of a method that the revision does not have", async () => {
    expect(
      rules(
        (await ready({ era: "2025-03-26" })).see(
          message({ jsonrpc: "2.0", id: 1, method: "elicitation/create" }, "server"),
          "server",
        ),
      ),
    )
      .toEqual(["wrong_era"]);
    const modern = checked({ era: "2026-07-28" });
    expect(rules(modern.see(request("logging/setLevel")))).toEqual(["wrong_era"]);
    expect(rules(modern.see(request("tools/call", { name: "a" })))).toEqual([]);
  });

  it("does not judge methods while the revision is unknown, or is none that is published", () => {
    expect(checked({ era: undefined }).see(request("logging/setLevel"))).toEqual([]);
    expect(rules(checked({ era: "2027-01-01" }).see(request("logging/setLevel")))).toEqual(["unknown_version"]);
  });

  it("tells of a method that no revision has, with its name", async () => {
    const { see } = await ready();
    const [found] = see(request("tools/explode"));
    expect([found?.rule, found?.severity, found?.evidence]).toEqual([
      "mcp.protocol.unknown_method",
      "info",
      "tools/explode",
    ]);
  });

  it("tells of an unknown version that is asked for, and takes the one before the first", () => {
    const asking = (protocolVersion: string) =>
      rules(checked({ era: undefined }).see(request("initialize", { protocolVersion })));
    expect(asking("1.0")).toEqual(["unknown_version"]);
    expect(asking("2024-10-07")).toEqual([]);
    expect(asking("2025-06-18")).toEqual([]);
  });
});

describe("ProtocolChecks, responses and batches", () => {
  const warned = (event: Message, ...warnings: string[]) => {
    for (const warning of warnings) event.warn(warning);
    return event;
  };

  it("tells of a batch but in 2025-03-26", async () => {
    expect(rules((await ready()).see(warned(request("ping"), "batch")))).toEqual(["batch"]);
    expect(rules((await ready({ era: "2025-03-26" })).see(warned(request("ping"), "batch")))).toEqual([]);
    expect(rules(checked({ era: undefined }).see(warned(request("ping"), "batch")))).toEqual([]);
  });

  it("tells of an answer to nobody, unless the question may have come before capture", async () => {
    const orphan = () => warned(message({ jsonrpc: "2.0", id: 99, result: {} }, "server"), "orphan");
    expect(rules((await ready()).see(orphan()))).toEqual(["orphan_response"]);
    expect(rules(checked().see(orphan()))).toEqual([]);
  });

  it("tells of ids that are used twice or mixed up", async () => {
    const { see } = await ready();
    expect(rules(see(warned(request("ping"), "duplicate_id")))).toEqual(["duplicate_id"]);
    expect(rules(see(warned(reply("ping", {}), "id_type_mismatch")))).toEqual(["id_type_mismatch"]);
    expect(rules(see(message({ jsonrpc: "2.0", id: null, method: "ping" }, "client")))).toEqual(["null_id"]);
  });

  it("tells of two entries of one name", async () => {
    const { see } = await ready();
    const [found] = see(reply("tools/list", { tools: [tool("a"), tool("b"), tool("a", "Does evil.")] }));
    expect([found?.rule, found?.evidence]).toEqual(["mcp.protocol.duplicate_name", "a"]);
    expect(see(reply("prompts/list", { prompts: [{ name: "a" }, { name: "b" }] }))).toEqual([]);
  });
});

describe("ProtocolChecks, arguments", () => {
  const schema = {
    type: "object",
    properties: { path: { type: "string" }, depth: { type: "integer", minimum: 1 } },
    required: ["path"],
    additionalProperties: false,
  };
  const calling = async (args: unknown, inputSchema: unknown = schema) => {
    const { see } = await ready();
    see(reply("tools/list", { tools: [tool("find", "Finds.", { inputSchema })] }));
    return see(request("tools/call", { name: "find", arguments: args }));
  };

  it("tells of arguments that do not fit the schema, and where", async () => {
    const [found] = await calling({ path: 5 });
    expect(found?.rule).toBe("mcp.protocol.bad_arguments");
    expect(found?.message).toBe("claude[1] called find with arguments that do not fit its schema");
    expect(found?.evidence).toContain("#/path: ");
    expect(rules(await calling({}))).toEqual(["bad_arguments"]);
    expect(rules(await calling({ path: "/", more: 1 }))).toEqual(["bad_arguments"]);
    expect(rules(await calling(undefined))).toEqual(["bad_arguments"]);
  });

  it("takes arguments that fit", async () => {
    expect(await calling({ path: "/", depth: 2 })).toEqual([]);
    expect(await calling(undefined, { type: "object" })).toEqual([]);
    expect(
      await calling({ a: { b: 1 } }, {
        type: "object",
        properties: { a: { $ref: "#/$defs/a" } },
        $defs: { a: { type: "object" } },
      }),
    ).toEqual([]);
  });

  it("tells of a tool that was not listed, if any was", async () => {
    const { see } = await ready();
    expect(see(request("tools/call", { name: "hidden" }))).toEqual([]);
    see(reply("tools/list", { tools: [tool("a")] }));
    const [found] = see(request("tools/call", { name: "hidden" }));
    expect([found?.rule, found?.evidence]).toEqual(["mcp.protocol.unlisted_tool", "hidden"]);
  });

  it("does not call a tool unlisted where it may have been on a page that was not seen", async () => {
    const { see } = await ready();
    see(reply("tools/list", { tools: [tool("a")] }, { cursor: "2" }));
    expect(see(request("tools/call", { name: "hidden" }))).toEqual([]);
    see(reply("tools/list", { tools: [tool("a"), tool("b")] }));
    expect(rules(see(request("tools/call", { name: "hidden" })))).toEqual(["unlisted_tool"]);
  });

  it("judges by nothing that could take long", async () => {
    const bomb: Record<string, unknown> = { l0: { type: "object" } };
    for (let i = 1; i < 40; i++) {
      bomb[`l${i}`] = { allOf: [{ $ref: `#/$defs/l${i - 1}` }, { $ref: `#/$defs/l${i - 1}` }] };
    }
    const begun = performance.now();
    expect(await calling({ path: 1 }, { $ref: "#/$defs/l39", $defs: bomb })).toEqual([]);
    expect(await calling({ a: {} }, { properties: { a: { $ref: "#" } } })).toEqual([]);
    expect(await calling({ a: "a".repeat(50) + "!" }, { properties: { a: { pattern: "^(a+)+$" } } })).toEqual([]);
    expect(await calling({ a: "x" }, { properties: { a: { pattern: "(" } } })).toEqual([]);
    expect(await calling({ a: "x" }, { allOf: 7, properties: [] })).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it("keeps simple patterns, and properties that are called like keywords", async () => {
    const pattern = { properties: { pattern: { type: "string" }, id: { pattern: "^[a-z0-9-]+$" } } };
    expect(await calling({ pattern: "x", id: "a-1" }, pattern)).toEqual([]);
    expect(rules(await calling({ pattern: 5 }, pattern))).toEqual(["bad_arguments"]);
    expect(rules(await calling({ id: "A" }, pattern))).toEqual(["bad_arguments"]);
  });

  it("judges calls that came before the validator was loaded, once it is", async () => {
    const { see, checks } = checked();
    see(reply("tools/list", { tools: [tool("find", "Finds.", { inputSchema: schema })] }));
    const wrong = request("tools/call", { name: "find", arguments: { path: 5 } });
    expect(see(wrong)).toEqual([]);
    see(request("tools/call", { name: "find", arguments: { path: "/" } }));
    expect(checks.waits).toBe(true);
    await checks.load();
    const found = checks.late();
    expect(rules(found)).toEqual(["bad_arguments"]);
    expect(found[0]?.event).toBe(wrong);
    expect(checks.waits).toBe(false);
  });

  it("wants the validator as soon as tools are listed, so that the next call need not wait", async () => {
    const { see, checks } = checked();
    see(reply("resources/list", { resources: [] }));
    expect(checks.waits).toBe(false);
    see(reply("tools/list", { tools: [tool("find", "Finds.", { inputSchema: schema })] }));
    expect(checks.waits).toBe(true);
    await checks.load();
    expect(checks.waits).toBe(false);
    expect(rules(see(request("tools/call", { name: "find", arguments: { path: 5 } })))).toEqual(["bad_arguments"]);
  });

  it("can be turned off", async () => {
    const { all, of } = pair();
    const checks = new ProtocolChecks({ checkArguments: false });
    await checks.load();
    all.observe(reply("tools/list", { tools: [tool("find", "Finds.", { inputSchema: schema })] }), of);
    expect(checks.check(request("tools/call", { name: "find", arguments: {} }), context(of, "client"))).toEqual([]);
  });
});
