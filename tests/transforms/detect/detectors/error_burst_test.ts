import { describe, expect, it } from "vitest";
import errorBurst from "../../../../transforms/detect/detectors/error_burst.ts";
import { found, Talk } from "../_talk.ts";

/** Calls of tools in turn, of which those fail that the test says. One a second. */
function calls(talk: Talk, count: number, fails: (k: number) => boolean, tools: readonly string[] = ["search"]) {
  return Array.from({ length: count }, (_, k) => {
    const call = talk.wait(1).call(tools[k % tools.length]!);
    return [call, fails(k) ? talk.answer(call, { isError: true, content: [] }) : talk.text(call, "x")];
  }).flat();
}

describe("error_burst", () => {
  it("tells once when a tool begins to fail", () => {
    const talk = new Talk();
    const events = [...calls(talk, 300, (k) => k % 100 === 7), ...calls(talk.wait(60), 20, () => true)];
    const [finding, ...more] = found(errorBurst, events);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: "mcp.call.error_burst",
      severity: "medium",
      details: { errors: 5, calls: 5, usual_share: 0.0099 },
    });
    expect(finding?.message).toBe(
      'tools/call "search" of server "files" failed 5 times in 5 calls within 60 s; usually 1.0 % do',
    );
  });

  it("tells of a tool that fails from the first", () => {
    const findings = found(errorBurst, calls(new Talk(), 6, () => true));
    expect(findings.map(({ message }) => message)).toEqual([
      'tools/call "search" of server "files" failed 5 times in 5 calls within 60 s',
    ]);
  });

  it("says nothing of a tool that usually fails as often", () => {
    const talk = new Talk();
    const [first] = found(errorBurst, calls(talk, 2000, (k) => k % 2 === 0));
    expect(first?.details).toMatchObject({ errors: 5 }); // at the beginning nothing is usual
    expect(found(errorBurst, calls(new Talk(), 2000, (k) => k % 3 === 0))).toEqual([]);
  });

  it("tells again of the next burst", () => {
    const talk = new Talk();
    const burst = () => calls(talk.wait(600), 10, () => true);
    expect(found(errorBurst, [...burst(), ...calls(talk, 900, () => false), ...burst()])).toHaveLength(2);
  });

  it("tells of a server of which several tools fail, each too seldom to be told of", () => {
    const findings = found(errorBurst, calls(new Talk(), 12, () => true, ["a", "b", "c", "d", "e", "f"]));
    expect(findings.map(({ rule }) => rule)).toEqual(["mcp.server.error_burst"]);
    expect(findings[0]?.message).toBe(
      'Calls of several tools of server "files" fail: it failed 5 times in 5 calls within 60 s',
    );
  });

  it("counts JSON-RPC errors, and neither cancelled calls nor those without an answer", () => {
    const talk = new Talk();
    const errors = Array.from({ length: 6 }, () => talk.call("a")).flatMap((call) => [call, talk.fail(call)]);
    expect(found(errorBurst, errors)).toHaveLength(1);
    const other = new Talk();
    const cancelled = Array.from({ length: 6 }, () => other.call("a")).flatMap((call) => [call, other.cancel(call)]);
    expect(found(errorBurst, cancelled)).toEqual([]);
  });
});
