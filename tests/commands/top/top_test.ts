import { describe, expect, it } from "vitest";
import { call, FakeFeed, finding, Screen, server, START } from "./_feed.ts";

function feedOf(calls: number): FakeFeed {
  const feed = new FakeFeed();
  feed.callRows = Array.from({ length: calls }, (_, i) => call(i + 1));
  feed.serverRows = [server("notes"), server("files", { errors: 0 })];
  feed.findingRows = [finding(1, { call: 2 }), finding(2, { severity: "low", rule: "mcp.other" })];
  return feed;
}

async function screenOf(feed: FakeFeed, mode?: "live" | "file" | "remote", most?: number): Promise<Screen> {
  const screen = new Screen(feed, mode, most);
  await screen.settle();
  return screen;
}

describe("the screen of mcpsonde top", () => {
  it("shows calls with what became of them, aligned", async () => {
    const feed = feedOf(2);
    feed.callRows.push(
      call(3, { outcome: "error", error_code: -32602, findings: 2, severity: "high" }),
      call(4, { outcome: "tool_error", duration_ms: 1500 }),
      call(5, { method: "resources/read", name: "file:///etc/motd", summary: "" }),
    );
    await using screen = await screenOf(feed, "file");
    const lines = screen.lines();
    expect(lines[0]).toMatch(/^ mcpsonde top {2}a test {20,}recording$/);
    expect(lines[1]).toBe(" 1 Calls 5   2 Servers 2   3 Findings 2   4 Detail   5 Health");
    expect(lines[2]).toMatch(/^ TIME +SERVER +CALL +! +STATUS +TOOK$/);
    expect(lines[3]).toMatch(/^›\d\d:00:01\.000 {2}notes +tool_1 {2}a=1 +✓ ok +1\.0 ms$/);
    expect(lines[5]).toMatch(/ tool_3 {2}a=1 +!2 {2}✗ -32602 +3\.0 ms$/);
    expect(lines[6]).toMatch(/✗ tool error +1\.5 s$/);
    expect(lines[7]).toMatch(/resources\/read file:\/\//);
    expect(lines[22]).toBe(" 1 of 5");
    expect(lines[23]).toMatch(/^ Enter open {2}\/ filter .* \? help {2}q quit$/);
  });

  it("follows what comes until the cursor moves up, and again with f or G", async () => {
    await using screen = await screenOf(feedOf(50));
    expect(screen.chosen()).toContain("tool_50");
    const add = async (id: number) => {
      screen.feed.callRows.push(call(id));
      screen.feed.tell({ type: "calls", rows: [call(id)] });
      await screen.settle();
    };
    await add(51);
    expect(screen.chosen()).toContain("tool_51");
    expect(screen.text()).toContain("following");
    await screen.press("k", "up");
    await add(52);
    expect(screen.chosen()).toContain("tool_49");
    expect(screen.text()).not.toContain("following");
    await screen.press("G");
    expect(screen.chosen()).toContain("tool_52");
    await add(53);
    expect(screen.chosen()).toContain("tool_53");
    await screen.press("f");
    await add(54);
    expect(screen.chosen()).toContain("tool_53");
  });

  it("shows a call that ends in the place where it began", async () => {
    const feed = feedOf(1);
    const open = call(2);
    const { outcome: _, duration_ms: __, ...begun } = open;
    feed.callRows.push({ ...begun, time: START + 3_599_000 });
    await using screen = await screenOf(feed);
    expect(screen.text()).toMatch(/tool_2 {2}a=1 +▸ open +1\.0 s/);
    feed.tell({ type: "calls", rows: [call(2, { outcome: "hung", duration_ms: 2000 })] });
    await screen.settle();
    expect(screen.text()).toMatch(/tool_2 {2}a=1 +… hung +2\.0 s/);
    expect(screen.text()).not.toContain("▸ open");
  });

  it("stays as it is while paused, and counts what comes", async () => {
    await using screen = await screenOf(feedOf(3));
    await screen.press("space");
    expect(screen.text()).toContain("PAUSED");
    screen.feed.callRows.push(call(4), call(5));
    screen.feed.tell({ type: "calls", rows: [call(4)] });
    screen.feed.tell({ type: "calls", rows: [call(4), call(5)] });
    await screen.settle();
    expect(screen.text()).not.toContain("tool_4");
    expect(screen.text()).toContain("2 new");
    await screen.press("space");
    expect(screen.text()).toContain("tool_5");
    expect(screen.text()).not.toContain("PAUSED");
  });

  it("says how many come too fast to be told of, and shows the newest where they are looked at", async () => {
    await using screen = await screenOf(feedOf(3));
    screen.feed.callRows.push(...Array.from({ length: 20 }, (_, i) => call(4 + i)));
    screen.feed.tell({ type: "calls", rows: [call(23)], omitted: 19 });
    await screen.settle();
    await screen.top.tick();
    expect(screen.text()).toContain("tool_10");
    await screen.press("k");
    screen.feed.callRows.push(call(24), call(25));
    screen.feed.tell({ type: "calls", rows: [call(25)], omitted: 1 });
    await screen.settle();
    await screen.top.tick();
    screen.feed.callRows.push(call(26));
    screen.feed.tell({ type: "calls", rows: [call(26)] });
    await screen.settle();
    expect(screen.text()).not.toContain("tool_26");
    expect(screen.text()).toContain("1 new");
    await screen.press("G");
    expect(screen.chosen()).toContain("tool_26");
    expect(screen.text()).toContain("tool_24");
  });

  it("filters, says where a mistake is, and takes the filter off with Esc", async () => {
    await using screen = await screenOf(feedOf(30));
    await screen.press("/");
    await screen.type("tool:tool_7 and latensy>1s");
    const lines = screen.lines();
    const field = lines.findIndex((line) => line.startsWith(" filter "));
    const column = lines[field]!.indexOf("latensy");
    expect(lines[field + 1]!.indexOf("^")).toBe(column);
    expect(lines[field + 1]).toMatch(/\^ unknown field "latensy"/);
    await screen.press("enter");
    expect(screen.top.prompt).toBeDefined();
    await screen.press("ctrl-u");
    await screen.type("tool:tool_7");
    await screen.press("enter");
    expect(screen.top.prompt).toBeUndefined();
    expect(screen.text()).toContain("filter tool:tool_7");
    expect(screen.lines().filter((line) => line.includes("notes "))).toHaveLength(1);
    screen.feed.callRows.push(call(31), call(32, { name: "tool_7" }));
    screen.feed.tell({ type: "calls", rows: [call(31), call(32, { name: "tool_7" })] });
    await screen.settle();
    await screen.top.tick();
    expect(screen.lines().filter((line) => line.includes("notes "))).toHaveLength(2);
    expect(screen.text()).not.toContain("tool_31");
    await screen.press("escape");
    expect(screen.text()).toContain("tool_31");
  });

  it("says so if nothing matches a filter", async () => {
    await using screen = await screenOf(feedOf(3), "file");
    await screen.press("/");
    await screen.type("tool:none");
    await screen.press("enter");
    expect(screen.text()).toMatch(/no calls match {2}tool:none\n +Esc takes the filter off/);
  });

  it("completes fields and values of a filter", async () => {
    await using screen = await screenOf(feedOf(3));
    await screen.press("/");
    await screen.type("sev");
    expect(screen.text()).toMatch(/severity: +How bad a finding is/);
    await screen.press("tab");
    await screen.type("hi");
    await screen.press("tab");
    expect(screen.top.prompt?.editor.text).toBe("severity:high");
    await screen.type(" tool:");
    expect(screen.text()).toContain("tool_2");
    await screen.press("down", "enter");
    expect(screen.top.prompt?.editor.text).toMatch(/^severity:high tool:tool_\d$/);
    await screen.press("escape");
    expect(screen.top.prompt).toBeUndefined();
  });

  it("sorts by each column, both ways", async () => {
    await using screen = await screenOf(feedOf(30), "file");
    await screen.press("s");
    expect(screen.lines()[2]).toContain("TOOK↓");
    expect(screen.chosen()).toContain("tool_30");
    await screen.press("S");
    expect(screen.lines()[2]).toContain("TOOK↑");
    expect(screen.chosen()).toContain("tool_1");
    for (let i = 0; i < 7; i++) await screen.press("s");
    expect(screen.lines()[2]).not.toMatch(/[↑↓]/);
  });

  it("asks for older rows when the cursor comes near the oldest, as far as it may hold them", async () => {
    await using screen = await screenOf(feedOf(3500), "live", 2500);
    expect(screen.text()).toContain("1,000 of 1,000+");
    await screen.press("g");
    expect(screen.text()).toMatch(/of 2,000\+/);
    await screen.press("g");
    await screen.press("g");
    expect(screen.text()).toMatch(/1 of 2,500\+|no more than 2500 are held/);
    expect(screen.chosen()).toContain("tool_1001");
  });

  it("opens a call with its messages, folds and unfolds, and goes back", async () => {
    const feed = feedOf(3);
    feed.texts = [
      {
        text: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "x", arguments: { a: 1 } },
        }),
      },
      {
        text: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          result: { content: [{ type: "text", text: "line one\nline two" }] },
        }),
      },
    ];
    feed.findingRows = [finding(1, { call: 3, evidence: "what it said" })];
    await using screen = await screenOf(feed, "file");
    screen.rows = 50;
    await screen.press("j", "j", "enter");
    expect(screen.text()).toContain("4 Detail");
    for (const part of ["▾ Timeline", "▾ Request", "name: x", "a: 1", "▾ Response", "line one↵line two", "▸ ! high"]) {
      expect(screen.text()).toContain(part);
    }
    await screen.press("/");
    await screen.type("two");
    await screen.press("enter");
    expect(screen.chosen()).toMatch(/line one↵line two/);
    await screen.press("enter");
    expect(screen.text()).toMatch(/▾ text: line one↵line two\n +line one\n +line two/);
    await screen.press("n");
    expect(screen.chosen()).toMatch(/^› +line two$/);
    await screen.press("left", "left");
    expect(screen.text()).not.toMatch(/^ +line two$/m);
    await screen.press("escape");
    expect(screen.chosen()).toContain("tool_3");
  });

  it("goes from one call to the next, and from a finding to its call", async () => {
    await using screen = await screenOf(feedOf(3), "file");
    await screen.press("enter", "J");
    expect(screen.text()).toContain("tool_2");
    await screen.press("3");
    expect(screen.chosen()).toContain("finding number 1");
    await screen.press("enter");
    expect(screen.text()).toContain("c opens it");
    await screen.press("c");
    expect(screen.text()).toContain("tool_2");
    await screen.press("escape");
    expect(screen.chosen()).toContain("finding number 1");
  });

  it("opens servers", async () => {
    await using screen = await screenOf(feedOf(3), "file");
    await screen.press("2");
    expect(screen.lines()[3]).toMatch(/^›files +stdio/);
    await screen.press("j", "enter");
    expect(screen.text()).toMatch(/calls +3, 1 error, 0 findings/);
  });

  it("copies and exports what is chosen, and the list behind its filter", async () => {
    await using screen = await screenOf(feedOf(1500), "file");
    await screen.press("y");
    expect(JSON.parse(screen.copied[0]!)).toMatchObject({ name: "tool_501" });
    await screen.press("e");
    expect(screen.text()).toContain("write to ./mcpsonde-call-501.json");
    await screen.press("enter");
    expect(JSON.parse(screen.written.get("./mcpsonde-call-501.json")!)).toMatchObject({ call: { id: 501 } });
    expect(screen.text()).toContain("written to ./mcpsonde-call-501.json");
    await screen.press("E", "enter");
    const lines = screen.written.get("./mcpsonde-calls.jsonl")!.trimEnd().split("\n");
    expect(lines).toHaveLength(1500);
    expect(JSON.parse(lines[0]!)).toMatchObject({ id: 1500 });
    await screen.press("e", "ctrl-u");
    await screen.type("/refused");
    await screen.press("enter");
    expect(screen.text()).toContain("no right to write there");
    expect(screen.top.prompt).toBeDefined();
  });

  it("shows all keys with ?, suspends, draws anew, quits", async () => {
    await using screen = await screenOf(feedOf(1));
    await screen.press("?");
    expect(screen.text()).toContain("In detail and health");
    await screen.press("x", "ctrl-z", "ctrl-l", "q");
    expect(screen.text()).not.toContain("In detail and health");
    expect(screen.did).toEqual(["suspend", "redraw", "quit"]);
  });

  it("shows the pipeline's health and what stages said", async () => {
    const feed = feedOf(1);
    const node = {
      type: "ebpf",
      dropped: { when_full: 7, filtered: 100 },
      errors: {},
      busy_ms: 100,
      gauges: { ring: 5 },
    };
    const metrics = (time: number, events: number) => ({
      time,
      uptime_ms: 5000,
      nodes: [{ ...node, node: "sources.kernel", received: 0, sent: events }, {
        ...node,
        dropped: {},
        node: "sinks.screen",
        type: "top",
        received: events,
        sent: events,
      }],
    });
    feed.metrics = metrics(START, 0);
    feed.rateRows = [{ time: START, calls: 5, errors: 1, findings: 0, p50_ms: 3, p95_ms: 9, max_ms: 9 }];
    await using screen = await screenOf(feed);
    feed.tell({ type: "health", metrics: metrics(START + 1000, 1234) });
    await screen.settle();
    screen.top.logged("sources.kernel: capturing\x1b[31m");
    await screen.press("5");
    expect(screen.text()).toMatch(/sources\.kernel +ebpf +– +1,234\/s +7 +– /);
    expect(screen.text()).toMatch(/calls +≤ 4\.2\/s +█$/m);
    expect(screen.text()).toContain("capturing␛[31m");
    expect(screen.text()).toMatch(/1,234 events\/s .* 7 dropped/);
  });

  it("tells of trouble with its feed, and tries again", async () => {
    const feed = feedOf(1);
    const { calls } = feed;
    feed.calls = () => Promise.reject(new Error("connection refused"));
    await using screen = await screenOf(feed, "remote");
    expect(screen.text()).toContain("connection refused");
    feed.calls = calls;
  });

  it("fills any screen exactly, whatever is shown, and says where it is too small", async () => {
    const hostile = "\x1b[2J\x1b]0;x\x07日本語 👩‍👩‍👧 \u202e\u0000 e\u0301\u0301\u0301\u0301\u0301 ﷽";
    const feed = feedOf(20);
    feed.title = hostile;
    feed.callRows.push(call(21, { name: hostile, server_name: hostile, client_name: hostile, summary: hostile }));
    feed.findingRows.push(finding(3, { message: hostile, rule: hostile, server_name: hostile, evidence: hostile }));
    feed.serverRows.push(server(hostile, { version: hostile, instructions: hostile, address: hostile }));
    feed.texts = [{ text: JSON.stringify({ params: { [hostile]: hostile } }) }, { text: hostile }];
    await using screen = await screenOf(feed);
    for (
      const keys of [["1", "G"], ["enter", "O"], ["2", "G"], ["enter"], ["3", "G"], ["enter"], ["5"], ["?"], [
        "x",
        "1",
        "/",
      ]]
    ) {
      await screen.press(...keys);
      for (
        const [columns, rows] of [[40, 10], [61, 13], [80, 24], [120, 40], [300, 90], [39, 10], [10, 3], [
          1,
          1,
        ]] as const
      ) {
        Object.assign(screen, { columns, rows });
        const raw = screen.raw(true);
        expect(raw).toHaveLength(rows);
        // deno-lint-ignore no-control-regex
        for (const line of raw) expect(line.replace(/\x1b\[[\d;]*m/g, "")).not.toMatch(/[\x00-\x1f\x7f\u202e]/);
        if (columns < 40) expect(screen.text()).toContain("too small".slice(0, columns - 1));
      }
    }
  });
});
