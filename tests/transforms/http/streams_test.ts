import { describe, expect, it } from "vitest";
import type { Batch, Event } from "../../../pipeline/event.ts";
import {
  brief,
  briefly,
  chunk,
  connect,
  eof,
  gaps,
  head,
  join,
  type Metrics,
  ok,
  post,
  run,
  runBatches,
} from "./_feed.ts";

const JSON_LINE = '{"jsonrpc":"2.0","method":"ping","id":1}\n';

describe("http and what is not HTTP", () => {
  it("passes on batches without anything for it as they are", async () => {
    const pipe = connect("pipe"), unix = connect("unix");
    const finding: Event = { kind: "finding", time: 1, source: "s", rule: "r", severity: "info", message: "m" };
    const batches: Batch[] = [
      [chunk(pipe.up, JSON_LINE), finding, chunk(pipe.down, post("/"))],
      [],
      [chunk(unix.up, JSON_LINE), chunk(unix.down, JSON_LINE), finding],
      [chunk(unix.up, post("/")), eof(unix.up), eof(unix.down)],
    ];
    const out = await runBatches(batches);
    for (let k = 0; k < batches.length; k++) expect(out[k]).toBe(batches[k]);
  });

  it("keeps the order of what it passes on", async () => {
    const pipe = connect("pipe"), { up, down } = connect();
    const events = await run([
      chunk(pipe.up, JSON_LINE),
      chunk(up, post("/")),
      chunk(pipe.up, JSON_LINE),
      chunk(down, ok()),
      chunk(pipe.up, JSON_LINE),
    ]);
    expect(events.map(brief)).toEqual(["chunk", "request POST / ", "chunk", "response 200 to / ", "chunk"]);
  });

  it("takes UNIX streams that begin like HTTP, however they are cut", async () => {
    for (const cut of [1, 3, 6, 20]) {
      const { up, down } = connect("unix");
      const bytes = post("/", "{}");
      const events = await run([chunk(up, bytes.subarray(0, cut)), chunk(up, bytes.subarray(cut)), chunk(down, ok())]);
      expect(briefly(events)).toEqual(["request POST / {}", "response 200 to / "]);
    }
  });

  it("gives back a UNIX stream that only began like it", async () => {
    const { up } = connect("unix"), pipe = connect("pipe");
    const chunks = ["P", "RINT", " and so on, at some length\n", "POST"].map((line) => chunk(up, line));
    const [first, second, third, fourth] = chunks as [Event, Event, Event, Event];
    const other = chunk(pipe.up, JSON_LINE);
    const out = await runBatches([[first, other, second], [third], [fourth]]);
    expect(out.map((batch) => [...batch])).toEqual([[other], [first, second, third], [fourth], []]);
  });

  it("gives back a few bytes of a UNIX stream at an empty batch, and at its end", async () => {
    const waiting = connect("unix"), ending = connect("unix");
    const first = chunk(waiting.up, "OK\n"), second = chunk(ending.up, "OK\n"), last = eof(ending.up);
    const out = await runBatches([[first], [], [second, last]]);
    expect(out.map((batch) => [...batch])).toEqual([[], [first], [second, last], []]);
  });

  it("takes a UNIX stream joined within a body once the other side shows that it is HTTP", async () => {
    const { up, down } = connect("unix");
    const rest = chunk(up, '{"rest":1}');
    const next = chunk(up, post("/1"), { time: 2_000_000 });
    const events = await run([rest, chunk(down, ok("0")), next, chunk(down, ok("1"))]);
    expect(events[0]).toBe(rest);
    expect(briefly(events.slice(1))).toEqual([
      "request POST /1 ",
      "response 200 to undefined 0",
      "response 200 to /1 1",
    ]);
  });

  it("finds the beginning of a connection joined within a body", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, "the rest of some large body, which says nothing of itself"),
      chunk(down, ok("0")),
      chunk(up, post("/1"), { time: 2_000_000 }),
      chunk(down, ok("1")),
    ]);
    expect(briefly(events).filter((line) => line.includes("/1"))).toEqual(["request POST /1 ", "response 200 to /1 1"]);
    expect(gaps(events).map(({ reason }) => reason)).toEqual(["not_http"]);
  });

  it("tells now and then how much of a connection is not HTTP", async () => {
    const { up, down } = connect("tls");
    const seen: Metrics = {};
    const noise = "\x00\x01\x02\x03 some database's protocol \x04\n".repeat(4);
    const batches = Array.from({ length: 200 }, () => [chunk(up, noise), chunk(down, noise)]);
    const events = (await runBatches([...batches, [eof(up), eof(down)]], {}, seen)).flat();
    expect(events.length).toBeLessThan(12);
    expect(events.every((event) => event.kind === "gap" && event.reason === "not_http")).toBe(true);
    const bytes = gaps(events).reduce((sum, { lost }) => sum + (lost?.bytes ?? 0), 0);
    expect(bytes).toBe(400 * noise.length);
    expect(seen["skipped_bytes"]).toBe(bytes);
    expect(seen["open_connections"]).toBe(0);
  });

  it("tells one gap for each connection and reason in a batch", async () => {
    const { up } = connect();
    const bad = head("POST / HTTP/1.1", ["Transfer-Encoding: chunked"]) + "zz\r\n";
    const batches = await runBatches([[chunk(up, join([bad, bad])), chunk(up, bad), chunk(up, bad)]]);
    const events = batches.flat();
    expect(gaps(batches[0]!).map(({ reason }) => reason)).toEqual(["bad_chunk"]);
    expect(briefly(events).filter((line) => line.startsWith("request"))).toEqual(
      new Array(4).fill("request POST / not kept (malformed)"),
    );
  });

  it("forgets the connections that were silent longest", async () => {
    const links = Array.from({ length: 40 }, () => connect());
    const seen: Metrics = {};
    const batches = links.map(({ up }) => [chunk(up, post("/", "abc").subarray(0, -1))]);
    const events = (await runBatches([...batches, []], { max_connections: 32 }, seen)).flat();
    expect(seen["open_connections"]).toBeLessThanOrEqual(32);
    const lines = briefly(events);
    expect(lines.filter((line) => line.includes("(evicted)")).length).toBe(8);
    expect(gaps(events).filter(({ reason }) => reason === "evicted").length).toBe(4);
  });

  it("has room for the answers of as many connections as may be open", async () => {
    for (const max_connections of [1, 3]) {
      const links = Array.from({ length: max_connections }, () => connect());
      const events = await run([
        ...links.map(({ up }) => chunk(up, post("/"))),
        ...links.map(({ down }) => chunk(down, ok())),
      ], {
        max_connections,
      });
      expect(briefly(events)).toEqual([
        ...links.map(() => "request POST / "),
        ...links.map(() => "response 200 to / "),
      ]);
    }
  });

  it("forgets closed connections, whether or not the other side is seen to close", async () => {
    const seen: Metrics = {};
    const both = connect(), one = connect(), alone = connect("tcp", false);
    const chunks = [both, one, alone].flatMap(({ up }) => [chunk(up, post("/"))]);
    const answers = [both, one].map(({ down }) => chunk(down, ok()));
    const closed = [...chunks, ...answers, eof(both.up), eof(both.down), eof(one.up), eof(alone.up)];
    await runBatches([closed], {}, seen);
    expect(seen["open_connections"]).toBe(2); // of `one` the server may go on, `alone` has a request that waits
    await runBatches([closed, ...Array.from({ length: 60 }, () => [])], {}, seen);
    expect(seen["open_connections"]).toBe(1);
    await runBatches([closed, ...Array.from({ length: 60 }, () => []), [eof(one.down)]], {}, seen);
    expect(seen["open_connections"]).toBe(0);
  });

  it("begins anew on a stream that goes on after its end", async () => {
    const { up, down } = connect();
    const cut = head("HTTP/1.1 200 OK", ["Content-Length: 9"]) + "half";
    const events = await run([
      chunk(up, post("/1")),
      eof(up),
      chunk(down, cut),
      chunk(up, post("/2")),
      chunk(down, ok("2")),
    ]);
    expect(briefly(events)).toEqual([
      "request POST /1 ",
      "response 200 to /1 half (reset)",
      "request POST /2 ",
      "response 200 to /2 2",
    ]);
  });
});
