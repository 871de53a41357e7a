import { describe, expect, it } from "vitest";
import type { Event, Severity } from "../../../pipeline/event.ts";
import { box } from "../../../sinks/console/box.ts";
import { Formatter } from "../../../sinks/console/format.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { summary } from "../../../sinks/console/summary.ts";
import { Tally } from "../../../sinks/console/tally.ts";
import { answer, ask, followed, META, Talk, tell, text, use } from "../../transforms/mcp/_talk.ts";
import { NOON } from "./_events.ts";

/** The lines without the time. */
function lines(events: readonly Event[]): string[] {
  const formatter = new Formatter({ palette: palette(false), verbose: false, box: box(true) });
  return events.map((event) => formatter.format(event, 160).trimEnd().replace(/^\S+ {2}/, ""));
}

function totals(events: readonly Event[]): string {
  const tally = new Tally();
  for (const event of events) tally.add(event);
  return summary(tally, 100, palette(false));
}

const modern = { _meta: META };

describe("the console, of calls", () => {
  it("names the server as it names itself, from then on", async () => {
    const { events } = new Talk().initialize();
    const formatter = new Formatter({ palette: palette(false), verbose: false, box: box(true) });
    const shown: string[] = [];
    const show = (event: Event) => void shown.push(formatter.format(event, 160).slice(14));
    await followed(events.map((event) => [event]), {}, new Map(), show);
    expect(shown[0]).toMatch(/^claude\[1\] → server-everything\[2\] {2}▸ initialize/);
    expect(shown[1]).toMatch(/^claude\[1\] ← weather\[2\] {12}✓ initialize/);
  });

  it("lets a server's name do nothing to the screen, nor take all of the line", async () => {
    const name = `\u001b[2J${"x".repeat(300)}`;
    const talk = new Talk().client(ask(0, "initialize")).server(answer(0, { serverInfo: { name } })).client(
      use(1, "a"),
    );
    const all = lines((await talk.run()).messages);
    expect(all.join()).toContain("␛[2Jxxx");
    expect(all.join()).not.toContain("\u001b");
    expect(all[2]).not.toContain("x".repeat(50));
  });

  it("tells how long a call waited for a person", async () => {
    const talk = new Talk().initialize().client(use(1, "a")).server(ask(7, "elicitation/create", { message: "?" }))
      .after(2999)
      .client(answer(7, { action: "accept" })).server(text(1, "done"));
    const all = lines((await talk.run()).events);
    expect(all.at(-1)).toMatch(/✓ tools\/call #1 +3\.0 s {2}3\.0 s waiting {2}"done"$/);
    expect(all.at(-2)).not.toContain("waiting");
  });

  it("tells that an answer is not the result yet, and at the end how many requests it took", async () => {
    const talk = new Talk().client(use(1, "book", modern))
      .server(answer(1, { resultType: "input_required", inputRequests: { name: {} }, requestState: "s" })).after(999)
      .client(use(2, "book", { ...modern, requestState: "s", inputResponses: { name: {} } }))
      .server(text(2, "booked", { resultType: "complete" }));
    const all = lines((await talk.run()).events);
    expect(all[1]).toContain("… tools/call #1");
    expect(all[3]).toContain('✓ tools/call #2  1.0 ms  2 requests in 1.0 s  1.0 s waiting  "booked"');
  });

  it("tells which call a task's last answer ends, and how", async () => {
    const begin = () =>
      new Talk().client(use(1, "build", modern)).server(
        answer(1, { resultType: "task", taskId: "t", status: "working" }),
      );
    const done = begin().client(ask(2, "tasks/get", { taskId: "t", ...modern }))
      .server(answer(2, { taskId: "t", status: "completed", result: { isError: true } }));
    expect(lines((await done.run()).events).at(-1)).toMatch(
      /✗ tasks\/get #2 +1\.0 ms {2}build, task, 2 requests in 3\.0 ms {2}/,
    );
    const told = begin().server(tell("notifications/tasks", { taskId: "t", status: "cancelled" }));
    expect(lines((await told.run()).events).at(-1)).toContain("build cancelled");
  });

  it("tells of a call that is cancelled, and of its late answer", async () => {
    const talk = new Talk().client(use(1, "slow")).client(
      tell("notifications/cancelled", { requestId: 1, reason: "bored" }),
    )
      .server(text(1, "x"));
    const { events } = await talk.run();
    const all = lines(events);
    expect(all[1]).toContain("• notifications/cancelled  slow cancelled  #1 bored");
    expect(all[2]).toContain("late, was cancelled  ");
    expect(totals(events)).toContain("1 cancelled call");
    expect(totals(events)).not.toContain("unanswered");
  });

  it("tells of a call that hangs", async () => {
    const { events } = await new Talk().initialize().client(use(1, "a")).ends().run();
    expect(lines(events).at(-1)).toContain('weather never answered tools/call "a" (id 1)');
    expect(totals(events)).toContain("1 request without an answer");
  });
});

describe("the console, of findings", () => {
  const finding = (severity: Severity): Event => ({
    kind: "finding",
    time: NOON,
    source: "s",
    rule: "r",
    severity,
    message: "m",
  });

  it.each<[Severity, string]>([
    ["info", "⚠ s: m  (r)"],
    ["low", "⚠ s: m  (r)"],
    ["medium", "⚠ medium s: m  (r)"],
    ["high", "⚠ high s: m  (r)"],
    ["critical", "⚠ critical s: m  (r)"],
  ])("shows %s", (severity, line) => expect(lines([finding(severity)])).toEqual([line]));

  it("gives each severity its look", () => {
    const formatter = new Formatter({ palette: palette(true), verbose: false, box: box(true) });
    const looks = (["info", "low", "high", "critical"] as const).map((severity) =>
      formatter.format(finding(severity), 80)
    );
    expect(new Set(looks.map((line) => line.replace(/ (high|critical) /, " "))).size).toBe(4);
  });

  it("counts the severe ones at the end", () => {
    expect(totals([finding("high"), finding("low"), finding("critical")])).toContain("3 findings, 2 severe");
  });
});
