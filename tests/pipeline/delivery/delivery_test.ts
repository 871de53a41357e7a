import { describe, expect, it } from "vitest";
import type { BufferedRecord, Courier, Verdict } from "../../../pipeline/delivery/mod.ts";
import { Recorder } from "./_endpoint.ts";
import { courier, lines, options, start, until } from "./_sink.ts";

describe("a sink that delivers", () => {
  it("sends what comes, in order, compressed, with the user's headers, over one connection", async () => {
    const endpoint = await Recorder.start();
    const sink = await start(
      courier(endpoint.url),
      options({ headers: { "X-Team": "a", "Content-Type": "text/x-lines" }, batch_events: 100 }),
    );
    for (let k = 0; k < 10; k++) await sink.feed.send(...lines(50, k * 50));
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(lines(500));
    expect(endpoint.requests.map(({ headers }) => headers["content-encoding"])).toContain("gzip");
    for (const { headers } of endpoint.requests) {
      expect(headers).toMatchObject({ "x-team": "a", "content-type": "text/x-lines" });
      expect(headers["transfer-encoding"]).toBeUndefined();
    }
    expect(new Set(endpoint.requests.map(({ port }) => port)).size).toBe(1);
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(5);
    expect(sink.gauges).toMatchObject({ buffer_records: 0, records_delivered: 500, circuit: 0 });
    expect(sink.logged).toEqual([]);
  });

  it("makes batches by number, by bytes and by time", async () => {
    const endpoint = await Recorder.start();
    const sink = await start(courier(endpoint.url), options({ batch_events: 3, batch_bytes: 1024, batch_ms: 60_000 }));
    await sink.feed.send(...lines(7));
    await until(() => endpoint.requests.length === 2);
    await sink.feed.send("x".repeat(600), "y".repeat(600));
    await until(() => endpoint.requests.length === 3);
    sink.feed.end();
    await sink.done;
    expect(endpoint.requests.map(({ body }) => body.length)).toEqual([21, 21, 7 + 601, 601]);
  });

  it("takes batches while the endpoint is down, and sends them when it is up, each once", async () => {
    const endpoint = await Recorder.start();
    await endpoint.stop();
    const sink = await start(courier(endpoint.url));
    for (let k = 0; k < 20; k++) await sink.feed.send(...lines(5, k * 5)); // resolves: it was taken
    await until(() => sink.logged.length > 0);
    expect(sink.logged).toEqual([
      expect.stringMatching(/^warn: http:\/\/localhost:\d+\/in: .*ECONNREFUSED.*Events wait in the buffer/),
    ]);
    await until(() => sink.gauges["circuit"] !== 0 && sink.gauges["buffer_records"] === 100);
    await endpoint.listen();
    await until(() => endpoint.lines.length === 100);
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(lines(100));
    expect(sink.logged.at(-1)).toMatch(/^info: .* answers again, after \d+ s$/);
    expect(sink.dropped).toEqual({});
  });

  it.each([["seconds", () => "1"], ["a date", () => new Date(Date.now() + 2000).toUTCString()]])(
    "comes again when Retry-After says, in %s",
    async (_, after) => {
      const endpoint = await Recorder.start();
      endpoint.reply = () =>
        endpoint.requests.length > 1 ? undefined : { status: 429, headers: { "retry-after": after() } };
      const sink = await start(courier(endpoint.url), options({ health_check: false }));
      await sink.feed.send("a");
      await until(() => endpoint.lines.length === 1);
      const [first, second] = endpoint.requests;
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(900);
      sink.feed.end();
      await sink.done;
    },
  );

  it("tries again what failed on the way: status 503, a reset in the middle of the answer, an answer that is too slow", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = (_, response) => {
      switch (endpoint.requests.length) {
        case 1:
          return { status: 503 };
        case 2:
          response.writeHead(200, { "content-length": "1000" });
          response.write("partly");
          setTimeout(() => response.socket?.resetAndDestroy(), 20);
          return null;
        case 3:
          return null; // never
        default:
          return undefined;
      }
    };
    const sink = await start(courier(endpoint.url), options({ timeout_ms: 1500, health_check: false }));
    await sink.feed.send("a", "b");
    await until(() => endpoint.lines.length > 0);
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(["a", "b"]);
    expect(endpoint.requests).toHaveLength(4);
    expect(sink.gauges).toMatchObject({ requests: 4, requests_failed: 3, records_retried: 6, records_delivered: 2 });
  });

  it("gives up what the endpoint refuses, counts it, and says why", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = ({ body }) => body.includes("bad") ? { status: 400, body: '{"error":"bad\nline"}' } : undefined;
    const sink = await start(courier(endpoint.url), options({ batch_events: 2 }));
    await sink.feed.send("bad", "x", "good");
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(["x", "good"]);
    expect(sink.dropped).toEqual({ rejected: 1 });
    expect(sink.logged).toEqual([
      expect.stringMatching(/^warn: .* rejected 1 record: status 400: \{"error":"bad line"\}$/),
    ]);
  });

  it("finds the few that are refused among many, and delivers the others in order", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = ({ body }) => body.includes("bad") ? { status: 422 } : undefined;
    const sink = await start(courier(endpoint.url));
    const all = lines(500).map((line, k) => k % 180 === 77 ? `bad ${line}` : line);
    await sink.feed.send(...all);
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(all.filter((line) => !line.startsWith("bad")));
    expect(sink.dropped).toEqual({ rejected: 3 });
    expect(sink.gauges["records_delivered"]).toBe(497);
    expect(endpoint.requests.length).toBeLessThan(80);
  });

  it("does not ask about each of many when all are refused", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => ({ status: 400 });
    const sink = await start(courier(endpoint.url));
    for (let k = 0; k < 5; k++) await sink.feed.send(...lines(1000));
    sink.feed.end();
    await sink.done;
    expect(sink.dropped).toEqual({ rejected: 5000 });
    expect(endpoint.requests.length).toBeLessThan(220);
  });

  it("waits where the endpoint does not know us or is not there, and does not follow redirects", async () => {
    const endpoint = await Recorder.start();
    const statuses = [401, 403, 404, 302];
    endpoint.reply = () => {
      const status = statuses[endpoint.requests.length - 1];
      return status === undefined ? undefined : { status, headers: { location: "http://localhost:1/other" } };
    };
    const sink = await start(courier(endpoint.url), options({ health_check: false }));
    await sink.feed.send("a");
    await until(() => endpoint.lines.length === 1);
    sink.feed.end();
    await sink.done;
    expect(endpoint.requests).toHaveLength(5);
    expect(sink.logged[0]).toContain("status 401");
  });

  it("sends again only what is to be sent again, and gives up what is refused", async () => {
    const endpoint = await Recorder.start(), sent: string[][] = [];
    const text = ({ bytes }: BufferedRecord) => new TextDecoder().decode(bytes).trim();
    const made: Courier = {
      ...courier(endpoint.url),
      requests: (records) =>
        courier(endpoint.url).requests(records).map((request) => ({
          ...request,
          judge(): Verdict {
            const texts = records.map(text);
            sent.push(texts);
            const where = (mark: string) => texts.flatMap((text, k) => text.startsWith(mark) ? [k] : []);
            const retry = sent.length < 3 ? where("again") : [];
            return {
              outcome: "partly",
              retry,
              retryReason: "busy",
              rejected: where("never").map((record) => ({ record, reason: "mapping" })),
              refused: sent.length === 1 ? { count: 2, what: "spans", reason: "too old" } : undefined,
            };
          },
        })),
    };
    const sink = await start(made, options({ health_check: false }));
    await sink.feed.send("one", "again 1", "never", "again 2", "two");
    sink.feed.end();
    await sink.done;
    expect(sent).toEqual([["one", "again 1", "never", "again 2", "two"], ["again 1", "again 2"], [
      "again 1",
      "again 2",
    ]]);
    expect(sink.dropped).toEqual({ rejected: 1, refused: 2 });
    expect(sink.gauges).toMatchObject({ records_delivered: 4, records_retried: 4, buffer_records: 0 });
    expect(sink.logged).toContainEqual(expect.stringContaining("refused 2 spans: too old"));
  });

  it("sends half as much at once where the endpoint says it is too much", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = ({ body }) => body.length > 20 ? { status: 413 } : undefined;
    const sink = await start(courier(endpoint.url));
    await sink.feed.send(...lines(9), "x".repeat(30), "last");
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual([...lines(9), "last"]);
    expect(sink.dropped).toEqual({ too_large_for_endpoint: 1 });
    expect(sink.gauges).toMatchObject({ records_delivered: 10 });
  });

  it("makes several requests of a batch, and sends again those that failed", async () => {
    const endpoint = await Recorder.start();
    const made: Courier = {
      ...courier(endpoint.url),
      requests: (records) =>
        [0, 1].map((rest) => {
          const ours = records.map((_, k) => k).filter((k) => records[k]!.bytes.length % 2 === rest);
          const body = new TextEncoder().encode(ours.map((k) => new TextDecoder().decode(records[k]!.bytes)).join(""));
          return { url: `${endpoint.url}/${rest}`, method: "PUT", headers: {}, body, records: ours };
        }),
    };
    let failures = 2;
    endpoint.reply = ({ url }) => url.endsWith("/1") && failures-- > 0 ? { status: 500 } : undefined;
    const sink = await start(made);
    await sink.feed.send("a", "bb", "cc", "d", "ee");
    sink.feed.end();
    await sink.done;
    expect([...endpoint.lines].sort()).toEqual(["a", "bb", "cc", "d", "ee"]);
    expect(endpoint.requests.every(({ method }) => method === "PUT")).toBe(true);
  });

  it("survives a courier that throws or makes no request of a record, and counts", async () => {
    const endpoint = await Recorder.start();
    const made = courier(endpoint.url);
    let thrown = false;
    const sink = await start({
      ...made,
      *encode(batch) {
        yield* made.encode(batch.slice(0, 1));
        if (batch.length > 1) throw new Error("cannot");
      },
      requests: (records) => {
        if (!thrown) {
          thrown = true;
          throw new Error("never");
        }
        return made.requests(records);
      },
    });
    await sink.feed.send("a", "b");
    await until(() => sink.dropped["unsendable"] === 1);
    await sink.feed.send("c");
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(["c"]);
    expect(sink.errors).toMatchObject({ encode: 1 });
  });

  it.each([
    ["a URL that is none", { url: "http://[" }],
    ["a URL of something else", { url: "ftp://localhost/" }],
    ["a header that cannot be", { headers: { "x-name": "a\nb" } }],
    ["a header whose name cannot be", { headers: { "x name": "a" } }],
  ])("gives up %s", async (_, wrong) => {
    const endpoint = await Recorder.start(), made = courier(endpoint.url);
    const sink = await start({
      ...made,
      requests: (records) => made.requests(records).map((request) => ({ ...request, ...wrong })),
    });
    await sink.feed.send("a");
    sink.feed.end();
    await sink.done;
    expect(sink.dropped).toEqual({ rejected: 1 });
    expect(sink.gauges["buffer_records"]).toBe(0);
  });

  it.each([["batch" as const], [5]])("waits for the disk if it is to: %s", async (fsync) => {
    const endpoint = await Recorder.start();
    const sink = await start(courier(endpoint.url), options({ fsync, buffer_bytes: 1 << 20 }));
    for (let k = 0; k < 20; k++) await sink.feed.send(...Array.from({ length: 5 }, () => `${k} `.padEnd(10_000, "x")));
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toHaveLength(100);
    expect(sink.errors).toEqual({});
  });

  it("sends what is made by time, and once more at the end", async () => {
    const endpoint = await Recorder.start();
    let ticks = 0;
    const sink = await start({
      ...courier(endpoint.url),
      tickMs: 20,
      *tick(final) {
        yield new TextEncoder().encode(final ? "final\n" : `tick ${ticks++}\n`);
      },
    });
    await until(() => endpoint.lines.length >= 3);
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines.slice(0, 3)).toEqual(["tick 0", "tick 1", "tick 2"]);
    expect(endpoint.lines.filter((line) => line === "final")).toHaveLength(1);
    expect(endpoint.lines.at(-1)).toBe("final");
  });

  it("has several requests under way if it may, and acknowledges in order", async () => {
    const endpoint = await Recorder.start();
    let under = 0, most = 0;
    endpoint.reply = (got, response) => {
      most = Math.max(most, ++under);
      setTimeout(() => {
        under--;
        endpoint.lines.push(...got.body.trim().split("\n"));
        response.writeHead(200).end();
      }, 20 + Math.random() * 20);
      return null;
    };
    const sink = await start(courier(endpoint.url), options({ batch_events: 5, concurrency: 4, health_check: false }));
    for (let k = 0; k < 20; k++) await sink.feed.send(...lines(5, k * 5));
    sink.feed.end();
    await sink.done;
    expect(most).toBe(4);
    expect(new Set(endpoint.lines)).toEqual(new Set(lines(100)));
    expect(endpoint.lines).toHaveLength(100);
  });

  it("warns of a health check that fails, and goes on", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = ({ url }) => url === "/health" ? { status: 400, body: "no" } : undefined;
    const health = () => ({
      url: new URL("/health", endpoint.url).href,
      method: "GET",
      headers: {},
      body: new Uint8Array(0),
    });
    const sink = await start({ ...courier(endpoint.url), health });
    await until(() => sink.logged.length > 0);
    expect(sink.logged).toEqual([expect.stringContaining("refuses the health check: status 400: no")]);
    await sink.feed.send("a");
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines).toEqual(["a"]);
  });
});
