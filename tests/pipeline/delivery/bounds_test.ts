/** What becomes of events when there is no room, no time, or an end. */
import { describe, expect, it } from "vitest";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Courier, deliverySink } from "../../../pipeline/delivery/mod.ts";
import { Recorder } from "./_endpoint.ts";
import { context, courier, Feed, folder, lines, options, start, until } from "./_sink.ts";

describe("a sink that delivers, at its bounds,", () => {
  it("leaves for the next run what could not be sent, and the next run sends it first, under the same ids", async () => {
    const endpoint = await Recorder.start(), ids: string[][] = [];
    const noting = (made: Courier): Courier => ({
      ...made,
      requests: (records) => {
        ids.push(records.map(({ id }) => id));
        return made.requests(records);
      },
    });
    const dir = folder();
    endpoint.reply = () => ({ status: 503 });
    const first = await start(noting(courier(endpoint.url)), options({ buffer_dir: dir, shutdown_ms: 100 }));
    await first.feed.send(...lines(10));
    first.feed.end();
    await first.done;
    expect(first.logged.at(-1)).toBe("warn: 10 records wait in the buffer for the next run");
    const tried = ids.splice(0).at(-1);
    endpoint.reply = () => undefined;
    const second = await start(noting(courier(endpoint.url)), options({ buffer_dir: dir }));
    await second.feed.send(...lines(3, 10));
    second.feed.end();
    await second.done;
    expect([...new Set(endpoint.lines)]).toEqual(lines(13)); // a request of the first run may have come after its end
    expect(ids.flat().slice(0, 10)).toEqual(tried);
    expect(second.logged[0]).toBe("info: 10 records of an earlier run wait in the buffer");
  });

  it("holds up the pipeline when the buffer is full, and goes on when there is room", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => ({ status: 503 });
    const sink = await start(courier(endpoint.url), options({ buffer_bytes: 1 << 20, gzip: false }));
    const big = Array.from({ length: 40 }, (_, k) => `#${k} `.padEnd(50_000, "x"));
    let taken = 0;
    const sending = (async () => {
      for (const line of big) {
        await sink.feed.send(line);
        taken++;
      }
      sink.feed.end();
    })();
    await until(() => sink.logged.some((line) => line.includes("the pipeline waits")));
    expect(taken).toBeGreaterThan(15);
    expect(taken).toBeLessThan(21);
    endpoint.reply = () => undefined;
    await sending;
    await sink.done;
    expect(endpoint.lines.map((line) => Number.parseInt(line.slice(1)))).toEqual(big.map((_, k) => k));
    expect(sink.logged).toContainEqual(expect.stringContaining("takes events again"));
    expect(sink.dropped).toEqual({});
  });

  it("drops when the buffer is full, if it is to, and tells the receiver by a gap", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => ({ status: 503 });
    const sink = await start(
      courier(endpoint.url),
      options({ buffer_bytes: 1 << 20, when_buffer_full: "drop_newest", gzip: false }),
    );
    for (let k = 0; k < 40; k++) await sink.feed.send(`#${k} `.padEnd(50_000, "x"));
    const dropped = sink.dropped["buffer_full"] ?? 0;
    expect(dropped).toBeGreaterThan(15);
    endpoint.reply = () => undefined;
    await until(() => endpoint.lines.length === 40 - dropped);
    await sink.feed.send("after");
    sink.feed.end();
    await sink.done;
    expect(endpoint.lines.slice(-2).sort()).toEqual([
      `${dropped} records were dropped on the way: the buffer was full`,
      "after",
    ]);
    const told = sink.logged.flatMap((line) => /dropped (\d+) records?: the buffer was full/.exec(line)?.[1] ?? []);
    expect(told.reduce((sum, count) => sum + Number(count), 0)).toBe(dropped);
  });

  it("ends in time when it is told to stop while the buffer is full, and counts what it could not take", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => ({ status: 503 });
    const sink = await start(courier(endpoint.url), options({ buffer_bytes: 1 << 20, shutdown_ms: 200 }));
    const batch = Array.from({ length: 40 }, (_, k) => `#${k} `.padEnd(50_000, "x"));
    const sent = sink.feed.send(...batch);
    await until(() => sink.logged.some((line) => line.includes("the pipeline waits")));
    sink.stop.abort();
    await sent;
    sink.feed.end();
    await sink.done;
    const left = /(\d+) records wait in the buffer/.exec(sink.logged.at(-1) ?? "")?.[1];
    expect(Number(left) + (sink.dropped["shutdown"] ?? 0)).toBe(40);
  });

  it("drops what could not be delivered in time, and counts it", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => ({ status: 503 });
    const sink = await start(courier(endpoint.url), options({ buffer_age_s: 1, batch_events: 3 }));
    await sink.feed.send(...lines(10));
    await until(() => sink.dropped["too_old"] === 10);
    endpoint.reply = () => undefined;
    await sink.feed.send("new");
    sink.feed.end();
    await sink.done;
    expect([...endpoint.lines].sort()).toEqual([
      "10 records were dropped on the way: they waited for longer than `buffer_age_s`",
      "new",
    ]);
  });

  it("goes on for as long as the endpoint takes something when its input ends", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = (_, response) => {
      setTimeout(() => response.writeHead(200).end(), 100);
      return null;
    };
    const sink = await start(
      courier(endpoint.url),
      options({ batch_events: 1, shutdown_ms: 10_000, health_check: false }),
    );
    await sink.feed.send(...lines(15));
    sink.feed.end();
    await sink.done;
    expect(endpoint.requests).toHaveLength(15);
    expect(sink.gauges["buffer_records"]).toBe(0);
  });

  it("lets go of its buffer when its pipeline is given up before it runs, and takes it again if it runs all the same", async () => {
    const endpoint = await Recorder.start(), dir = folder(), told = context();
    const sink = await deliverySink(courier(endpoint.url), options({ buffer_dir: dir }), told);
    told.stop.abort();
    await until(() => !existsSync(join(dir, "lock")));
    const feed = new Feed(), done = sink(feed);
    await feed.send("a");
    feed.end();
    await done;
    expect(endpoint.lines).toEqual(["a"]);
  });

  it("refuses a buffer that another sink has, with a sentence", async () => {
    const endpoint = await Recorder.start(), dir = folder();
    const first = await start(courier(endpoint.url), options({ buffer_dir: dir }));
    await expect(start(courier(endpoint.url), options({ buffer_dir: dir }))).rejects.toThrow(/has this buffer already/);
    first.feed.end();
    await first.done;
  });
});
