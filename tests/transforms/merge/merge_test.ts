import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event, GapEvent, Process } from "../../../pipeline/event.ts";
import merge from "../../../transforms/merge/mod.ts";
import { Merger } from "../../../transforms/merge/merger.ts";
import { client, messages, request, response, server, View } from "./_views.ts";

const options = (more: object = {}) => merge.options.parse({ first_ms: 0, ...more });

/** Kernel and sensor have been seen to tell of the same server. */
function known(merger: Merger): { kernel: View; sensor: View } {
  const kernel = new View("kernel", [client, server]);
  const sensor = new View("hooks", [undefined, server], "mcpsonde-python");
  merger.push(kernel.sees(request(0)), 0);
  merger.push(sensor.sees(request(0)), 0);
  return { kernel, sensor };
}

describe("merge", () => {
  it("lets all pass at once while one alone tells of it", () => {
    const merger = new Merger(options());
    const kernel = new View("kernel", [client, server]);
    expect(merger.push(kernel.sees(request(1)), 0)).toHaveLength(1);
    expect(merger.push(kernel.sees(response(1)), 0)).toHaveLength(1);
    expect(merger.waiting).toBe(0);
  });

  it("leaves out what a second one tells of a message that has passed", () => {
    const merger = new Merger(options());
    const kernel = new View("kernel", [client, server]);
    const sensor = new View("hooks", [undefined, server], "mcpsonde-python");
    expect(merger.push(kernel.sees(request(1)), 0)).toHaveLength(1);
    expect(merger.push(sensor.sees(request(1)), 50)).toHaveLength(0);
    expect([merger.joined, merger.late]).toEqual([1, 1]);
  });

  it("makes one message of what kernel and sensor tell, whichever comes first", () => {
    for (const order of [["kernel", "sensor"], ["sensor", "kernel"]] as const) {
      const merger = new Merger(options());
      const views = known(merger);
      for (const message of [request(1), response(1)]) {
        const [first, second] = order.map((name) => views[name].sees(message));
        expect(merger.push(first ?? [], 100)).toEqual([]);
        const [one, ...more] = messages(merger.push(second ?? [], 120));
        expect(more).toEqual([]);
        expect(one).toMatchObject({ source: "kernel", process: expect.anything(), peer: expect.anything() });
        expect(one?.sensor?.data).toMatchObject({ duration_ms: 12 });
        expect(one?.views?.map(({ source }) => source)).toEqual(["hooks"]);
      }
      expect(merger.late).toBe(1);
    }
  });

  it("pairs the response with the request that was passed on", () => {
    const merger = new Merger(options());
    const { kernel, sensor } = known(merger);
    const asked = [...merger.push(sensor.sees(request(7)), 10), ...merger.push(kernel.sees(request(7)), 10)];
    const answered = [...merger.push(sensor.sees(response(7)), 20), ...merger.push(kernel.sees(response(7)), 20)];
    expect(messages(answered)[0]?.request).toBe(messages(asked)[0]);
  });

  it("passes on what only one tells of when the window is over", () => {
    const merger = new Merger(options({ window_ms: 300 }));
    const { sensor } = known(merger);
    expect(merger.push(sensor.sees(request(1)), 1000)).toEqual([]);
    expect(merger.push([], 1299)).toEqual([]);
    expect(messages(merger.push([], 1300))).toHaveLength(1);
  });

  it("keeps calls of one id apart that have other tools or sessions", () => {
    const merger = new Merger(options());
    const { kernel, sensor } = known(merger);
    merger.push(kernel.sees(request(1, "search")), 10);
    merger.push(sensor.sees(request(1, "fetch")), 10);
    expect(messages(merger.push([], 1000)).map(({ params }) => (params as { name: string }).name)).toEqual([
      "search",
      "fetch",
    ]);
  });

  it("joins the same notifications in their order, each with one other", () => {
    const merger = new Merger(options());
    const { kernel, sensor } = known(merger);
    const progress = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } };
    const out: Event[] = [];
    for (let i = 0; i < 3; i++) out.push(...merger.push(kernel.sees(progress), 10));
    for (let i = 0; i < 3; i++) out.push(...merger.push(sensor.sees(progress), 20));
    expect(messages(out).map(({ views }) => views?.length)).toEqual([1, 1, 1]);
  });

  it("makes one message of both sides of a proxy, and of what the proxy tells", () => {
    const merger = new Merger(options());
    const proxy: Process = { pid: 3, comm: "deno", name: "mcpsonde" };
    const front = new View("kernel", [client, proxy]), back = new View("kernel", [proxy, server]);
    const tee = new View("hooks", [client, server], "mcpsonde-proxy");
    for (let id = 0; id < 3; id++) {
      for (const message of [request(id), response(id)]) {
        const views = "method" in message ? [front, back, tee] : [back, front, tee];
        const out = views.flatMap((view) => merger.push(view.sees(message), 1000 * id));
        if (id > 0) expect(messages([...out, ...merger.push([], 1000 * id + 400)])).toHaveLength(1);
      }
    }
  });

  it("shows the client's side of a proxy, whichever comes first", () => {
    const merger = new Merger(options());
    const proxy: Process = { pid: 3, comm: "deno", name: "mcpsonde_proxy" };
    const front = new View("kernel", [client, proxy]), back = new View("kernel", [proxy, server]);
    const sample = (id: number) => ({ jsonrpc: "2.0", id, result: { more: true } });
    const shown = [[request(1), front, back], [response(1), back, front], [request(2), front, back], [
      sample(2),
      back,
      front,
    ]]
      .flatMap(([message, first, second]) =>
        [first, second].flatMap((view) => messages(merger.push((view as View).sees(message as object), 10)))
      );
    expect(shown.map(({ process, peer }) => [process?.pid, peer?.pid])).toEqual([[1, 3], [3, 1], [1, 3], [3, 1]]);
    expect(new Set(shown.map(({ stream }) => stream.reverse)).size).toBe(2);
    expect(shown[1]?.request).toBe(shown[0]);
    expect(merger.push([], 1000)).toEqual([]);
  });

  it("makes one message of what sensors in the client and in its server tell, with the kernel and without", () => {
    const child: Process = { ...server, ppid: client.pid };
    const asking = new View("hooks", [client, undefined], "mcpsonde-python");
    const answering = new View("hooks", [client, child], "mcpsonde-python"); // the source knows whose child it is
    const kernel = new View("kernel", [client, child]);
    for (const views of [[asking, answering], [asking, kernel, answering], [answering, asking, kernel]]) {
      const merger = new Merger(options());
      for (let id = 0; id < 3; id++) {
        for (const message of [request(id), response(id)]) {
          const out = views.flatMap((view) => merger.push(view.sees(message), 1000 * id));
          const passed = messages([...out, ...merger.push([], 1000 * id + 400)]);
          expect(passed).toHaveLength(1);
          if (id > 0) expect(passed[0]?.views).toHaveLength(views.length - 1);
        }
      }
    }
  });

  it("keeps the order in which messages went, whatever that of sensors is", () => {
    const merger = new Merger(options());
    const { kernel, sensor } = known(merger);
    for (const id of [2, 1, 3]) merger.push(sensor.sees(request(id)), 10);
    const out = [1, 2, 3].flatMap((id) => merger.push(kernel.sees(request(id)), 20));
    expect(messages([...out, ...merger.push([], 1000)]).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("waits longer for the kernel with the first message of a session", () => {
    const merger = new Merger(options({ first_ms: 3000 }));
    const sensor = new View("hooks", [client, undefined], "mcpsonde-python");
    const kernel = new View("kernel", [client, server]);
    expect(merger.push(sensor.sees(request(1)), 0)).toEqual([]);
    expect(merger.push([], 2000)).toEqual([]);
    expect(messages(merger.push(kernel.sees(request(1)), 2000))[0]).toMatchObject({ source: "kernel", peer: server });
    const alone = new View("hooks", [{ ...client, pid: 9 }, undefined], "mcpsonde-python");
    expect(merger.push(alone.sees(request(1)), 3000)).toEqual([]);
    expect(merger.push([], 5999)).toEqual([]);
    expect(merger.push([], 6000)).toHaveLength(1);
  });

  it("holds up nobody else meanwhile", () => {
    const merger = new Merger(options({ first_ms: 3000 }));
    const { kernel, sensor } = known(merger);
    const other = new View("hooks", [{ ...client, pid: 9 }, undefined], "mcpsonde-python");
    expect(merger.push(other.sees(request(1)), 0)).toEqual([]);
    merger.push(kernel.sees(request(1)), 1);
    expect(merger.push(sensor.sees(request(1)), 2)).toHaveLength(1);
  });

  it("lets nothing of the same process overtake, and all else", () => {
    const merger = new Merger(options());
    const { sensor } = known(merger);
    const gap = (process?: Process): GapEvent => ({
      ...{ kind: "gap", time: 1, source: "kernel", reason: "test", message: "Test" },
      ...(process === undefined ? {} : { process }),
    });
    merger.push(sensor.sees(request(1)), 0);
    expect(merger.push([gap(), gap(server)], 1)).toEqual([gap()]);
    expect(merger.push([], 1000).map(({ kind }) => kind)).toEqual(["mcp", "gap"]);
  });

  it("holds back no more than it may, and forgets", () => {
    const merger = new Merger(options({ max_held: 8, max_remembered: 8 }));
    const { sensor } = known(merger);
    let passed = 0;
    for (let id = 1; id <= 1000; id++) {
      passed += merger.push(sensor.sees(request(id)), 10).length;
      expect(merger.waiting).toBeLessThanOrEqual(8);
    }
    expect([passed, merger.early]).toEqual([992, 992]);
    expect(merger.end()).toHaveLength(8);
  });

  it("passes each message on once, whoever sees it and however late", () => {
    const act = fc.record({
      id: fc.integer({ min: 1, max: 4 }),
      views: fc.shuffledSubarray(["kernel", "sensor"] as const, { minLength: 1 }),
      lag: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const merger = new Merger(options({ remember_ms: 0 }));
      const views = known(merger);
      let now = 1000, passed = 0;
      for (const { id, views: seen, lag } of acts) {
        now += 1000;
        for (const name of seen) {
          passed += merger.push(views[name].sees(request(id)), now).length;
          now += lag;
        }
      }
      passed += merger.end().length;
      expect(passed).toBe(acts.length);
    }));
  });
});
