import { describe, expect, it } from "vitest";
import { brief, briefly, chunk, connect, eof, head, join, ok, post, run, runBatches } from "./_feed.ts";

/** A chunk as if it had been sent at that time. */
const at = (time: number) => ({ time });

describe("http when the kernel tells of an answer first", () => {
  it("gives it its request, within a batch and over batches", async () => {
    const first = connect(), second = connect();
    const batches = await runBatches([
      [chunk(first.down, ok("1"), at(5000)), chunk(first.up, post("/1"), at(5000.05))],
      [chunk(second.down, ok("2"), at(5001))],
      [chunk(second.up, post("/2"), at(5001.3))],
    ]);
    expect(batches.map(briefly)).toEqual([
      ["request POST /1 ", "response 200 to /1 1"],
      [],
      ["request POST /2 ", "response 200 to /2 2"],
      [],
    ]);
  });

  it("knows then that the answer to HEAD has no body", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, post("/0")),
      chunk(down, ok("0")),
      chunk(down, head("HTTP/1.1 200 OK", ["Content-Length: 100"])),
      chunk(up, head("HEAD /1 HTTP/1.1")),
      chunk(up, post("/2")),
      chunk(down, ok("2")),
    ]);
    expect(briefly(events).slice(2)).toEqual([
      "request HEAD /1 ",
      "response 200 to /1 ",
      "request POST /2 ",
      "response 200 to /2 2",
    ]);
  });

  it("waits for the rest of the request", async () => {
    const { up, down } = connect();
    const bytes = post("/1", "0123456789");
    const batches = await runBatches([
      [chunk(up, bytes.subarray(0, -5)), chunk(down, ok("1"))],
      [chunk(up, bytes.subarray(-5))],
    ]);
    expect(batches.map(briefly)).toEqual([[], ["request POST /1 0123456789", "response 200 to /1 1"], []]);
  });

  it("waits with the end of the connection too", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(down, ok("1"), at(7000)),
      chunk(down, "", { ...at(7000), eof: true }),
      chunk(up, post("/1"), at(7000.1)),
      eof(up),
    ]);
    expect(briefly(events)).toEqual(["request POST /1 ", "response 200 to /1 1"]);
  });

  it("gives the second of two answers in one chunk its request", async () => {
    const { up, down } = connect();
    const batches = await runBatches([
      [chunk(up, post("/1")), chunk(down, join([ok("1"), ok("2")]))],
      [chunk(up, post("/2"))],
      [chunk(up, post("/3")), chunk(down, ok("3"))],
    ]);
    expect(batches.map(briefly)).toEqual([
      ["request POST /1 ", "response 200 to /1 1"],
      ["request POST /2 ", "response 200 to /2 2"],
      ["request POST /3 ", "response 200 to /3 3"],
      [],
    ]);
  });

  it("tells an answer alone at an empty batch, after hold_ms, or after some batches", async () => {
    const quiet = connect(), slow = connect(), busy = connect(), other = connect();
    const lines = async (batches: Parameters<typeof runBatches>[0]) =>
      (await runBatches(batches)).map((batch) => briefly(batch).filter((line) => line.startsWith("response")));
    const alone = ["response 200 to undefined x"];
    expect(await lines([[chunk(quiet.down, ok("x"))], []])).toEqual([[], alone, []]);
    const noise = (time: number) => [chunk(other.up, post("/n"), at(time))];
    expect(await lines([[chunk(slow.down, ok("x"), at(9000))], noise(9050), noise(9101)])).toEqual([[], [], alone, []]);
    const many = await lines([[chunk(busy.down, ok("x"), at(9000))], ...Array.from({ length: 17 }, () => noise(9001))]);
    expect(many.findIndex((batch) => batch.length > 0)).toBe(16);
  });

  it("does not give a late one to the next request", async () => {
    const { up, down } = connect();
    const batches = await runBatches([
      [chunk(down, ok("0"), at(5000))], // capture began after its request
      [chunk(up, post("/1"), at(5020))],
      [chunk(down, ok("1"), at(5030))],
      [chunk(up, post("/2"), at(5040)), chunk(down, ok("2"), at(5041))],
    ]);
    expect(batches.map(briefly)).toEqual([
      [],
      ["request POST /1 ", "response 200 to undefined 0"],
      ["response 200 to /1 1"],
      ["request POST /2 ", "response 200 to /2 2"],
      [],
    ]);
  });

  it("finds its way back from a wrong guess", async () => {
    const { up, down } = connect();
    const told: string[] = [];
    const batches = [[chunk(down, ok("0"), at(5000))]];
    for (let k = 1; k < 6; k++) {
      batches.push([chunk(up, post(`/${k}`), at(5000 + k / 4))], [chunk(down, ok(`${k}`), at(5000.1 + k / 4))]);
    }
    for (const batch of await runBatches(batches)) told.push(...batch.map(brief));
    expect(told.slice(-6)).toEqual([3, 4, 5].flatMap((k) => [`request POST /${k} `, `response 200 to /${k} ${k}`]));
  });

  it("finds its way back from answers that were lost", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, post("/1")),
      chunk(up, post("/2")),
      chunk(down, ok("2"), { lost: 100 }),
      chunk(up, post("/3")),
      chunk(down, ok("3")),
    ]);
    expect(briefly(events).slice(-2)).toEqual(["request POST /3 ", "response 200 to /3 3"]);
  });

  it("finds its way back from answers whose head is too large", async () => {
    const { up, down } = connect();
    const events = await run([
      chunk(up, post("/1")),
      chunk(down, head("HTTP/1.1 200 OK", [`X-Large: ${"x".repeat(3000)}`, "Content-Length: 0"])),
      chunk(up, post("/2")),
      chunk(down, ok("2")),
    ], { max_head: 2048 });
    expect(briefly(events).filter((line) => !line.startsWith("gap"))).toEqual([
      "request POST /1 ",
      "request POST /2 ",
      "response 200 to /2 2",
    ]);
  });

  it("finds its way back from requests that were lost", async () => {
    for (const lost of [100, 0]) { // told of, or not
      const { up, down } = connect();
      const batches = [[chunk(up, post("/1"), at(1000)), chunk(down, ok("1"), at(1001))]];
      batches.push([chunk(down, ok("2"), at(1003))]); // its request was not seen
      for (let k = 3; k < 12; k++) {
        const asked = chunk(up, post(`/${k}`), { ...at(1000 + 2 * k), lost: k === 3 ? lost : 0 });
        batches.push([asked], [chunk(down, ok(`${k}`), at(1001 + 2 * k))]);
      }
      const told = (await runBatches(batches)).flat().map(brief);
      const last = [8, 9, 10, 11].flatMap((k) => [`request POST /${k} `, `response 200 to /${k} ${k}`]);
      expect(told.slice(-8)).toEqual(last);
    }
  });
});
