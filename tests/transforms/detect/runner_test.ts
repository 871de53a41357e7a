import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Event, FindingEvent, McpType } from "../../../pipeline/event.ts";
import { Clock } from "../../../transforms/detect/clock.ts";
import {
  defineDetector,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
} from "../../../transforms/detect/detector.ts";
import { optionsOf } from "../../../transforms/detect/options.ts";
import { Runner } from "../../../transforms/detect/runner.ts";
import { run, Talk } from "./_talk.ts";

/** A detector that does what the test says. */
function detector(
  create: (context: DetectorContext) => Detector,
  more: Partial<Pick<DetectorDeclaration, "name" | "needles" | "callNeedles" | "types">> = {},
): DetectorDeclaration {
  const name = more.name ?? "test";
  return defineDetector({
    name,
    summary: "Does what a test says",
    state: "None.",
    options: z.strictObject({}),
    rules: [{
      code: `${name}.rule`,
      severity: "medium",
      summary: "Something",
      category: "test",
      references: ["OWASP-LLM01:2025"],
      target: "message",
    }],
    create: (_, context) => create(context),
    ...more,
  });
}

const marked = detector(({ report }) => ({ message: (event) => report("test.rule", { message: `saw ${event.id}` }) }));
const findings = (events: readonly Event[]) =>
  events.filter((event): event is FindingEvent => event.kind === "finding");

/** A runner whose log and metrics the test sees. */
function watched(detectors: readonly DetectorDeclaration[], clock = new Clock(() => 0)) {
  const said: string[] = [];
  const errors = new Map<string, number>();
  const say = (text: string) => void said.push(text);
  const runner = new Runner(detectors, optionsOf(detectors).parse({}), {
    log: { info: say, warn: say, error: say },
    metrics: {
      dropped() {},
      set() {},
      error: (reason: string) => errors.set(reason, (errors.get(reason) ?? 0) + 1),
    },
  }, clock);
  return { runner, said, errors };
}

describe("detect, the runner", () => {
  it("passes on a batch in which nothing is found as it is", () => {
    const { runner } = watched([detector(() => ({ message() {} }))]);
    const batch = [new Talk().call("a")];
    expect(runner.run(batch)).toBe(batch);
    expect(runner.run([])).toEqual([]);
  });

  it("puts findings right after the event that they were found in", () => {
    const { runner } = watched([marked]);
    const talk = new Talk();
    const [a, b] = [talk.call("a"), talk.call("b")];
    const out = runner.run([a, b]);
    expect(out.map((event) => event.kind)).toEqual(["mcp", "finding", "mcp", "finding"]);
    expect(out[1]).toMatchObject({
      rule: "test.rule",
      severity: "medium",
      message: `saw ${a.id}`,
      detector: "test",
      category: "test",
      target: "message",
      references: ["OWASP-LLM01:2025"],
      time: a.time,
      source: "test",
      process: { name: "claude" },
      peer: { name: "files" },
    });
    const [finding] = findings(out);
    expect(finding?.event).toBe(a);
    expect(finding?.call).toBe(a.context?.call);
    expect(finding?.session).toBe(talk.session);
    expect(finding?.stream).toBe(a.stream);
  });

  it("tells apart what begins a call, what ends it, and what else comes of it", () => {
    const seen: string[] = [];
    const all = detector(() => ({
      called: () => void seen.push("called"),
      within: (_, { type }) => void seen.push(`within ${type}`),
      ended: () => void seen.push("ended"),
    }));
    const talk = new Talk(), call = talk.call("a");
    const unfinished = talk.answer(call, {}, false), alone = talk.notify("notifications/message", {}, "server");
    run([all], [call, talk.progress(call), unfinished, alone, talk.text(call, "x"), talk.answer(call, {}, false)]);
    expect(seen).toEqual(["called", "within notification", "within response", "ended", "within response"]);
  });

  it("asks each detector for what it has methods for, in the order of things", () => {
    const seen: string[] = [];
    const all = detector(() => ({
      session: ({ clientInfo }) => void seen.push(`session ${clientInfo?.name}`),
      called: ({ name }) => void seen.push(`called ${name}`),
      message: ({ type }) => void seen.push(`message ${type}`),
      definitions: (changes) => void seen.push(`definitions ${changes.length}`),
      ended: ({ outcome }, event) => void seen.push(`ended ${outcome} ${event?.type}`),
      other: (event) => void seen.push(`other ${event.source}`),
      end: () => void seen.push("end"),
    }));
    const talk = new Talk();
    const call = talk.call("a");
    const gap: Event = { kind: "gap", time: talk.now, source: "g", reason: "x", message: "x" };
    const tools = talk.tools([{ name: "a" }, { name: "b" }]);
    talk.session.clientInfo = { name: "claude", title: undefined, version: undefined };
    run([all], [call, talk.text(call, "x"), gap, ...tools]);
    expect(seen.filter((text) => !text.startsWith("message"))).toEqual([
      "session claude",
      "called a",
      "ended ok response",
      "other g",
      "called undefined",
      "definitions 2",
      "ended ok response",
      "end",
    ]);
    expect(seen.slice(0, 3)).toEqual(["session claude", "called a", "message request"]);
  });

  it("tells again of a session that says who it is later", () => {
    const seen: (string | undefined)[] = [];
    const talk = new Talk();
    const { runner } = watched([detector(() => ({ session: (session) => void seen.push(session.clientInfo?.name) }))]);
    runner.run([talk.request("initialize")]);
    talk.session.clientInfo = { name: "claude", title: undefined, version: undefined };
    runner.run([talk.notify("notifications/initialized"), talk.call("a")]);
    expect(seen).toEqual([undefined, "claude"]);
  });

  it("shows a message only to those whose needles it has, of any number of detectors", () => {
    const seen: string[] = [];
    const wanting = (name: string, needle: string) =>
      detector(() => ({ message: () => void seen.push(name) }), { name, needles: [needle] });
    const many = Array.from({ length: 70 }, (_, k) => wanting(`d${k}`, `needle-${String(k).padStart(3, "0")};`));
    const text = (words: string) => new Talk().call("a", { words });
    run(many, [text("x"), text("a NEEDLE-003; and needle-069; and needle-031;")]);
    expect(seen).toEqual(["d3", "d31", "d69"]);
  });

  it("shows messages of the types that are wanted", () => {
    const seen: string[] = [];
    const wanting = (name: string, types?: McpType[], needles?: string[]) =>
      detector(() => ({ message: ({ type }) => void seen.push(`${name} ${type}`) }), { name, types, needles });
    const talk = new Talk();
    const call = talk.call("a", { text: "needle" });
    run(
      [
        wanting("all"),
        wanting("requests", ["request"]),
        wanting("answers", ["response"], ["needle"]),
        wanting("told", ["notification", "request"], ["needle"]),
      ],
      [call, talk.text(call, "needle"), talk.fail(talk.call("a"), 1, "needle"), talk.notify("x", { needle: 1 })],
    );
    expect(seen).toEqual([
      ...["all request", "requests request", "told request"],
      ...["all response", "answers response"],
      ...["all response", "answers response"],
      ...["all notification", "told notification"],
    ]);
  });

  it("looks for needles neither in the envelope nor around the message", () => {
    const seen: string[] = [];
    const envelope = detector(() => ({ message: () => void seen.push("x") }), {
      needles: ["####", "jsonrpc", "tools/"],
    });
    const talk = new Talk(); // its messages stand among # in a buffer
    const list = talk.request("tools/list");
    run([envelope], [talk.call("a"), list, talk.answer(list, 1), talk.notify("tools/x")]);
    expect(seen).toEqual([]);
  });

  it("says of each call whether it holds what the detector looks for", () => {
    const seen: [string | undefined, boolean][] = [];
    const looking = (name: string, needle: string) =>
      detector(() => ({ called: (call, _, holds) => void seen.push([`${name} ${call.name}`, holds]) }), {
        name,
        callNeedles: [needle],
      });
    const talk = new Talk(), first = talk.call("a", { text: "an apple" });
    const answer = talk.answer(first, { content: [{ type: "text", text: "a pear" }] });
    const all = [looking("one", "apple"), looking("two", "pear")];
    run(all, [first, answer, talk.call("b", { text: "pears and apples" }), talk.call("c")]);
    expect(seen).toEqual([
      ["one a", true],
      ["two a", false],
      ["one b", true],
      ["two b", true],
      ["one c", false],
      ["two c", false],
    ]);
  });

  it("goes on when a detector fails, and says so once", () => {
    const broken = detector(() => ({
      message() {
        throw new TypeError("oops");
      },
      tick() {
        throw "not even an error";
      },
      end() {
        throw new Error("again");
      },
    }), { name: "broken" });
    const { runner, said, errors } = watched([broken, marked]);
    const talk = new Talk();
    const out = [...runner.run([talk.call("a"), talk.call("b")]), ...runner.end()];
    expect(out.map((event) => event.kind)).toEqual(["mcp", "gap", "finding", "mcp", "finding"]);
    expect(out[1]).toMatchObject({ reason: "detector_failed" });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^the detector broken failed and goes on; please report it: /);
    expect(errors.get("detector_broken")).toBeGreaterThanOrEqual(4);
  });

  it("takes a finding of a rule that is not declared for a fault", () => {
    const wrong = detector(({ report }) => ({ message: () => report("other.rule", { message: "x" }) }));
    const { runner, said } = watched([wrong]);
    expect(findings(runner.run([new Talk().call("a")]))).toEqual([]);
    expect(said[0]).toContain('test declares no rule "other.rule"');
  });

  it("tells the time about once a second of the events' clock, also while there are none", () => {
    const ticks: number[] = [];
    let local = 0;
    const ticking = detector(({ report }) => ({
      tick(now) {
        ticks.push(now);
        report("test.rule", { message: "tick" });
      },
    }));
    const { runner } = watched([ticking], new Clock(() => local));
    const talk = new Talk();
    const start = talk.now;
    runner.run([]);
    runner.run([talk.call("a"), talk.call("b"), talk.wait(2.5).call("c")]);
    local += 400;
    expect(runner.run([])).toEqual([]);
    local += 800;
    expect(findings(runner.run([])).map(({ time, source }) => [time - start, source])).toEqual([[3702, "detect"]]);
    const gap: Event = { kind: "gap", time: start, source: "late", reason: "x", message: "x" };
    runner.run([gap]);
    expect(ticks.map((now) => now - start)).toEqual([0, 2502, 3702]);
  });

  it("does not wait for ever for what detectors load", async () => {
    const waited: number[] = [];
    const wall = {
      now: () => 0,
      after(ms: number, call: () => void) {
        waited.push(ms);
        queueMicrotask(call);
        return () => {};
      },
    };
    const { runner } = watched(
      [detector(() => ({ ready: () => new Promise<void>(() => {}) }))],
      new Clock(() => 0, wall),
    );
    await runner.settle();
    expect(waited).toEqual([2000]);
  });

  it("says once that nothing is judged where no mcp stands before it", () => {
    const { runner, said } = watched([marked]);
    const bare = new Talk().call("a");
    bare.context = undefined;
    expect(runner.run([bare, bare])).toEqual([bare, bare]);
    expect(said).toEqual(['nothing is judged: put { "type": "mcp" } before detect']);
  });

  it("ends a call for which a finding stands instead of a message", () => {
    const ended: (string | undefined)[] = [];
    const watch = detector(() => ({
      ended: (call, event) => void ended.push(event === undefined ? call.outcome : "message"),
    }));
    const talk = new Talk();
    const request = talk.call("a");
    const call = { ...request.context!.call!, outcome: "hung" as const };
    const finding: FindingEvent = {
      kind: "finding",
      time: talk.now,
      source: "test",
      rule: "mcp.call.unanswered",
      severity: "low",
      message: "a call was never answered",
      call,
    };
    run([watch], [request, finding, { ...finding, event: request }]);
    expect(ended).toEqual(["hung"]);
  });
});

describe("detect, its options", () => {
  const one = detector(({ report }) => ({ message: () => report("one.rule", { message: "" }) }), { name: "one" });
  const names = (options: Record<string, unknown>) =>
    findings(run([marked, one], [new Talk().call("a")], options)).map(({ detector, severity }) =>
      `${detector} ${severity}`
    );

  it("choose detectors", () => {
    expect(names({})).toEqual(["test medium", "one medium"]);
    expect(names({ only: ["one"] })).toEqual(["one medium"]);
    expect(names({ except: ["one"] })).toEqual(["test medium"]);
    expect(names({ detectors: { one: false } })).toEqual(["test medium"]);
    expect(names({ detectors: { one: {} } })).toEqual(["test medium", "one medium"]);
  });

  it("say how bad a rule is", () => {
    expect(names({ severity: { "one.rule": "critical" } })).toEqual(["test medium", "one critical"]);
    expect(names({ severity: { "one.rule": "off" } })).toEqual(["test medium"]);
  });

  it("refuse names that there are not", () => {
    for (const wrong of [{ only: ["on"] }, { severity: { x: "low" } }, { detectors: { x: false } }, { only: [] }]) {
      expect(optionsOf([marked, one]).safeParse(wrong).success).toBe(false);
    }
  });
});

describe("detect, floods", () => {
  const flood = (talk: Talk, count: number) => Array.from({ length: count }, () => talk.call("a"));

  it("tells so many findings of a rule a minute, and how many more there were", () => {
    const talk = new Talk();
    const events = flood(talk, 100);
    const later = talk.wait(61).call("a");
    const told = findings(run([marked], [...events, later], { max_findings_per_minute: 5 }));
    expect(told).toHaveLength(7);
    expect(told[5]).toMatchObject({ rule: "test.rule", severity: "medium", details: { held_back: 95 } });
    expect(told[5]?.message).toBe(
      `95 more findings of this rule in this session within a minute; the last: saw ${events.at(-1)?.id}`,
    );
    expect(told[6]?.message).toBe(`saw ${later.id}`);
  });

  it("tells at the end what was held back", () => {
    const told = findings(run([marked], flood(new Talk(), 7), { max_findings_per_minute: 5 }));
    expect(told.at(-1)?.details).toEqual({ held_back: 2 });
  });

  it("counts sessions apart, of which it remembers a bounded number", () => {
    const events = Array.from({ length: 12_000 }, () => new Talk().call("a"));
    const told = findings(run([marked], events, { max_findings_per_minute: 1 }));
    expect(told).toHaveLength(12_000);
  });

  it("shortens what comes from peers", () => {
    const long = "😀".repeat(10_000);
    const details = { deep: [[[[[[[["x"]]]]]]]], text: long, list: Array(1000).fill(long) };
    const talkative = detector(({ report }) => ({
      message: () => report("test.rule", { message: long, evidence: long, details }),
    }));
    const [finding] = findings(run([talkative], [new Talk().call("a")]));
    expect(finding?.message.length).toBeLessThanOrEqual(500);
    expect(finding?.evidence?.length).toBeLessThanOrEqual(300);
    const text = JSON.stringify(finding?.details);
    expect(text.length).toBeLessThan(40_000);
    expect(text).not.toMatch(/\\ud83d(?!\\ude00)/);
    const short = (length: number) => `${"😀".repeat(length)}…`;
    expect(finding?.details).toMatchObject({ text: short(499), deep: [[[[["…"]]]]] });
  });
});
