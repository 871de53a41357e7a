import { describe, expect, it } from "vitest";
import hungCall from "../../../../transforms/detect/detectors/hung_call.ts";
import { found, Talk } from "../_talk.ts";

describe("hung_call", () => {
  it("tells once of a call without an answer, with the time", () => {
    const talk = new Talk();
    const call = talk.call("search", { q: "x" });
    const later = talk.wait(31).notify("notifications/message", {}, "server");
    const latest = talk.wait(300).notify("notifications/message", {}, "server");
    const [finding, ...more] = found(hungCall, [call, later, latest]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: "mcp.call.stuck",
      severity: "medium",
      message: 'tools/call "search" has had no answer for 31 s',
      details: { method: "tools/call", silent_s: 31, progress: 0 },
      target: "tool_call",
    });
    expect(finding?.call).toBe(call.context?.call);
    expect(finding?.time).toBe(later.time);
  });

  it("says nothing of calls that are answered in time, or make progress", () => {
    const talk = new Talk();
    const quick = talk.call("quick");
    const answer = talk.wait(29).answer(quick);
    const slow = talk.call("slow");
    const reports = Array.from({ length: 10 }, () => talk.wait(20).progress(slow));
    const end = talk.wait(20).answer(slow);
    expect(found(hungCall, [quick, answer, slow, ...reports, end])).toEqual([]);
  });

  it("tells of progress that has ceased", () => {
    const talk = new Talk();
    const call = talk.call("build");
    const events = [call, talk.wait(20).progress(call), talk.wait(20).progress(call), talk.wait(45).request("ping")];
    const [finding] = found(hungCall, events);
    expect(finding?.message).toBe('tools/call "build" has had no answer, and no progress for 45 s');
  });

  it("takes the seconds from its options", () => {
    const talk = new Talk();
    const events = [talk.call("search"), talk.wait(3).request("ping")];
    expect(found(hungCall, events)).toHaveLength(0);
    expect(found(hungCall, events, { after_s: 2 })).toHaveLength(1);
  });

  it("waits as long as people and models take, and then tells", () => {
    const talk = new Talk();
    const call = talk.call("book");
    const ask = talk.wait(1).request("elicitation/create", { message: "When?" }, "server");
    const noise = () => talk.notify("notifications/message", {}, "server");
    expect(found(hungCall, [call, ask, talk.wait(300).notify("notifications/message", {}, "server")])).toEqual([]);
    const answer = talk.answer(ask);
    const later = [talk.wait(20).progress(call), answer, noise()];
    expect(found(hungCall, [call, ask, ...later])).toEqual([]);
    const other = new Talk();
    const events = [other.request("elicitation/create", {}, "server"), other.wait(601).request("ping")];
    expect(found(hungCall, events).map(({ message }) => message)).toEqual([
      'elicitation/create by server "files" has had no answer for 601 s',
    ]);
  });

  it("does not wait for a server that waits for its client", () => {
    const talk = new Talk();
    const call = talk.call("book");
    const asks = talk.answer(call, { resultType: "input_required" }, false);
    expect(found(hungCall, [call, asks, talk.wait(300).request("ping")])).toEqual([]);
  });

  it("watches no more calls than it may", () => {
    const talk = new Talk();
    const calls = Array.from({ length: 50 }, (_, k) => talk.call(`t${k}`));
    const findings = found(hungCall, [...calls, talk.wait(60).notify("notifications/initialized")], { max_calls: 10 });
    expect(findings.map(({ call }) => call?.name)).toEqual(calls.slice(40).map((_, k) => `t${k + 40}`));
  });
});
