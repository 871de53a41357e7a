import * as fc from "fast-check";
import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { filler, record, type Recorded, type Seen } from "./_peers.ts";
import { cut, type Told, Watcher } from "./_watch.ts";

const CUTS = { numRuns: 25 };

function plain({ head, body, trailers }: Told): Seen {
  if (head === "late") throw new Error("late");
  const { method, target, status, headers } = head;
  const start = status === undefined ? [method, target] : [status];
  return { start, headers: headers.flat(), body, trailers: trailers?.flat() ?? [] };
}

/** The messages of all connections, one after another; `places` says where their bytes are cut. */
function parse({ wires }: Recorded, places: readonly number[], reset: boolean) {
  const requests: Told[] = [], responses: Told[] = [], watchers: Watcher[] = [];
  for (const { up, down } of wires) {
    const asked = new Watcher("request").push(...cut(Buffer.concat(up), places));
    let answered = 0;
    const answers = new Watcher("response", () => {
      const head = asked.messages[answered++]?.head;
      return head !== "late" && head?.method === "HEAD" ? "none" : undefined;
    });
    answers.push(...cut(Buffer.concat(down), places)).close(reset);
    requests.push(...asked.close(reset).messages);
    responses.push(...answers.messages);
    watchers.push(asked, answers);
  }
  return { requests, responses, watchers };
}

/** Holds what the parser makes of the bytes, however they are cut, against what the peers saw. */
function agrees(recorded: Recorded): void {
  fc.assert(
    fc.property(fc.array(fc.nat(3_000_000), { maxLength: 60 }), (places) => {
      const { requests, responses, watchers } = parse(recorded, places, false);
      expect(watchers.flatMap(({ skips }) => skips)).toEqual([]);
      expect([...requests, ...responses].filter(({ end }) => end !== "whole")).toEqual([]);
      expect(requests.map(plain)).toEqual(recorded.requests);
      expect(responses.map(plain)).toEqual(recorded.responses);
    }),
    CUTS,
  );
}

describe("Http1Parser on what passes between node:http's own client and server", () => {
  it("sees requests on a connection that is kept alive, with and without bodies", async () => {
    const recorded = await record(async ({ ask }) => {
      for (let k = 0; k < 5; k++) {
        await ask({ method: "POST", path: `/echo?call=${k}`, headers: { "x-call": k } }, `body ${k}\r\n`.repeat(k));
      }
      await ask({ method: "GET", path: "/echo" });
      await ask({ method: "HEAD", path: "/large" });
      await ask({ method: "GET", path: "/status/204" });
      await ask({ method: "GET", path: "/status/304" });
      await ask({ method: "DELETE", path: "/status/404" });
    });
    expect([recorded.requests.length, recorded.responses.length]).toEqual([10, 10]);
    expect(recorded.wires.length).toBeLessThan(4);
    agrees(recorded);
  });

  it("sees chunked bodies and their trailers, both ways", async () => {
    const recorded = await record(async ({ ask }) => {
      await ask({ method: "POST", path: "/chunked", headers: { trailer: "x-end" } }, ["a", "\r\n0\r\n\r\n"], [
        ["x-end", "of it"],
      ]);
      await ask({ method: "POST", path: "/echo" }, ["one", "two"]);
    });
    expect(recorded.requests[0]).toMatchObject({ body: "a\r\n0\r\n\r\n", trailers: ["x-end", "of it"] });
    expect(recorded.responses[0]).toMatchObject({ trailers: ["x-sum", "3", "x-more", "yes, more"] });
    agrees(recorded);
  });

  it("sees large bodies", async () => {
    const recorded = await record(async ({ ask }) => {
      await ask({ method: "POST", path: "/large" }, filler(1 << 20));
      await ask({ method: "POST", path: "/echo" }, Array.from({ length: 40 }, (_, k) => filler(k * 997)));
    });
    expect(recorded.requests[0]?.body.length).toBe(1 << 20);
    agrees(recorded);
  });

  it("sees a body that waits for 100 Continue", async () => {
    const recorded = await record(async ({ ask }) => {
      await ask({ method: "POST", path: "/echo", headers: { expect: "100-continue", "content-length": 5 } }, "hello");
      await ask({ method: "GET", path: "/echo" });
    });
    expect(recorded.responses[0]?.body).toBe("hello");
    expect(parse(recorded, [], false).watchers[1]?.interim.map(({ status }) => status)).toEqual([100]);
    agrees(recorded);
  });

  it("sees requests that do not wait for each other", async () => {
    const one = (k: number) => `POST /echo?n=${k} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nbody ${k}`;
    const { requests, wires } = await record(({ raw }) => raw(one(1) + one(2) + one(3), "body 3"));
    const recorded = { requests, wires, responses: [] };
    const { responses } = parse(recorded, [], false);
    expect(responses.map(({ body }) => body)).toEqual(["body 1", "body 2", "body 3"]);
    agrees({ ...recorded, responses: responses.map(plain) });
  });

  it("leaves what follows an upgrade alone", async () => {
    const asked = "GET /up HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    const recorded = await record(({ raw }) => raw(`${asked}HTTP/1.1 200 OK\r\n\r\nno message`, "no message"));
    expect(recorded.requests.map(({ start }) => start)).toEqual([["GET", "/up"]]);
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 20 }), (places) => {
        const answers = new Watcher("response").push(...cut(Buffer.concat(recorded.wires[0]!.down), places));
        expect(answers.interim.map(({ status }) => status)).toEqual([101]);
        expect([answers.messages, answers.raws]).toEqual([[], "HTTP/1.1 200 OK\r\n\r\nno message"]);
      }),
      CUTS,
    );
  });

  it("tells of a response that is cut off", async () => {
    const recorded = await record(async ({ ask }) => {
      await ask({ method: "GET", path: "/echo" });
      await ask({ method: "GET", path: "/reset" });
    });
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 20 }), (places) => {
        const { requests, responses } = parse(recorded, places, true);
        expect(requests.map(plain)).toEqual(recorded.requests);
        expect(responses.map(({ body, end }) => [body, end])).toEqual([["", "whole"], ["the beginning", "closed"]]);
      }),
      CUTS,
    );
  });
});
