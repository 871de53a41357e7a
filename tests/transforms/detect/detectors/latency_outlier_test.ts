import { describe, expect, it } from "vitest";
import latencyOutlier from "../../../../transforms/detect/detectors/latency_outlier.ts";
import { found, Talk } from "../_talk.ts";

/** Calls that take so many seconds each. */
function calls(talk: Talk, seconds: readonly number[], tool = "search") {
  return seconds.flatMap((took) => {
    const call = talk.call(tool);
    return [call, talk.wait(took).text(call, "x")];
  });
}

const usual = Array.from({ length: 40 }, (_, k) => 0.2 + k / 100);

describe("latency_outlier", () => {
  it("tells of a call that took far longer than usual", () => {
    const [finding, ...more] = found(latencyOutlier, calls(new Talk(), [...usual, 12, 0.3]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "mcp.call.slow", severity: "low", details: { calls: 40, took_ms: 12001 } });
    expect(finding?.message).toMatch(
      /^tools\/call "search" of server "files" took 12 s; 95 of 100 take 5\d\d ms or less$/,
    );
  });

  it("says nothing before it knows what is usual, or of what is fast, or of another tool", () => {
    expect(found(latencyOutlier, calls(new Talk(), [...usual.slice(0, 20), 12]))).toEqual([]);
    expect(found(latencyOutlier, calls(new Talk(), [...usual.map((s) => s / 1000), 0.9]))).toEqual([]);
    const talk = new Talk();
    expect(found(latencyOutlier, [...calls(talk, usual), ...calls(talk, [12], "other")])).toEqual([]);
  });

  it("takes for usual what goes on", () => {
    const slow = Array.from({ length: 60 }, () => 6);
    expect(found(latencyOutlier, calls(new Talk(), [...usual, ...slow])).length).toBeLessThan(10);
  });
});
