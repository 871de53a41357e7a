import { describe, expect, it } from "vitest";
import type { Event, FindingEvent, GapEvent } from "../../../pipeline/event.ts";
import { box } from "../../../sinks/console/box.ts";
import { Formatter } from "../../../sinks/console/format.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { width } from "../../../sinks/console/width.ts";
import {
  client,
  failure,
  malformed,
  NOON,
  notification,
  request,
  response,
  server,
  serverRequest,
  session,
} from "./_events.ts";

function lines(events: readonly Event[], columns = 200, verbose = false): string[] {
  const formatter = new Formatter({ palette: palette(false), verbose, box: box(true) });
  return events.map((event) => formatter.format(event, columns)).join("").split("\n").slice(0, -1);
}

function line(event: Event, columns = 200): string {
  return lines([event], columns)[0] ?? "";
}

const call = request("tools/call", { name: "add", arguments: { a: 2, b: "three" } });

describe("a line", () => {
  it("tells time, who and whom, method, id and params", () => {
    expect(line(call)).toBe(
      '14:03:22.417  claude[412] → server-everything[417]  ▸ tools/call #3  add(a=2, b="three")',
    );
  });

  it("ties a response to its request and tells how long it took", () => {
    expect(line(response(call, { content: [{ type: "text", text: "5" }] }))).toBe(
      '14:03:22.417  claude[412] ← server-everything[417]  ✓ tools/call #3  1.8 ms  "5"',
    );
  });

  it("tells errors by their glyph, code and message", () => {
    expect(line(failure(call, { code: -32602, message: "Unknown tool" }))).toContain(
      "✗ tools/call #3  0.42 ms  -32602 Unknown tool",
    );
    expect(line(response(call, { isError: true, content: [{ type: "text", text: "no disk" }] }))).toContain(
      '✗ tools/call #3  1.8 ms  "no disk"',
    );
  });

  it("survives errors that are not what the protocol says", () => {
    for (const error of [null, "boom", 7, [], {}, { code: {}, message: 3 }]) {
      expect(line(failure(call, error))).toContain("✗ tools/call #3");
    }
  });

  it("keeps the client on the left, also when the server asks", () => {
    const ask = serverRequest("sampling/createMessage", { messages: [], maxTokens: 100 });
    expect(line(ask)).toContain("claude[412] ← server-everything[417]  ▸ sampling/createMessage #1");
    expect(line(response(ask, { model: "m", content: { type: "text", text: "hi" } }))).toContain(
      'claude[412] → server-everything[417]  ✓ sampling/createMessage #1  1.8 ms  m "hi"',
    );
  });

  it("remembers who is the client for messages that do not tell", () => {
    const { up, down } = session();
    const [, ping] = lines([
      request("initialize", {}, { stream: up }),
      notification("notifications/progress", { progressToken: 1, progress: 1 }, { stream: down }),
    ]);
    expect(ping).toContain("claude[412] ← server-everything[417]");
  });

  it("takes the parent for the client where no message tells", () => {
    const { down } = session();
    const event = notification("notifications/progress", {}, {
      stream: down,
      process: { ...server, ppid: client.pid },
    });
    expect(line(event)).toContain("claude[412] ← server-everything[417]");
  });

  it("shows unknown ends as such", () => {
    const event = { ...call, process: undefined, peer: undefined };
    expect(line(event)).toContain("  ? → ?  ▸ tools/call #3");
  });

  it("shows malformed messages with the reason and the text", () => {
    expect(line(malformed('{"jsonrpc":\x1b[2J', "unexpected character"))).toContain(
      '⚠ malformed      unexpected character  {"jsonrpc":␛[2J',
    );
  });

  it("shows warnings, findings and gaps", () => {
    expect(line({ ...call, warnings: ["duplicate_id"] })).toContain("#3  duplicate_id  add(");
    const finding: FindingEvent = {
      kind: "finding",
      time: NOON,
      source: "kernel",
      process: server,
      rule: "mcp.stdio.stray_output",
      severity: "low",
      message: "prints to its MCP stream",
      evidence: "Listening\x07",
    };
    expect(line(finding)).toBe(
      "14:03:22.417  ⚠ server-everything[417] prints to its MCP stream  Listening␇  (mcp.stdio.stray_output)",
    );
    const gap: GapEvent = { kind: "gap", time: NOON, source: "kernel", reason: "ring_full", message: "9 records lost" };
    expect(line(gap)).toBe("14:03:22.417  ⚠ kernel: not seen: 9 records lost");
  });

  it("shows chunks where no transform decoded them, and leaves out empty ones", () => {
    const { up } = session();
    const buffer = new TextEncoder().encode("hello\n");
    const chunk = {
      kind: "chunk",
      time: NOON,
      source: "k",
      process: client,
      stream: up,
      buffer,
      start: 0,
      lost: 0,
    } as const;
    expect(line({ ...chunk, end: 6, eof: false })).toContain("claude[412] → ?  6 B pipe  hello↵");
    expect(lines([{ ...chunk, end: 0, eof: true }])).toEqual([]);
  });

  it("ends in one ellipsis, not two", () => {
    const event = request("tools/call", { name: "a_rather_long_name", arguments: { message: "Hello from a client" } });
    for (let columns = 80; columns < 140; columns++) expect(line(event, columns)).not.toContain("……");
  });

  it.each([40, 60, 80, 100, 133])("fits into %d columns", (columns) => {
    const wide = request("tools/call", { name: "検索", arguments: { query: "日本語".repeat(50), limit: 3 } });
    for (const event of [call, wide, response(wide, { content: [{ type: "text", text: "結果".repeat(99) }] })]) {
      expect(width(line(event, columns))).toBeLessThanOrEqual(columns);
    }
  });

  it("gives the room to the long arguments", () => {
    const event = request("tools/call", { name: "f", arguments: { long: "x".repeat(300), short: 1, flag: true } });
    expect(line(event, 120)).toMatch(/f\(long="x+…", short=1, flag=true\)$/);
  });

  it("aligns what comes after the names", () => {
    const other = request("tools/list", {}, { process: { ...client, pid: 9, name: "a" }, id: 12 });
    const [first, second] = lines([call, other]);
    expect(second?.indexOf("→")).toBe(first?.indexOf("→"));
    expect(second?.indexOf("▸")).toBe(first?.indexOf("▸"));
  });

  it("never lets content reach the terminal raw, wherever it stands", () => {
    const evil = "\x1b[31m\r\n\u202e";
    const bad = { ...server, name: `s${evil}` };
    const asked = request(`x/${evil}`, { [evil]: evil, deep: { [evil]: [evil] } }, { id: evil, peer: bad });
    const text = lines([asked, failure(asked, { code: evil, message: evil, data: evil }, { process: bad })], 300, true);
    // deno-lint-ignore no-control-regex
    expect(text.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe("colours", () => {
  it("are there when asked for, and never counted as columns", () => {
    const formatter = new Formatter({ palette: palette(true), verbose: false, box: box(true) });
    const coloured = formatter.format(call, 80);
    // deno-lint-ignore no-control-regex
    const bare = coloured.replace(/\x1b\[\d+m/g, "");
    expect(coloured).not.toBe(bare);
    expect(bare).toBe(line(call, 80) + "\n");
  });
});

describe("verbose", () => {
  it("adds params and results below, short things on one line", () => {
    const below = lines([call], 100, true).slice(1).map((text) => text.slice(14));
    expect(below).toEqual(['{ "name": "add", "arguments": { "a": 2, "b": "three" } }']);
  });

  it("is bounded in lines and in depth", () => {
    const many = request("x", Array.from({ length: 5000 }, (_, i) => ({ i, text: "y".repeat(200) })));
    expect(lines([many], 100, true).length).toBeLessThan(70);
    let deep: Record<string, never> = {};
    for (let i = 0; i < 3000; i++) deep = { deep } as unknown as Record<string, never>;
    expect(lines([request("x", deep)], 100, true).length).toBeLessThan(70);
  });

  it("wraps long text", () => {
    const below = lines([request("x", { text: `one\n${"two ".repeat(60)}` })], 100, true).slice(1);
    expect(below.length).toBeGreaterThan(5);
    for (const text of below) expect(width(text)).toBeLessThanOrEqual(100);
  });

  it("loses nothing of long text, wide characters neither", () => {
    const text = "日本語とEnglish " + "長".repeat(200);
    const below = lines([request("x", { text })], 100, true).slice(2, -1).map((piece) =>
      piece.replace(/^ *("text": ")?|"$/g, "")
    );
    expect(below.join("")).toBe(text);
  });
});
