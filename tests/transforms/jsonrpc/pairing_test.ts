import { describe, expect, it } from "vitest";
import {
  chunk,
  findings,
  gaps,
  line,
  link,
  messages,
  notification,
  request,
  response,
  run,
  runBatches,
  session,
} from "./_feed.ts";

describe("jsonrpc, pairing", () => {
  it("ties a response to its request, with the time between", async () => {
    const { down, up } = session();
    const [asked, answered] = messages(
      await run([
        chunk(down, request(1, "tools/call", { name: "echo" }), { time: 1000.25 }),
        chunk(up, response(1, { content: [] }), { time: 1002.75 }),
      ]),
    );
    expect(answered!.request).toBe(asked);
    expect(answered!.latency).toBe(2.5);
    expect(answered!.warnings).toEqual([]);
    expect(answered!.request!.params).toEqual({ name: "echo" });
    expect([answered!.method, answered!.result]).toEqual([undefined, { content: [] }]);
  });

  it("keeps directions apart: both ends may use the same ids", async () => {
    const { down, up } = session();
    const got = messages(
      await run([
        chunk(down, request(1, "tools/call")),
        chunk(up, request(1, "sampling/createMessage")),
        chunk(down, response(1, "sampled")),
        chunk(up, response(1, "called")),
      ]),
    );
    expect(got.map(({ request, result }) => [request?.method, result])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      ["sampling/createMessage", "sampled"],
      ["tools/call", "called"],
    ]);
  });

  it("keeps sessions apart", async () => {
    const one = session(), two = session();
    const got = messages(
      await run([
        chunk(one.down, request(1, "a")),
        chunk(two.down, request(1, "b")),
        chunk(two.up, response(1)),
        chunk(one.up, response(1)),
      ]),
    );
    expect(got.slice(2).map(({ request }) => request?.method)).toEqual(["b", "a"]);
  });

  it.each([
    ["1", "1"],
    ["0", "0"],
    ["-7", "-7"],
    ["9007199254740993", "9007199254740993"],
    ["1.5", "1.5"],
    ["1e3", "1e3"],
    ['""', '""'],
    ['"a\\u0062"', '"ab"'],
    ['"#1.0"', '"#1.0"'],
    ['"ünï✓"', '"ünï✓"'],
  ])("pairs the id %s with %s", async (asked, answered) => {
    const { down, up } = session();
    const [, got] = messages(
      await run([
        chunk(down, `{"jsonrpc":"2.0","id":${asked},"method":"x"}\n`),
        chunk(up, `{"jsonrpc":"2.0","id":${answered},"result":1}\n`),
      ]),
    );
    expect(got!.request?.method).toBe("x");
    expect(got!.warnings).toEqual([]);
  });

  it.each([
    ["1", '"1"'],
    ['"1"', "1"],
    ["1", "1.0"],
  ])("pairs the id %s with %s too, and warns", async (asked, answered) => {
    const { down, up } = session();
    const [, got] = messages(
      await run([
        chunk(down, `{"jsonrpc":"2.0","id":${asked},"method":"x"}\n`),
        chunk(up, `{"jsonrpc":"2.0","id":${answered},"result":1}\n`),
      ]),
    );
    expect(got!.request?.method).toBe("x");
    expect(got!.warnings).toEqual(["id_type_mismatch"]);
  });

  it("prefers the id of the right type", async () => {
    const { down, up } = session();
    const got = messages(
      await run([
        chunk(down, request(1, "number") + request("1", "string")),
        chunk(up, response("1") + response(1)),
      ]),
    );
    expect(got.slice(2).map(({ request, warnings }) => [request?.method, ...warnings])).toEqual([["string"], [
      "number",
    ]]);
  });

  it.each([
    ["9007199254740993", "9007199254740992"],
    ['"a"', '"A"'],
    ['"01"', "1"],
    ["1.0", "1"],
    ['"#1.0"', "1.0"],
  ])("does not pair the id %s with %s", async (asked, answered) => {
    const { down, up } = session();
    const [, got] = messages(
      await run([
        chunk(down, `{"jsonrpc":"2.0","id":${asked},"method":"x"}\n`),
        chunk(up, `{"jsonrpc":"2.0","id":${answered},"result":1}\n`),
      ]),
    );
    expect(got!.request).toBeUndefined();
    expect(got!.warnings).toEqual(["orphan"]);
  });

  it("pairs nothing with null", async () => {
    const { down, up } = session();
    const got = messages(
      await run([
        chunk(down, request(null, "x")),
        chunk(up, line({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "Parse error" } })),
      ]),
    );
    expect(got.map(({ type, id, request, warnings }) => [type, id, request, warnings])).toEqual([
      ["request", null, undefined, ["unknown_method", "null_id"]],
      ["response", null, undefined, ["null_id"]],
    ]);
  });

  it("tells a second request with an id in use; answers go to the older first", async () => {
    const { down, up } = session();
    const got = messages(
      await run([
        chunk(down, request(1, "tools/list") + request(1, "tools/call") + request(1, "ping")),
        chunk(up, response(1) + response(1) + response(1)),
      ]),
    );
    expect(got.map(({ warnings }) => warnings)).toEqual([[], ["duplicate_id"], ["duplicate_id"], [], [], []]);
    expect(got.slice(3).map(({ request }) => request?.method)).toEqual(["tools/list", "tools/call", "ping"]);
  });

  it("tells a second response", async () => {
    const { down, up } = session();
    const got = messages(await run([chunk(down, request(1, "ping")), chunk(up, response(1) + response(1))]));
    expect(got.map(({ warnings }) => warnings)).toEqual([[], [], ["duplicate_response"]]);
  });

  it("finds each of many requests, whatever the order of the answers", async () => {
    const { down, up } = session();
    const ids = Array.from({ length: 500 }, (_, k) => k % 3 === 0 ? `id-${k}` : k);
    const shuffled = ids.toSorted((a, b) =>
      String(a).split("").reverse().join("") < String(b).split("").reverse().join("") ? -1 : 1
    );
    const events = await run([
      ...ids.map((id) => chunk(down, request(id, "tools/call", { for: id }))),
      ...shuffled.map((id) => chunk(up, response(id, { for: id }))),
    ]);
    const answers = messages(events).slice(ids.length);
    expect(answers.map(({ request }) => request?.params)).toEqual(answers.map(({ result }) => result));
    expect(findings(events)).toEqual([]);
  });

  it("waits for a request that comes a little after its response", async () => {
    const { down, up } = session();
    const batches = await runBatches([
      [chunk(up, response(1, "early"))],
      [chunk(down, request(1, "tools/call")), chunk(up, notification("notifications/message"))],
      [],
    ]);
    expect(batches[0]).toEqual([]);
    const [asked, answered, other] = messages(batches[1]!);
    expect([asked!.type, answered!.type, other!.type]).toEqual(["request", "response", "notification"]);
    expect(answered!.request).toBe(asked);
    expect(answered!.latency).toBe(0);
    expect(answered!.warnings).toEqual([]);
  });

  it("waits no longer than until the next empty batch", async () => {
    const { down, up } = session();
    const batches = await runBatches([[chunk(up, response(1))], [], [chunk(down, request(1))]]);
    expect(batches.map((batch) => messages(batch).map(({ type, warnings }) => [type, ...warnings]))).toEqual([
      [],
      [["response", "orphan"]],
      [["request"]],
      [],
    ]);
  });

  it("waits no longer than hold_ms of traffic, nor for more than max_held responses", async () => {
    const { up } = session(), other = session();
    const tick = (time: number) => chunk(other.down, notification("notifications/progress"), { time });
    const orphans = (batches: Awaited<ReturnType<typeof runBatches>>) =>
      batches.map((batch) => messages(batch).filter(({ warnings }) => warnings.includes("orphan")).length);
    expect(
      orphans(await runBatches([[chunk(up, response(1), { time: 1000 })], [tick(1050)], [tick(1099)], [tick(1100)]])),
    ).toEqual([0, 0, 0, 1, 0]);
    expect(
      orphans(
        await runBatches([[1, 2, 3, 4].map((id) => chunk(up, response(id), { time: 1000 })), [tick(1000)]], {
          max_held: 3,
        }),
      ),
    ).toEqual([1, 0, 3]);
  });

  it("lets go of held responses at the end, and when their stream ends", async () => {
    const { up } = session();
    expect(messages(await run([chunk(up, response(1))])).map(({ warnings }) => warnings)).toEqual([["orphan"]]);
    const [batch] = await runBatches([[chunk(up, response(1)), chunk(up, "", { eof: true })]]);
    expect(messages(batch!).map(({ warnings }) => warnings)).toEqual([["orphan"]]);
  });

  it("pairs over streams that are linked only later", async () => {
    const both = session(false);
    async function* source() {
      yield [chunk(both.down, request(1, "initialize"))];
      link(both);
      yield [chunk(both.up, response(1))];
    }
    const batches = await runBatches(source());
    expect(messages(batches.flat()).at(-1)!.request?.method).toBe("initialize");
  });

  it("bounds what waits on a stream, and tells what it forgot", async () => {
    const { down, up } = session();
    const ids = Array.from({ length: 100 }, (_, k) => k);
    const events = await run([
      chunk(down, ids.map((id) => request(id)).join("")),
      chunk(up, ids.map((id) => response(id)).join("")),
    ], { max_pending: 40 });
    expect(gaps(events)).toMatchObject([{ reason: "evicted", lost: { messages: 60 } }]);
    const answers = messages(events).filter(({ type }) => type === "response");
    expect(answers.filter(({ request }) => request !== undefined).map(({ id }) => id)).toEqual(ids.slice(60));
  });

  it("bounds the bytes of all that waits", async () => {
    const sessions = Array.from({ length: 10 }, () => session());
    const big = request(1, "tools/call", { text: "x".repeat(400) });
    const events = await run(sessions.map(({ down }) => chunk(down, big)), { max_pending_bytes: 2500 });
    expect(gaps(events)).toMatchObject([{ reason: "evicted", lost: { messages: 5 } }]);
    expect(findings(events)).toHaveLength(5);
  });

  it("forgets the streams that were silent longest when there are too many", async () => {
    const sessions = Array.from({ length: 40 }, () => session());
    const batches = await runBatches([
      ...sessions.map(({ down }) => [chunk(down, request(1))]),
      sessions.toReversed().map(({ up }) => chunk(up, response(1))),
    ], { max_streams: 64 });
    expect(gaps(batches.flat()).length).toBeGreaterThan(0);
    const answers = messages(batches.flat()).filter(({ type }) => type === "response");
    expect(answers).toHaveLength(40);
    expect(answers.filter(({ request }) => request !== undefined).length).toBeGreaterThan(20);
  });

  it("lets go of a large buffer once a request has waited for long, and the request stays as it was", async () => {
    const { down, up } = session();
    const text = request(7, "tools/call", { name: "slow", text: "✓" });
    const large = new Uint8Array(1 << 20);
    large.set(new TextEncoder().encode(text), 5000);
    const first = { ...chunk(down, large), start: 5000, end: 5000 + new TextEncoder().encode(text).length };
    const batches = await runBatches([[first], ...Array.from({ length: 20 }, () => []), [chunk(up, response(7))]]);
    const [asked, answered] = messages(batches.flat());
    expect(asked!.buffer.length).toBeLessThan(1000);
    expect(answered!.request).toBe(asked);
    expect([asked!.raw + "\n", asked!.params]).toEqual([text, { name: "slow", text: "✓" }]);
    const bytes = asked!.buffer.subarray(asked!.from("params"), asked!.to("params"));
    expect(new TextDecoder().decode(bytes)).toBe('{"name":"slow","text":"✓"}');
  });
});

describe("jsonrpc, requests that are never answered", () => {
  it("are told when the stream for the answers ends", async () => {
    const { down, up } = session();
    const events = await run([
      chunk(down, request(1, "initialize") + request(2, "tools/call") + request("x", "tools/list")),
      chunk(up, response(1)),
      chunk(up, "", { eof: true }),
    ]);
    expect(findings(events)).toMatchObject([{
      rule: "mcp.stdio.unanswered",
      severity: "low",
      message: 'server-everything[2] never answered tools/call (id 2), tools/list (id "x")',
    }]);
  });

  it("may still be answered after the end of their own stream", async () => {
    const { down, up } = session();
    const events = await run([
      chunk(down, request(1, "ping"), { eof: true }),
      chunk(up, response(1)),
      chunk(up, "", { eof: true }),
    ]);
    expect(messages(events)[1]!.request?.method).toBe("ping");
    expect(findings(events)).toEqual([]);
  });

  it("are told at the end of everything, and when nothing of the way back was ever seen", async () => {
    const lone = session(false), tick = session();
    expect(findings(await run([chunk(lone.down, request(1, "ping"))]))).toHaveLength(1);
    const other = session(false);
    const batches = await runBatches([
      [chunk(other.down, request(1, "ping"), { time: 1000, eof: true })],
      [chunk(tick.down, notification("notifications/initialized"), { time: 7000 })],
    ]);
    expect(batches.map((batch) => findings(batch).length)).toEqual([0, 1, 0]);
  });

  it("are no matter if they were cancelled, or wait by nature", async () => {
    const { down, up } = session();
    const events = await run([
      chunk(down, request(1, "tools/call") + request(2, "subscriptions/listen")),
      chunk(down, notification("notifications/cancelled", { requestId: 1, reason: "enough" })),
      chunk(up, "", { eof: true }),
    ]);
    expect(findings(events)).toEqual([]);
  });

  it("are named, a few of them", async () => {
    const { down } = session();
    const [finding] = findings(
      await run([chunk(down, Array.from({ length: 20 }, (_, k) => request(k, "ping")).join(""))]),
    );
    expect(finding!.message).toMatch(/ping \(id 4\) and 15 more$/);
  });
});
