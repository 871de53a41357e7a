import { describe, expect, it } from "vitest";
import filter from "../../../transforms/filter/mod.ts";
import { countTokens } from "../../../pipeline/tokens.ts";
import { callOf, decoded, finding, gap, toolCall, within } from "../../pipeline/query/_messages.ts";
import { chunk, session } from "../jsonrpc/_feed.ts";
import { run } from "./_run.ts";

/** The messages that the options' schema has for what is wrong. */
function mistakes(options: unknown): string[] {
  const { error } = filter.options.safeParse(options);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

describe("filter", () => {
  it("keeps what matches and counts the rest", async () => {
    const search = await toolCall("search"), other = await toolCall("other");
    const { events, dropped } = await run(filter, { where: "tool:search" }, [...search, ...other]);
    expect(events).toEqual(search);
    expect(dropped).toEqual({ filtered: 2 });
  });

  it("keeps findings and gaps that may belong to what is kept, and none that do not", async () => {
    const [request, response] = await toolCall("search");
    const about = finding({ event: request }), free = finding(), lost = gap();
    const all = [request, response, about, free, lost];
    expect((await run(filter, { where: "tool:search" }, all)).events).toEqual(all);
    expect((await run(filter, { where: "tool:other" }, all)).events).toEqual([free, lost]);
    expect((await run(filter, { where: "kind:mcp" }, all)).events).toEqual([request, response]);
    expect((await run(filter, { where: "severity>=high" }, all)).events).toEqual([about, free, lost]);
    expect((await run(filter, { drop: "tool:search" }, all)).events).toEqual([free, lost]);
    expect((await run(filter, { drop: "kind:(finding|gap)" }, all)).events).toEqual([request, response]);
  });

  it("takes several expressions for any of them, and where and drop for both", async () => {
    const [a] = await toolCall("a"), [b] = await toolCall("b"), [c] = await toolCall("c");
    expect((await run(filter, { where: ["tool:a", "tool:b"] }, [a, b, c])).events).toEqual([a, b]);
    expect((await run(filter, { drop: ["tool:a", "tool:b"] }, [a, b, c])).events).toEqual([c]);
    expect((await run(filter, { where: "tool:(a|b)", drop: "tool:b" }, [a, b, c])).events).toEqual([a]);
  });

  it("passes a batch on as it is if all of it matches", async () => {
    const batch = await decoded({ jsonrpc: "2.0", id: 1, method: "ping" }, { jsonrpc: "2.0", id: 2, method: "ping" });
    const transform = await filter.create(filter.options.parse({ where: "method:ping" }), {
      name: "",
      signal: new AbortController().signal,
      log: { info() {}, warn() {}, error() {} },
      metrics: { dropped() {}, error() {}, set() {} },
    });
    for await (
      const out of transform((async function* () {
        yield batch;
      })())
    ) expect(out).toBe(batch);
  });

  it("loads what counts tokens, if it is asked for them", async () => {
    const [request, response] = await toolCall("a");
    const call = callOf(request, "ok");
    Object.defineProperties(call, {
      tokensIn: { get: () => countTokens("a b c") },
      tokensOut: { get: () => countTokens("d e f g") },
    });
    within(response, { call, endsCall: true });
    expect((await run(filter, { where: "tokens:7" }, [request, response])).events).toEqual([response]);
  });

  it("says once that it stands in front of what makes messages", async () => {
    const bytes = [chunk(session().down, "a"), chunk(session().down, "b")];
    const blind = await run(filter, { where: "tool:x" }, bytes);
    expect([blind.events, blind.warnings]).toEqual([
      [],
      ["bytes are dropped before messages are made of them; this transform belongs behind jsonrpc"],
    ]);
    const seeing = await run(filter, { where: "pid:1" }, [
      ...bytes,
      chunk(session().down, "c", { process: undefined, peer: undefined }),
    ]);
    expect([seeing.events, seeing.warnings]).toEqual([bytes, []]);
  });

  it("says once that it stands in front of what knows servers and calls", async () => {
    const bare = [...await toolCall("a"), ...await toolCall("b")];
    const said = await run(filter, { where: "server:x duration>1s" }, bare);
    expect([said.events, said.warnings]).toEqual([
      [],
      ['messages have no server, duration here; { "type": "mcp" } before this would add it'],
    ]);
    const [known] = await toolCall("a");
    expect((await run(filter, { where: "server:x" }, [within(known)])).warnings).toEqual([]);
    expect((await run(filter, { where: "tool:x" }, bare)).warnings).toEqual([]);
  });

  it.each([
    [{ where: "tol:x" }, ['where: column 1 of the expression: unknown field "tol"; did you mean "tool"?']],
    [{ drop: ["a", "b (c"] }, ['drop.1: column 3 of the expression: this "(" is never closed']],
    [{}, [': expected "where" or "drop" with a filter expression, such as "status:error"']],
    [{ where: "" }, ["where: column 1 of the expression: expected a condition, such as tool:search* or status:error"]],
  ])("names what is wrong with %j", (options, expected) => {
    expect(mistakes(options)).toEqual(expected);
  });
});
