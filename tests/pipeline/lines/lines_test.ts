import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChunkEvent, FindingEvent, GapEvent, Process } from "../../../pipeline/event.ts";
import { chunk, link, notification, request, response, session } from "../../transforms/jsonrpc/_feed.ts";
import { folder, type Line, linesOf, write } from "../../sinks/jsonl/_write.ts";

const server: Process = {
  pid: 417,
  comm: "node",
  name: "server-everything",
  exe: "/usr/bin/node",
  args: ["node", "x"],
  container: "0123456789ab",
};
const client: Process = { pid: 412, comm: "claude", name: "claude" };

/** Without what differs from run to run. */
function core({ stream: _, ...line }: Line): Line {
  return line;
}

describe("a JSON line", () => {
  it("of a request, a response and a notification", async () => {
    const { down, up } = session();
    const time = Date.UTC(2026, 10, 21, 12, 5, 49);
    const lines = await linesOf([
      chunk(down, request(1, "tools/call", { name: "echo", arguments: { text: "ünï✓" } }), {
        time: time + 677.285,
        process: client,
        peer: server,
      }),
      chunk(up, response(1, { content: [] }), { time: time + 679.5, process: server, peer: client }),
      chunk(up, notification("notifications/message"), { time: time + 1000, process: server, peer: undefined }),
    ]);
    expect(lines.map(core)).toEqual([
      {
        kind: "mcp",
        timestamp: "2026-11-21T12:05:49.677285Z",
        transport_type: "stdio",
        stdio_transport: {
          from_pid: 412,
          from_comm: "claude",
          from_name: "claude",
          to_pid: 417,
          to_comm: "node",
          to_name: "server-everything",
          to_container: "0123456789ab",
        },
        source: "test",
        type: "request",
        id: 1,
        method: "tools/call",
        params: { name: "echo", arguments: { text: "ünï✓" } },
      },
      {
        kind: "mcp",
        timestamp: "2026-11-21T12:05:49.679500Z",
        transport_type: "stdio",
        stdio_transport: {
          from_pid: 417,
          from_comm: "node",
          from_name: "server-everything",
          from_container: "0123456789ab",
          to_pid: 412,
          to_comm: "claude",
          to_name: "claude",
        },
        source: "test",
        type: "response",
        id: 1,
        result: { content: [] },
        request: {
          type: "request",
          id: 1,
          method: "tools/call",
          params: { name: "echo", arguments: { text: "ünï✓" } },
        },
        latency_ms: 2.215,
      },
      {
        kind: "mcp",
        timestamp: "2026-11-21T12:05:50.000000Z",
        transport_type: "stdio",
        stdio_transport: {
          from_pid: 417,
          from_comm: "node",
          from_name: "server-everything",
          from_container: "0123456789ab",
          to_pid: 0,
          to_comm: "",
        },
        source: "test",
        type: "notification",
        method: "notifications/message",
      },
    ]);
    expect(lines[0]!.stream).toBe(down.id);
  });

  it("has the executable, command line and cgroup when asked for", async () => {
    const { down } = session();
    const [line] = await linesOf([chunk(down, notification("x"), { process: server })], { details: true });
    expect(line!.stdio_transport).toMatchObject({ from_exe: "/usr/bin/node", from_args: ["node", "x"] });
  });

  it("holds values as they were sent, to the digit", async () => {
    const { down } = session();
    const text = '{"jsonrpc":"2.0","id":9007199254740993,"method":"x","params":{"n":1.10,"e":1E400,"s":"\\u00e9\\/"}}';
    const place = folder();
    try {
      await write(`${place.path}/a`, [[chunk(down, `${text}\n`)]]);
      const written = readFileSync(`${place.path}/a`, "utf8");
      expect(written).toContain('"id":9007199254740993,"method":"x","params":{"n":1.10,"e":1E400,"s":"\\u00e9\\/"}');
    } finally {
      place.remove();
    }
  });

  it("stays one line when there are line breaks between the tokens", async () => {
    const { down, up } = session();
    const lines = await linesOf([
      chunk(down, '{"jsonrpc":"2.0","id":1,\r"method":"x","params":{"a":\r[1,\r2]}}\n'),
      chunk(up, response(1)),
    ]);
    expect(lines.slice(0, 2).map(({ params, request }) => params ?? (request as Line).params)).toEqual([
      { a: [1, 2] },
      { a: [1, 2] },
    ]);
  });

  it("of a malformed message has its text and the reason, never broken UTF-8", async () => {
    const { down } = session();
    const bytes = Uint8Array.of(
      ...new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"'),
      0xff,
      0x22,
      0x7d,
      0x0a,
    );
    const [line] = await linesOf([chunk(down, bytes)]);
    expect(line).toMatchObject({
      type: "malformed",
      malformed: "invalid_utf8",
      raw: '{"jsonrpc":"2.0","id":1,"method":"\ufffd"}',
    });
    const [long] = await linesOf([chunk(down, `{"jsonrpc":"2.0",${"x".repeat(100_000)}\n`)]);
    expect([String(long!.raw).length, long!.raw_bytes]).toEqual([65_536, 100_017]);
  });

  it("of a malformed message that is JSON has its members", async () => {
    const [line] = await linesOf([chunk(session().down, '{"jsonrpc":"1.0","id":1,"method":"x","params":[]}\n')]);
    expect(line).toMatchObject({ type: "malformed", malformed: "bad_version", id: 1, method: "x", params: [] });
  });

  it("has the warnings", async () => {
    const [line] = await linesOf([chunk(session().down, '{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}\n')]);
    expect(line!.warnings).toEqual(["unknown_method", "duplicate_key"]);
  });

  it("cannot be given a field of ours by a message", async () => {
    const [line] = await linesOf([
      chunk(session().down, '{"kind":"gap","type":"response","jsonrpc":"2.0","timestamp":0,"method":"x","raw":1}\n'),
    ]);
    expect([line!.kind, line!.type, line!.raw]).toEqual(["mcp", "notification", undefined]);
  });

  it("of a gap, a finding and a chunk", async () => {
    const { down } = session();
    const gap: GapEvent = {
      kind: "gap",
      time: 1.5,
      source: "kernel",
      reason: "ring_full",
      message: "Lost.",
      lost: { records: 3 },
      cpu: 1,
    };
    const finding: FindingEvent = {
      kind: "finding",
      time: 2,
      source: "kernel",
      rule: "a.b",
      severity: "high",
      message: "So.",
      evidence: 'a "quote"\n\u0000',
      process: server,
      stream: down,
    };
    expect(await linesOf([gap, finding])).toEqual([
      {
        kind: "gap",
        timestamp: "1970-01-01T00:00:00.001500Z",
        source: "kernel",
        reason: "ring_full",
        message: "Lost.",
        lost: { records: 3 },
        cpu: 1,
      },
      {
        kind: "finding",
        timestamp: "1970-01-01T00:00:00.002000Z",
        source: "kernel",
        rule: "a.b",
        severity: "high",
        message: "So.",
        evidence: 'a "quote"\n\u0000',
        process: { pid: 417, comm: "node", name: "server-everything", container: "0123456789ab" },
        stream: down.id,
      },
    ]);
  });

  it("has its own time and stream, whatever others had", async () => {
    const sessions = Array.from({ length: 9 }, () => session());
    const times = Array.from({ length: 4000 }, (_, k) => Date.UTC(2026, 10, 21) + k % 1500 * 997.3 + k % 7 * 3_600_000);
    const lines = await linesOf(
      times.map((time, k) =>
        chunk(sessions[k % 9]!.down, notification("notifications/message"), {
          time,
          process: { ...client, pid: 1 + k % 2000 },
          peer: server,
        })
      ),
    );
    expect(lines.length).toBe(times.length);
    lines.forEach((line, k) => {
      expect(Math.abs(Date.parse(String(line.timestamp)) - times[k]!)).toBeLessThanOrEqual(1);
      expect(line.stream).toBe(sessions[k % 9]!.down.id);
      expect((line.stdio_transport as Line).from_pid).toBe(1 + k % 2000);
    });
  });

  it.each([
    [-5, "1970-01-01T00:00:00.000000Z"],
    [NaN, "1970-01-01T00:00:00.000000Z"],
    [Infinity, "9999-12-31T23:59:59.000000Z"],
    [1e300, "9999-12-31T23:59:59.000000Z"],
    [Date.UTC(2026, 1, 3) - 0.0001, "2026-02-03T00:00:00.000000Z"],
    [Date.UTC(2026, 1, 3) - 0.001, "2026-02-02T23:59:59.999999Z"],
  ])("has a timestamp for the time %d", async (time, timestamp) => {
    const [line] = await linesOf([chunk(session().down, notification("x"), { time })]);
    expect(line!.timestamp).toBe(timestamp);
  });

  it("tells the stream's ends as they are when they become known later", async () => {
    const both = session(false);
    const lines = await linesOf([
      chunk(both.down, notification("a"), { process: undefined, peer: undefined }),
      (link(both), chunk(both.down, notification("b"), { process: client, peer: server })),
    ]);
    expect(lines.map(({ stdio_transport }) => (stdio_transport as Line).from_pid)).toEqual([0, 412]);
  });

  it("says the same as JSON.parse of the message, whatever the message", async () => {
    const members = fc.record({
      id: fc.oneof(fc.integer(), fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      method: fc.string(),
      params: fc.oneof(fc.object(), fc.array(fc.jsonValue())),
      result: fc.jsonValue(),
      error: fc.jsonValue({ maxDepth: 2 }),
    }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(fc.array(members, { maxLength: 20 }), async (list) => {
        const { down } = session();
        const texts = list.map((message) => JSON.stringify({ jsonrpc: "2.0", ...message }));
        const lines = (await linesOf([chunk(down, texts.map((text) => `${text}\n`).join(""))])).filter(({ kind }) =>
          kind === "mcp"
        );
        expect(lines.length).toBe(texts.length);
        lines.forEach(({ id, method, params, result, error }, k) => {
          const { jsonrpc: _, ...expected } = JSON.parse(texts[k]!);
          if (expected.error === null && "result" in expected && !("method" in expected)) delete expected.error;
          expect(JSON.parse(JSON.stringify({ id, method, params, result, error }))).toEqual(expected);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe("a reader of MCPSpy's JSONL", () => {
  const samples = new URL("./mcpspy/", import.meta.url);

  it.each(["python-stdio.jsonl", "node-stdio.jsonl"])("finds in our lines what is in %s", async (name) => {
    const theirs = readFileSync(new URL(name, samples), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const both = session();
    const client = theirs[0].stdio_transport.from_pid;
    const events: ChunkEvent[] = theirs.map(({ stdio_transport: ends, raw, timestamp }) =>
      chunk(ends.from_pid === client ? both.down : both.up, `${raw}\n`, {
        time: Date.parse(timestamp),
        process: { pid: ends.from_pid, comm: ends.from_comm, name: ends.from_comm },
        peer: { pid: ends.to_pid, comm: ends.to_comm, name: ends.to_comm },
      })
    );
    const ours = (await linesOf(events, { compat: "mcpspy" })).filter(({ kind }) => kind === "mcp");
    expect(ours).toHaveLength(theirs.length);
    theirs.forEach((line, k) => {
      const { timestamp, stdio_transport, error, ...rest } = line;
      const own = ours[k]!;
      expect(own).toMatchObject(rest);
      expect(own.stdio_transport).toMatchObject(stdio_transport);
      expect(own.error).toMatchObject(error); // MCPSpy leaves out a code that is 0
      expect(String(own.timestamp).slice(0, 23)).toBe(new Date(timestamp).toISOString().slice(0, 23));
      expect(Object.keys(own)).toEqual(expect.arrayContaining(Object.keys(line)));
    });
  });
});
