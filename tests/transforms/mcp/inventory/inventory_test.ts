import { describe, expect, it } from "vitest";
import type { Event } from "../../../../pipeline/event.ts";
import { loadTokenizer } from "../../../../pipeline/tokens.ts";
import { http, initialized, inventory, pair, reply, server, session, stdio, tool } from "../_messages.ts";

const page = (names: readonly string[], nextCursor?: string) => ({
  tools: names.map((name) => tool(name)),
  ...(nextCursor === undefined ? {} : { nextCursor }),
});

describe("Inventory, servers", () => {
  it("learns who a server is from its answer to initialize", () => {
    const { all, at, of } = pair();
    expect(at.name).toBe("server");
    const before = at.version;
    all.observe(
      initialized("everything", { capabilities: { tools: {} }, instructions: "Be kind." }),
      of,
    );
    expect(at.info).toEqual({ name: "everything", title: undefined, version: "1" });
    expect([at.name, at.instructions, at.capabilities]).toEqual(["everything", "Be kind.", { tools: {} }]);
    expect(at.eras).toEqual(["2025-11-25"]);
    expect(at.version).toBeGreaterThan(before);
  });

  it("does not count the version up for the same again", () => {
    const { all, at, of } = pair();
    const say = () => all.observe(initialized("everything", { capabilities: { tools: {} }, instructions: "x" }), of);
    say();
    all.observe(reply("tools/list", page(["a"])), of);
    const { version } = at;
    say();
    all.observe(reply("tools/list", page(["a"])), of);
    expect(at.version).toBe(version);
  });

  it("learns the name of a 2026-07-28 server from _meta of any result", () => {
    const all = inventory();
    const at = all.server(http("api.example/mcp"));
    const of = session(at, { era: "2026-07-28" });
    const meta = { "io.modelcontextprotocol/serverInfo": { name: "modern", version: "2" } };
    all.observe(reply("tools/call", { content: [], _meta: meta }), of);
    expect(at.info?.name).toBe("modern");
    expect(at.name).toBe("modern");
  });

  it("gives one server for one command line, whatever the pid", () => {
    const all = inventory();
    const one = all.server(stdio({ ...server, pid: 10 }));
    expect(all.server(stdio({ ...server, pid: 11 }))).toBe(one);
    expect(one.process?.pid).toBe(11);
    expect(all.server(stdio({ ...server, args: ["node", "/srv/other.js"] }))).not.toBe(one);
    expect([...all.servers].length).toBe(2);
  });

  it("tells servers apart that share a relative command line, once they say their names", () => {
    const all = inventory();
    const at = stdio({ ...server, args: ["node", "dist/index.js"] });
    const [first, second, third] = [1, 2, 3].map(() => session(all.server(at)));
    all.observe(initialized("one"), first!);
    all.observe(initialized("two"), second!);
    all.observe(initialized("two"), third!);
    expect(second!.server).not.toBe(first!.server);
    expect(third!.server).toBe(second!.server);
    expect([first!.server.name, second!.server.name]).toEqual(["one", "two"]);
  });

  it("keeps the server when one with an absolute path renames itself", () => {
    const all = inventory();
    const [first, second] = [1, 2].map(() => session(all.server(stdio())));
    all.observe(initialized("one"), first!);
    all.observe(initialized("two"), second!);
    expect(second!.server).toBe(first!.server);
    expect(second!.server.name).toBe("two");
  });
});

describe("Inventory, lists", () => {
  it("has the tools of a list, with hash and times", async () => {
    const { all, at, of } = pair();
    all.observe(reply("tools/list", page(["a", "b"]), undefined, 5000), of);
    all.observe(reply("tools/list", page(["a", "b", "c"]), undefined, 6000), of);
    expect([...at.tools.keys()]).toEqual(["a", "b", "c"]);
    const a = at.tools.get("a");
    expect(a?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect([a?.kind, a?.firstSeen, a?.lastSeen]).toEqual(["tool", 5000, 6000]);
    await loadTokenizer();
    expect(a?.tokens).toBeGreaterThan(5);
  });

  it("does not care for the order of members, and does for every value", () => {
    const { all, at, of } = pair();
    const list = (entry: string) => all.observe(reply("tools/list", JSON.parse(`{"tools":[${entry}]}`)), of);
    list('{"name":"a","description":"x","annotations":{"p":1,"q":[1,2]}}');
    const first = at.tools.get("a")?.hash;
    list('{"annotations":{"q":[1.0,2],"p":1e0},"description":"x","name":"a"}');
    expect(at.tools.get("a")?.hash).toBe(first);
    list('{"annotations":{"q":[2,1],"p":1},"description":"x","name":"a"}');
    expect(at.tools.get("a")?.hash).not.toBe(first);
  });

  it("removes what a complete list no longer has, and leaves earlier lists as they were", () => {
    const { all, at, of } = pair();
    const before = all.observe(reply("tools/list", page(["a", "b"])), of);
    all.observe(reply("tools/list", page(["b"])), of);
    expect([...at.tools.keys()]).toEqual(["b"]);
    expect([...before!.keys()]).toEqual(["a", "b"]);
  });

  it("joins pages, and replaces the list with the last one", () => {
    const { all, at, of } = pair();
    all.observe(reply("tools/list", page(["old", "a"])), of);
    expect(all.observe(reply("tools/list", page(["a", "b"], "2")), of)).toBeUndefined();
    expect([...at.tools.keys()]).toEqual(["old", "a"]);
    const done = all.observe(reply("tools/list", page(["c"]), { cursor: "2" }), of);
    expect([...at.tools.keys()]).toEqual(["a", "b", "c"]);
    expect(done).toBe(at.tools);
  });

  it("removes nothing when it has not seen the first page", () => {
    const { all, at, of } = pair();
    all.observe(reply("tools/list", page(["a", "b"])), of);
    all.observe(reply("tools/list", page(["c"]), { cursor: "2" }), of);
    expect([...at.tools.keys()]).toEqual(["a", "b", "c"]);
  });

  it("joins the pages of each session by themselves", () => {
    const { all, at, of } = pair();
    const other = session(at);
    all.observe(reply("tools/list", page(["a"], "2")), of);
    all.observe(reply("tools/list", page(["a"], "2")), other);
    all.observe(reply("tools/list", page(["b"]), { cursor: "2" }), of);
    all.observe(reply("tools/list", page(["b"]), { cursor: "2" }), other);
    expect([...at.tools.keys()]).toEqual(["a", "b"]);
  });

  it("has resources by URI, templates by template and prompts by name", () => {
    const { all, at, of } = pair();
    all.observe(reply("resources/list", { resources: [{ uri: "file:///a", name: "n" }] }), of);
    all.observe(reply("resources/templates/list", { resourceTemplates: [{ uriTemplate: "x://{y}", name: "n" }] }), of);
    all.observe(reply("prompts/list", { prompts: [{ name: "p" }] }), of);
    expect([[...at.resources.keys()], [...at.resourceTemplates.keys()], [...at.prompts.keys()]])
      .toEqual([["file:///a"], ["x://{y}"], ["p"]]);
  });

  it("leaves an error response out", () => {
    const { all, at, of } = pair();
    const event = reply("tools/list", {});
    Object.defineProperty(event, "isError", { value: true });
    all.observe(event, of);
    expect([at.tools.size, all.counts.lists]).toEqual([0, 0]);
  });
});

describe("Inventory, bounds", () => {
  it("tells of what it passes over in a gap, and again when it is ten times as much", () => {
    const { all, of } = pair();
    const gaps: Event[] = [];
    for (let i = 0; i < 25; i++) {
      all.observe(reply("tools/list", { tools: "none" }), of);
      all.report(i, "test", gaps);
    }
    expect(gaps.map((gap) => gap.kind === "gap" && [gap.reason, gap.message])).toEqual([
      ["inventory", "The inventory of servers is not whole. Lists that cannot be read or are too large: 1"],
      ["inventory", "The inventory of servers is not whole. Lists that cannot be read or are too large: 10"],
    ]);
  });

  it("passes over lists and entries that are too large, too many or no entries, and counts them", () => {
    const { all, at, of } = pair({ entries: 2, entrySize: 1000, pageBytes: 6000 });
    all.observe(reply("tools/list", { tools: [tool("a", "x".repeat(2000)), tool("b"), 5, { name: 7 }] }), of);
    all.observe(reply("prompts/list", { prompts: [{ name: "n".repeat(5000) }] }), of);
    expect([[...at.tools.keys()], at.prompts.size, all.counts.entries]).toEqual([["b"], 0, 4]);
    all.observe(reply("tools/list", page(["a", "b", "c", "d"])), of);
    expect([at.tools.size, all.counts.entries]).toEqual([2, 6]);
    all.observe(reply("tools/list", { tools: [tool("e", "x".repeat(7000))] }), of);
    expect([at.tools.size, all.counts.lists]).toEqual([2, 1]);
    all.observe(reply("tools/list", { tools: "none" }), of);
    expect([at.tools.size, all.counts.lists]).toEqual([2, 2]);
  });

  it("forgets the longest silent server, and knows it again when it speaks", () => {
    const all = inventory({ servers: 3 });
    const at = (n: number) => all.server(http(`s${n}.example/mcp`, { time: n }));
    const first = session(at(1));
    for (let n = 2; n < 10; n++) at(n);
    expect([...all.servers].length).toBe(3);
    expect(all.counts.forgotten).toBe(6);
    all.observe(reply("tools/list", page(["a"])), first);
    expect([...all.servers]).toContain(first.server);
    expect([...all.servers].length).toBe(3);
  });

  it("keeps a bounded part of a list that never ends", () => {
    const { all, at, of } = pair({ listSize: 20_000, entries: 100 });
    for (let i = 0; i < 500; i++) {
      const entries = [tool(`t${i}`, "x".repeat(1000))];
      all.observe(
        reply("tools/list", { tools: entries, nextCursor: `${i + 1}` }, i === 0 ? {} : { cursor: `${i}` }),
        of,
      );
    }
    expect(at.size).toBeLessThan(22_000);
    all.observe(reply("tools/list", { tools: [] }, { cursor: "500" }), of);
    expect(at.tools.size).toBeGreaterThan(10);
    expect(at.size).toBeLessThan(22_000);
    expect(all.counts.entries).toBeGreaterThan(400);
  });

  it("gives up lists of which the next page does not come", () => {
    const { all, at } = pair({ pages: 2, size: 10_000 });
    for (let i = 0; i < 50; i++) {
      all.observe(reply("tools/list", { tools: [tool("a", "x".repeat(3000))], nextCursor: "x" }), session(at));
    }
    expect(at.size).toBeLessThan(7000);
  });

  it("forgets lists of silent servers for those of the server that speaks", () => {
    const all = inventory({ size: 20_000 });
    for (let n = 0; n < 10; n++) {
      const of = session(all.server(http(`s${n}.example/mcp`, { time: n })));
      all.observe(reply("tools/list", { tools: [tool("a", "x".repeat(5000))] }, undefined, n + 1), of);
    }
    const having = [...all.servers].filter(({ tools }) => tools.size > 0);
    expect(having.map(({ address }) => address)).toEqual(["s7.example/mcp", "s8.example/mcp", "s9.example/mcp"]);
  });
});
