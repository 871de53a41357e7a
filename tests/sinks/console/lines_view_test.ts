import { describe, expect, it } from "vitest";
import type { Event, McpEvent } from "../../../pipeline/event.ts";
import { box } from "../../../sinks/console/box.ts";
import { Formatter, mostLines } from "../../../sinks/console/format.ts";
import { LinesView } from "../../../sinks/console/lines_view.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { PATIENCE_MS } from "../../../sinks/console/patience.ts";
import { width } from "../../../sinks/console/width.ts";
import { chunk, line, session } from "../../transforms/jsonrpc/_feed.ts";
import { answer, ask, follow, Talk, text, use } from "../../transforms/mcp/_talk.ts";
import { act, client, finding, server, tool } from "./_seen.ts";

class Watcher {
  readonly view: LinesView;
  now = 1000;
  readonly #columns: number;

  constructor(columns = 120, verbose = false, unicode = true) {
    const options = { palette: palette(false), box: box(unicode), verbose };
    this.#columns = columns;
    this.view = new LinesView(new Formatter(options), { ...options, mostLines: mostLines(verbose) });
  }

  /** Lines that are written after these events came together, without their times and who speaks. */
  sees(...events: Event[]): string[] {
    for (const event of events) this.view.add(event, this.#columns, this.now);
    return this.#written();
  }

  /** Lines that are written after so many milliseconds. */
  after(ms: number): string[] {
    this.now += ms;
    return this.#written();
  }

  ends(): string[] {
    this.now = Infinity;
    return this.#written();
  }

  #written(): string[] {
    return this.view.take(this.#columns, this.now).split("\n").slice(0, -1).map((one) =>
      one.replace(/^[\d:.]+ {2}(\S+ . \S+ {2})?/, "").replace(/ {2,}/g, "  ")
    );
  }
}

/** The messages of a session in which a tool is used, twice if it takes two. */
async function calls(...names: string[]): Promise<McpEvent[]> {
  const talk = new Talk();
  names.forEach((name, i) => talk.client(use(i + 1, name)));
  names.forEach((_, i) => talk.server(text(i + 1, `done ${i + 1}`)));
  return (await talk.run()).messages;
}

describe("lines", () => {
  it("show a finding under its message, though others came in between", async () => {
    const [first, second] = await calls("a", "b") as [McpEvent, McpEvent];
    const shown = new Watcher().sees(first, second, finding(first, "is bad"), finding(first, "is worse"));
    expect(shown).toEqual([
      "▸ tools/call #1  a()",
      "  ├ ⚠ high is bad  (test.rule)",
      "  └ ⚠ high is worse  (test.rule)",
      "▸ tools/call #2  b()",
    ]);
  });

  it("are written at once where no sensor tells more of them", async () => {
    const [first] = await calls("a") as [McpEvent];
    const watcher = new Watcher();
    expect(watcher.sees(first)).toHaveLength(1);
    expect(watcher.view.due).toBeUndefined();
  });

  it("show a finding that comes later directly below, or name the call once more", async () => {
    const [first, second] = await calls("a", "b") as [McpEvent, McpEvent];
    const watcher = new Watcher();
    watcher.sees(first);
    expect(watcher.sees(finding(first, "is bad"))).toEqual(["  └ ⚠ high is bad  (test.rule)"]);
    expect(watcher.sees(finding(first, "is worse"))).toEqual(["  └ ⚠ high is worse  (test.rule)"]);
    watcher.sees(second);
    expect(watcher.sees(finding(first, "hangs"))).toEqual(["┄ tools/call #1  a", "  └ ⚠ high hangs  (test.rule)"]);
  });

  it("break a long finding within its place, and name a process that is not of the call", async () => {
    const [first] = await calls("a") as [McpEvent];
    const other = { ...finding(first, "words ".repeat(20).trim()), process: { ...server, pid: 77, name: "other" } };
    const shown = new Watcher(60).sees(first, other, finding(first, "b"));
    expect(shown.slice(1)).toEqual([
      "  ├ ⚠ high other[77] words words words words",
      "  │ words words words words words words words",
      "  │ words words words words words words words",
      "  │ words words  (test.rule)",
      "  └ ⚠ high b  (test.rule)",
    ]);
  });

  it("wait a moment for what sensors tell of the call, in whatever order it comes", async () => {
    const [one, two, end1] = await calls("a", "b") as [McpEvent, McpEvent, McpEvent];
    const watcher = new Watcher();
    expect(watcher.sees(act(one.time - 9, undefined, "/start"))).toHaveLength(1);
    expect(watcher.sees(act(one.time + 0.5, tool(1, "a"), "/tmp/early"))).toEqual([]);
    expect(watcher.sees(one, two, end1)).toEqual([]);
    expect(watcher.view.due).toBe(watcher.now + PATIENCE_MS);
    expect(watcher.after(PATIENCE_MS - 1)).toEqual([]);
    watcher.sees(act(two.time + 0.25, tool(2, "b"), "/tmp/two"), act(one.time + 0.25, tool(1, "a"), "/tmp/one"));
    expect(watcher.after(1)).toEqual([
      "▸ tools/call #1  a()",
      "  ├ +0.25 ms  writes  /tmp/one",
      "  └ +0.50 ms  writes  /tmp/early",
      "▸ tools/call #2  b()",
      "  └ +0.25 ms  writes  /tmp/two",
      '✓ tools/call #1  2.0 ms  "done 1"',
    ]);
    expect(watcher.view.due).toBeUndefined();
    expect(watcher.sees(act(two.time + 0.75, tool(2, "b"), "/tmp/late"))).toEqual([
      "┄ tools/call #2  b",
      "  └ +0.75 ms  writes  /tmp/late",
    ]);
  });

  it("keep their order while one waits, and are all written at the end", async () => {
    const [one] = await calls("a") as [McpEvent];
    const watcher = new Watcher();
    watcher.sees(act(0, undefined, "/start"), one);
    const elsewhere = { ...one, process: { ...client, pid: 90 }, peer: { ...server, pid: 91 }, context: undefined };
    expect(watcher.sees(elsewhere)).toEqual([]);
    expect(watcher.ends()).toHaveLength(2);
  });

  it("tell of a call that was not seen in a line of its own, after a moment", () => {
    const watcher = new Watcher();
    expect(watcher.sees(act(5, tool(9, "x"), "/etc/passwd"))).toEqual([]);
    expect(watcher.after(PATIENCE_MS)).toEqual(["· server[2] in x #9 writes  /etc/passwd"]);
  });

  it("tell calls of the same id apart by process, session and time", async () => {
    const other = { ...server, pid: 20 };
    const streams = session();
    const events = [1, 2].flatMap((id) => [
      chunk(streams.down, line(use(1, `round ${id}`)), { time: id * 1000 }),
      chunk(streams.up, line(text(1, "x")), { time: id * 1000 + 500 }),
    ]);
    const [first, , second] = (await follow([events])).messages as [McpEvent, McpEvent, McpEvent];
    const watcher = new Watcher();
    watcher.sees(first, second);
    expect(watcher.sees(act(1400, tool(1, "x"), "/1"))).toEqual([
      "┄ tools/call #1  round 1",
      "  └ +400 ms  writes  /1",
    ]);
    expect(watcher.sees(act(2400, tool(1, "x"), "/2"))).toEqual([
      "┄ tools/call #1  round 2",
      "  └ +400 ms  writes  /2",
    ]);
    watcher.sees(act(2400, tool(1, "x"), "/3", { process: other }));
    expect(watcher.ends()).toEqual(["· server[20] in x #1 writes  /3"]);
    expect(watcher.sees(act(2400, tool(1, "x"), "/4", { process: { ...other, name: "child", ppid: server.pid } })))
      .toEqual(["┄ tools/call #1  round 2", "  └ +400 ms  child[20] writes  /4"]);
  });

  it("are of ASCII where the terminal has no box characters", async () => {
    const [first] = await calls("a") as [McpEvent];
    const watcher = new Watcher(120, false, false);
    expect(watcher.sees(first, finding(first, "a"), finding(first, "b"))[1]).toBe("  |-⚠ high a  (test.rule)");
  });

  it("hold a bounded amount, and never more columns than there are", async () => {
    const watcher = new Watcher(60);
    const talk = new Talk();
    for (let id = 0; id < 3000; id++) talk.client(use(id, "x".repeat(id % 80)));
    const { messages } = await talk.run();
    let lines = watcher.sees(act(0, undefined, "/start")).length;
    for (const message of messages) {
      const shown = watcher.sees(
        message,
        act(message.time, tool(Number(message.id), "x"), "/\u001b[2J漢字".repeat(30)),
      );
      lines += shown.length;
      for (const one of shown) expect(width(one)).toBeLessThanOrEqual(60);
      expect(shown.join()).not.toContain("\u001b");
    }
    expect(lines).toBeGreaterThan(3500);
    expect(lines + watcher.ends().length).toBe(6001);
  });

  it("show what a sampling request is about under it", async () => {
    const talk = new Talk().client(use(1, "a")).server(ask(0, "sampling/createMessage", { messages: [] }))
      .client(answer(0, { model: "m", content: {} })).server(text(1, "x"));
    const { messages } = await talk.run();
    const shown = new Watcher().sees(...messages, finding(messages[1]!, "asks for secrets"));
    expect(shown[2]).toBe("  └ ⚠ high asks for secrets  (test.rule)");
  });
});
