import { describe, expect, it } from "vitest";
import type { Json } from "../../../../pipeline/event.ts";
import runawayLoop from "../../../../transforms/detect/detectors/runaway_loop.ts";
import { definition, found, Talk } from "../_talk.ts";

const rules = (events: Parameters<typeof found>[1], options = {}) =>
  found(runawayLoop, events, options).map(({ rule }) => rule);

/** So many calls, the k-th with these arguments, one each `seconds`. */
function calls(count: number, args: (k: number) => Record<string, Json>, seconds = 1, tool = "search") {
  const talk = new Talk();
  return Array.from({ length: count }, (_, k) => {
    const params = { name: tool, arguments: args(k), _meta: { progressToken: k * 1000 } };
    return talk.wait(seconds).request("tools/call", params);
  });
}

describe("runaway_loop", () => {
  it("tells once of the same call again and again, whatever its progress token", () => {
    const [finding, ...more] = found(runawayLoop, calls(30, () => ({ q: "x" })));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "mcp.call.repeated", severity: "medium", details: { calls: 10 } });
    expect(finding?.message).toBe(
      'tools/call "search" of server "files" was called 10 times with the same arguments within 9 seconds',
    );
  });

  it("says nothing of calls with other arguments, or of few, or of slow ones", () => {
    expect(rules(calls(100, (k) => ({ q: k })))).toEqual([]);
    expect(rules(calls(9, () => ({ q: "x" })))).toEqual([]);
    expect(rules(calls(100, () => ({ q: "x" }), 7))).toEqual([]);
  });

  it("tells again of a loop that begins again", () => {
    const talk = new Talk();
    const burst = () => Array.from({ length: 12 }, () => talk.call("search", { q: "x" }));
    expect(rules([...burst(), ...(talk.wait(300), burst())])).toHaveLength(2);
  });

  it("does not tell again and again of calls at the limit", () => {
    expect(rules(calls(200, () => ({ q: "x" }), 60 / 9.5))).toHaveLength(1);
  });

  it("tells of two calls that take turns", () => {
    const events = calls(40, (k) => ({ page: k % 2 }), 0.5);
    expect(rules(events, { repeats: 100 })).toEqual(["mcp.call.ping_pong"]);
    expect(rules(calls(40, (k) => ({ page: k % 3 }), 0.5), { repeats: 100 })).toEqual([]);
    expect(rules(calls(40, (k) => ({ page: k % 2 }), 10), { repeats: 100 })).toEqual([]);
    expect(rules(calls(11, (k) => ({ page: k % 2 }), 0.5), { repeats: 100 })).toEqual([]);
  });

  it("tells calls of different sessions apart", () => {
    const talks = [new Talk(), new Talk()];
    const events = Array.from({ length: 16 }, (_, k) => talks[k % 2]!.call("search", { q: "x" }));
    expect(rules(events)).toEqual([]);
  });

  it.each<[string, Json, number]>([
    ["no content", { content: [] }, 1],
    ["empty text", { content: [{ type: "text", text: "" }] }, 1],
    ["an empty list as text", { content: [{ type: "text", text: " [] " }] }, 1],
    ["an empty list, structured", { content: [{ type: "text", text: "[]" }], structuredContent: { result: [] } }, 1],
    ["text", { content: [{ type: "text", text: "3 hits" }] }, 0],
    ["a structured value", { content: [], structuredContent: { count: 0 } }, 0],
    ["a picture", { content: [{ type: "image", data: "", mimeType: "image/png" }] }, 0],
    ["an error", { content: [], isError: true }, 0],
    ["long text", { content: [{ type: "text", text: " ".repeat(500) }] }, 0],
    ["a strange result", [null], 0],
    ["strange content", { content: { text: "" } }, 0],
  ])("counts results in a row that are empty: %s", (_, result, expected) => {
    const talk = new Talk();
    const events = Array.from({ length: 15 }, (_, k) => talk.call("search", { k })).flatMap((call) => [
      call,
      talk.answer(call, result),
    ]);
    expect(rules(events)).toEqual(Array(expected).fill("mcp.call.empty_results"));
  });

  it("begins again to count empty results after one that is not, and leaves out tools that write", () => {
    const talk = new Talk();
    const some = (tool: string, text: string, count: number) =>
      Array.from({ length: count }, (_, k) => talk.call(tool, { k })).flatMap((call) => [call, talk.text(call, text)]);
    expect(rules([...some("search", "", 9), ...some("search", "x", 1), ...some("search", "", 9)])).toEqual([]);
    const tool = { name: "write", annotations: { readOnlyHint: false } };
    talk.server.tools.set("write", definition("tool", tool, 0));
    expect(rules(some("write", "", 30))).toEqual([]);
  });
});
