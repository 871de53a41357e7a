import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import { box } from "../../../sinks/console/box.ts";
import { Formatter, mostLines } from "../../../sinks/console/format.ts";
import { consoleSink, palette } from "../../../sinks/console/mod.ts";
import { PATIENCE_MS } from "../../../sinks/console/patience.ts";
import { TreeView } from "../../../sinks/console/tree/view.ts";
import { width } from "../../../sinks/console/width.ts";
import { answer, ask, fail, META, Talk, tell, text, use } from "../../transforms/mcp/_talk.ts";
import { act, finding, tool } from "./_seen.ts";

class Watcher {
  readonly view: TreeView;
  now = 1000;
  readonly columns: number;

  constructor({ columns = 100, verbose = false, unicode = true } = {}) {
    const options = { palette: palette(false), box: box(unicode), verbose, mostLines: mostLines(verbose) };
    this.columns = columns;
    this.view = new TreeView({ ...options, formatter: new Formatter(options) });
  }

  /** Lines that are written after these events came together, without their times. */
  sees(...events: readonly Event[]): string[] {
    for (const event of events) this.view.add(event, this.columns, this.now);
    return this.raw().map((line) => line.replace(/\d\d:\d\d:\d\d\.\d{3} {2}/, "").replace(/ {2,}/g, "  "));
  }

  raw(): string[] {
    return this.view.take(this.columns, this.now).split("\n").slice(0, -1);
  }

  ends(): string[] {
    this.now = Infinity;
    return this.sees();
  }
}

describe("the tree", () => {
  it("draws a call when it has ended, below client and server, which are named once", async () => {
    const { events } = await new Talk().initialize().client(use(1, "a")).server(text(1, "done"))
      .client(use(2, "b")).server(fail(2)).run();
    const watcher = new Watcher();
    expect(events.flatMap((event) => watcher.sees(event))).toEqual([
      "claude[1]  agent 1",
      "├ weather[2]  2 · stdio · 2025-11-25",
      "│ ├ ✓ initialize #0  1.0 ms  agent 1 · 2025-11-25 → weather 2 · 2025-11-25",
      "│ ├ • initialized",
      '│ ├ ✓ tools/call #1  1.0 ms  a() → "done"',
      "│ ├ ✗ tools/call #2  1.0 ms  b() → -32000 no",
    ]);
  });

  it("ties progress, log lines, findings and what the server asks within it to the call, by time", async () => {
    const { messages } = await new Talk()
      .client(use(1, "a", { _meta: { progressToken: "p" } }))
      .server(tell("notifications/progress", { progressToken: "p", progress: 1, total: 2 }))
      .server(tell("notifications/message", { level: "info", data: "hello" }))
      .server(ask(7, "elicitation/create", { message: "Sure?" })).after(500)
      .client(answer(7, { action: "accept", content: { yes: true } }))
      .server(text(1, "done")).run();
    const watcher = new Watcher();
    expect(watcher.sees(...messages.slice(0, -1))).toEqual([]);
    const [head, server, ...tree] = watcher.sees(messages.at(-1)!, finding(messages[0]!, "is bad"));
    expect([head, server]).toEqual(["claude[1]", expect.stringMatching(/^├ .*\[2\] {2}stdio/)]);
    expect(tree).toEqual([
      '│ ├ ✓ tools/call #1  505 ms  501 ms waiting  a() → "done"',
      "│ │ ├ ⚠ high is bad  (test.rule)",
      "│ │ ├ +1.0 ms  • progress  1/2 of token p",
      "│ │ ├ +2.0 ms  • message  info hello",
      "│ │ └ +3.0 ms  ✓ elicitation/create #7  501 ms  Sure? → accept yes=true",
    ]);
  });

  it("shows the rounds of a call that took several", async () => {
    const { events } = await new Talk().client(use(1, "book", { _meta: META }))
      .server(answer(1, { resultType: "input_required", inputRequests: { name: {} }, requestState: "s" })).after(999)
      .client(use(2, "book", { _meta: META, requestState: "s", inputResponses: { name: {} } }))
      .server(text(2, "booked", { resultType: "complete" })).run();
    const shown = new Watcher().sees(...events);
    expect(shown.slice(2)).toEqual([
      '│ ├ ✓ tools/call #1  2 requests in 1.0 s  1.0 s waiting  book() → "booked"',
      "│ │ ├ +1.0 ms  … tools/call #1  1.0 ms  input_required name={}",
      "│ │ └ +1.0 s  ▸ tools/call #2  book()",
    ]);
  });

  it("waits a moment for what sensors tell, and names the call once more for what comes too late", async () => {
    const { messages } = await new Talk().client(use(1, "a")).server(text(1, "x")).client(use(2, "b"))
      .server(text(2, "y")).run();
    const [one, end1, two, end2] = messages as [Event, Event, Event, Event];
    const watcher = new Watcher();
    watcher.sees(act(one.time, undefined, "/start"), act(one.time + 0.5, tool(1, "a"), "/early"));
    expect(watcher.sees(one, end1, two, end2)).toEqual([]);
    watcher.sees(act(two.time + 0.5, tool(2, "b"), "/two"));
    watcher.now += PATIENCE_MS;
    expect(watcher.sees().slice(2)).toEqual([
      '│ ├ ✓ tools/call #1  1.0 ms  a() → "x"',
      "│ │ └ +0.50 ms  writes  /early",
      '│ ├ ✓ tools/call #2  1.0 ms  b() → "y"',
      "│ │ └ +0.50 ms  writes  /two",
    ]);
    expect(watcher.sees(act(two.time + 0.7, tool(2, "b"), "/more"))).toEqual(["│ │ └ +0.70 ms  writes  /more"]);
    expect(watcher.sees(act(one.time + 0.7, tool(1, "a"), "/late"))).toEqual([
      "│ ├ ┄ tools/call #1  a",
      "│ │ └ +0.70 ms  writes  /late",
    ]);
  });

  it("draws calls that never end at the end, as what they are", async () => {
    const talk = new Talk().client(use(1, "a")).client(ask(2, "subscriptions/listen", {}));
    const { messages, events } = await talk.run();
    const watcher = new Watcher();
    expect(watcher.sees(...messages)).toEqual([]);
    expect(watcher.ends().slice(2)).toEqual([
      "│ ├ ✗ tools/call #1  a() → no answer",
      "│ ├ … subscriptions/listen #2  still open",
    ]);
    expect(new Watcher().sees(...events)).toContain("│ ├ ✗ tools/call #1  hung  a()");
  });

  it("shows params and results in full with verbose", async () => {
    const { events } = await new Talk().client(use(1, "a", { arguments: { x: "y".repeat(90) } })).server(text(1, "x"))
      .run();
    expect(new Watcher({ verbose: true }).sees(...events).slice(3)).toEqual([
      "│ │ ├ ▸ {",
      '│ │ │  "name": "a",',
      '│ │ │  "arguments": {',
      expect.stringContaining('"x": "yyy'),
      expect.stringMatching(/^│ │ │ +y+"$/),
      "│ │ │  }",
      "│ │ │  }",
      '│ │ └ ✓ { "content": [{ "type": "text", "text": "x" }] }',
    ]);
  });

  it("is of ASCII where the terminal has no box characters", async () => {
    const { messages } = await new Talk().client(use(1, "a")).server(text(1, "x")).run();
    expect(new Watcher({ unicode: false }).sees(...messages, finding(messages[0]!, "is bad")).slice(2)).toEqual([
      '| |-✓ tools/call #1  1.0 ms  a() -> "x"',
      "| | `-⚠ high is bad  (test.rule)",
    ]);
  });

  it("keeps a bounded amount of calls and of what belongs to them, and says what it left out", async () => {
    const talk = new Talk();
    for (let id = 0; id < 1500; id++) talk.client(use(id, "a"));
    talk.client(use("p", "a", { _meta: { progressToken: 1 } }));
    for (let k = 0; k < 150; k++) talk.server(tell("notifications/progress", { progressToken: 1, progress: k }));
    talk.server(text("p", "x"));
    const { messages } = await talk.run();
    const watcher = new Watcher();
    const shown = watcher.sees(...messages);
    expect(shown.filter((line) => line.endsWith("still open"))).toHaveLength(501);
    expect(shown.at(-1)).toBe("│ │ └ … and 50 more");
    expect(watcher.ends().filter((line) => line.endsWith("no answer"))).toHaveLength(999);
  });

  it("lets nothing through to the terminal, and takes no more columns than there are", async () => {
    const bad = `\u001b[2J\u202e漢字🙂${"x".repeat(300)}`;
    const { events, messages } = await new Talk().initialize().client(use(1, bad)).server(tell(bad, { a: bad }))
      .server(text(1, bad)).client(use(bad, "a")).run();
    const all: Event[] = [...events, finding(messages[3]!, bad), act(messages[3]!.time, tool(1, bad), bad)];
    for (const columns of [40, 47, 80, 200]) {
      for (const verbose of [false, true]) {
        const watcher = new Watcher({ columns, verbose });
        for (const event of all) watcher.view.add(event, columns, 0);
        watcher.now = Infinity;
        for (const line of watcher.raw()) {
          expect(["\u001b", "\u202e"].some((sign) => line.includes(sign))).toBe(false);
          if (columns >= 47) expect(width(line)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it("is what the console shows if it is asked for", async () => {
    const { events } = await new Talk().initialize().run();
    let written = "";
    const writer = { write: (bytes: Uint8Array) => Promise.resolve(void (written += new TextDecoder().decode(bytes))) };
    const parts = { writer, palette: palette(false), columns: () => 80, verbose: false, summary: true, tree: true };
    await consoleSink(parts)((async function* () {
      yield events;
    })());
    expect(written).toMatch(/^claude\[1\].*\n├ weather[^]*initialize +1 /);
  });
});
