import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import {
  chunk,
  findings,
  gaps,
  line,
  messages,
  notification,
  request,
  response,
  run,
  runBatches,
  session,
} from "./_feed.ts";

const encoder = new TextEncoder();

/** What one line on a stream becomes: the type and reason of a message, or the rule of a finding. */
async function becomes(text: string | Uint8Array): Promise<string[]> {
  const events = await run([chunk(session().down, text)]);
  return events.filter((event) => event.kind !== "finding" || event.rule !== "mcp.stdio.unanswered").map((event) =>
    event.kind === "mcp"
      ? [event.type, event.malformed ?? [], event.warnings].flat().join(" ")
      : event.kind === "finding"
      ? event.rule
      : event.kind
  );
}

describe("jsonrpc, messages", () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"method":"tools/list"}', ["request"]],
    ['{"jsonrpc":"2.0","method":"notifications/progress","params":{}}', ["notification"]],
    ['{"jsonrpc":"2.0","id":1,"method":"my/own"}', ["request unknown_method"]],
    ['{"jsonrpc":"2.0","id":1,"method":"tools\\/list"}', ["request"]],
    ['{"jsonrpc":"2.0","id":1,"result":null}', ["response orphan"]],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1}}', ["response orphan"]],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', ["response orphan"]],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', ["response result_and_error orphan"]],
    ['{"jsonrpc":"2.0","error":{"code":-32700}}', ["response"]],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', ["request duplicate_key"]],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', ["request bad_params"]],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}', ["request"]],
    ['  {"jsonrpc":"2.0","id":1,"method":"ping"}  \r', ["request"]],
    ["   \t ", []],
    ["", []],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', ["malformed bad_version"]],
    ['{"jsonrpc":2.0,"id":1,"method":"ping"}', ["malformed bad_version"]],
    ['{"id":1,"method":"ping"}', ["malformed bad_version"]],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', ["malformed bad_id"]],
    ['{"jsonrpc":"2.0","id":1,"method":7}', ["malformed bad_method"]],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","result":1}', ["malformed ambiguous"]],
    ['{"jsonrpc":"2.0","id":1}', ["malformed not_a_message"]],
    ['{"jsonrpc":"2.0","result":1}', ["malformed no_id"]],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"', ["malformed invalid_json"]],
    ['{"jsonrpc":"2.0","id":01,"method":"ping"}', ["malformed invalid_json"]],
    [`{"jsonrpc":"2.0","params":${"[".repeat(300)}${"]".repeat(300)}}`, ["malformed too_deep"]],
    ["[]", ["malformed empty_batch"]],
    ["Starting server on stdio...", ["mcp.stdio.stray_output"]],
    ['{"level":"info","msg":"started","id":3}', ["mcp.stdio.stray_output"]],
    ["[INFO] started", ["mcp.stdio.stray_output"]],
    ["{ port: 80 }", ["mcp.stdio.stray_output"]],
    ["[1,2,3]", ["mcp.stdio.stray_output"]],
    ["null", ["mcp.stdio.stray_output"]],
  ])("makes of %s: %j", async (text, expected) => {
    expect(await becomes(`${text}\n`)).toEqual(expected);
  });

  it("marks invalid UTF-8, and shows what can be shown", async () => {
    const bytes = Uint8Array.of(
      ...encoder.encode('{"jsonrpc":"2.0","id":1,"method":"'),
      0xff,
      ...encoder.encode('"}\n'),
    );
    expect(await becomes(bytes)).toEqual(["malformed invalid_utf8"]);
    const [message] = messages(await run([chunk(session().down, bytes)]));
    expect(message!.raw).toBe('{"jsonrpc":"2.0","id":1,"method":"\ufffd"}');
    expect([message!.id, message!.from("id"), message!.params]).toEqual([undefined, -1, undefined]);
  });

  it("decodes lazily, and what __proto__ says stays data", async () => {
    const [message] = messages(
      await run([
        chunk(
          session().down,
          '{"jsonrpc":"2.0","__proto__":{"id":9},"id":1,"method":"tools/call","params":{"__proto__":{"x":1},"a":2}}\n',
        ),
      ]),
    );
    expect([message!.id, message!.method]).toEqual([1, "tools/call"]);
    const params = message!.params as Record<string, unknown>;
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
    expect(Object.keys(params)).toEqual(["__proto__", "a"]);
    expect("x" in params).toBe(false);
    expect(message!.params).toBe(params);
  });

  it("knows which process sent it and when", async () => {
    const { up } = session();
    const [message] = messages(await run([chunk(up, notification("notifications/message"), { time: 1234.5 })]));
    expect(message).toMatchObject({
      time: 1234.5,
      source: "test",
      process: { pid: 2 },
      peer: { pid: 1 },
      transport: "stdio",
    });
    expect(message!.stream).toBe(up);
  });

  it("splits a batch into its members", async () => {
    const { down, up } = session();
    const events = await run([
      chunk(
        down,
        '[{"jsonrpc":"2.0","id":1,"method":"ping"}, {"jsonrpc":"2.0","id":"b","method":"tools/list"},{"jsonrpc":"2.0","method":"notifications/initialized"},7]\n',
      ),
      chunk(up, '[{"jsonrpc":"2.0","id":"b","result":"B"},{"jsonrpc":"2.0","id":1,"result":"A"}]\n'),
    ]);
    expect(
      messages(events).map((
        { type, id, request, malformed, warnings, raw },
      ) => [type, id, request?.method ?? malformed, ...warnings, raw.length > 1]),
    ).toEqual([
      ["request", 1, undefined, "batch", true],
      ["request", "b", undefined, "batch", true],
      ["notification", undefined, undefined, "batch", true],
      ["malformed", undefined, "not_object", "batch", false],
      ["response", "b", "tools/list", "batch", true],
      ["response", 1, "ping", "batch", true],
    ]);
  });

  it("takes a batch that is too long for malformed", async () => {
    const batch = JSON.stringify(Array.from({ length: 20 }, (_, id) => ({ jsonrpc: "2.0", id, method: "ping" })));
    const [message] = messages(await run([chunk(session().down, `${batch}\n`)], { max_batch: 19 }));
    expect([message!.type, message!.malformed, message!.raw]).toEqual(["malformed", "batch_too_long", batch]);
  });

  it("passes on events that it does not know, in order", async () => {
    const { down } = session();
    const gap: Event = { kind: "gap", time: 1, source: "test", reason: "ring_full", message: "Lost." };
    const events = await run([chunk(down, notification("a")), gap, chunk(down, notification("b"))]);
    expect(events.map((event) => event.kind === "mcp" ? event.method : event)).toEqual(["a", gap, "b"]);
  });

  it("yields a batch for each, empty ones too", async () => {
    expect((await runBatches([[], [], []])).map(({ length }) => length)).toEqual([0, 0, 0, 0]);
  });
});

describe("jsonrpc, framing", () => {
  it("agrees with itself however the bytes are cut", async () => {
    const lines = [
      request(1, "tools/call", { text: "ünï✓😀" }),
      notification("notifications/message"),
      "stray é\n",
      line({ jsonrpc: "2.0", error: { code: 1 } }),
      "\r\n",
      request("x", "ping").replace("\n", "\r\n"),
    ];
    const bytes = encoder.encode(lines.join(""));
    const seen = (events: Event[]) =>
      events.map((event) =>
        event.kind === "mcp"
          ? [event.type, event.raw, event.id, event.params]
          : [event.kind, "evidence" in event && event.evidence]
      );
    const whole = seen(await run([chunk(session().down, bytes)]));
    expect(whole.length).toBeGreaterThan(5);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        fc.nat(5),
        async (cuts, perBatch) => {
          const { down } = session();
          const chunks = [];
          for (let at = 0, k = 0; at < bytes.length; k++) {
            const end = Math.min(bytes.length, at + cuts[k % cuts.length]!);
            chunks.push({ ...chunk(down, bytes, { time: 5 }), start: at, end });
            at = end;
          }
          const batches = [];
          while (chunks.length > 0) batches.push(chunks.splice(0, perBatch + 1));
          expect(seen((await runBatches(batches)).flat())).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("tells of a message beyond the limit, and goes on after it", async () => {
    const { down } = session();
    const long = request(1, "tools/call", { text: "x".repeat(5000) });
    const events = await run([
      chunk(down, long.slice(0, 2000)),
      chunk(down, long.slice(2000)),
      chunk(down, notification("b")),
    ], { max_line: 4096 });
    expect(gaps(events)).toMatchObject([{ reason: "too_large", lost: { messages: 1, bytes: long.length - 1 } }]);
    expect(messages(events).map(({ method }) => method)).toEqual(["b"]);
  });

  it("drops a message that bytes are missing of, and goes on with the next line", async () => {
    const { down } = session();
    const events = await run([
      chunk(down, '{"jsonrpc":"2.0","id":1,"meth'),
      chunk(down, 'o","params":{}}\n' + notification("b"), { lost: 100 }),
    ]);
    expect(messages(events).map(({ type, malformed, method, raw }) => [type, malformed ?? method, raw.length])).toEqual(
      [
        ["malformed", "bytes_lost", 29],
        ["notification", "b", notification("b").length - 1],
      ],
    );
    expect(findings(events)).toEqual([]);
  });

  it("keeps a whole message right after a loss", async () => {
    const { down } = session();
    const events = await run([
      chunk(down, notification("a")),
      chunk(down, notification("b") + notification("c"), { lost: 9 }),
    ]);
    expect(messages(events).map(({ method }) => method)).toEqual(["a", "b", "c"]);
  });

  it("takes what is left at the end of a stream for a message if it is one", async () => {
    const { down, up } = session();
    const events = await run([
      chunk(down, notification("a").trim(), { eof: true }),
      chunk(up, '{"jsonrpc":"2.0","id":1,"res', { eof: true }),
    ]);
    expect(messages(events).map(({ type, malformed, method }) => [type, malformed ?? method])).toEqual([[
      "notification",
      "a",
    ], ["malformed", "truncated"]]);
    const other = await run([chunk(session().up, "bye")]);
    expect(findings(other)).toMatchObject([{ rule: "mcp.stdio.stray_output", evidence: "bye" }]);
  });

  it("tells stray lines, the first five each, then as they grow tenfold, and the sum", async () => {
    const { up } = session();
    const events = await run([
      chunk(up, Array.from({ length: 120 }, (_, k) => `log line ${k}\n`).join("")),
      chunk(up, "", { eof: true }),
    ]);
    expect(findings(events).map(({ evidence, message }) => evidence ?? /has written (\d+)/.exec(message)![1])).toEqual([
      "log line 0",
      "log line 1",
      "log line 2",
      "log line 3",
      "log line 4",
      "50",
      "120",
    ]);
    expect(findings(events)[0]!.message).toBe(
      "server-everything[2] wrote a line that is not JSON-RPC into its MCP stream",
    );
  });

  it("shortens evidence", async () => {
    const [finding] = findings(await run([chunk(session().up, "😀".repeat(5000) + "\n")]));
    expect(finding!.evidence).toBe("😀".repeat(200));
  });

  it("throws at nothing", async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(
        request(1),
        response(1),
        notification("x"),
        "[{",
        '{"jsonrpc":"2.0","id":',
        "\n",
        "[]\n",
        line([{ jsonrpc: "2.0", id: 1 }]),
      ).map((text) => encoder.encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(piece, fc.boolean(), fc.constantFrom(0, 0, 0, 5), fc.constantFrom(false, false, false, true)),
          { maxLength: 30 },
        ),
        async (pieces) => {
          const { down, up } = session();
          const events = await run(
            pieces.map(([bytes, isUp, lost, eof]) => chunk(isUp ? up : down, bytes, { lost, eof })),
            { max_line: 1024, max_pending: 3, max_held: 2 },
          );
          for (const message of messages(events)) {
            for (const member of ["id", "method", "params", "result", "error"] as const) {
              const from = message.from(member), to = message.to(member);
              expect(from < 0 ? to : message.start <= from && from < to && to <= message.end).toBe(
                from < 0 ? -1 : true,
              );
            }
            JSON.stringify([message.params, message.result, message.error, message.raw]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
