/** The parts that need no endpoint. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Circuit } from "../../../pipeline/delivery/circuit.ts";
import { defaultDirectory } from "../../../pipeline/delivery/directory.ts";
import { type Answer, deliveryOptions, judgeByStatus, reasonOf, retryAfter } from "../../../pipeline/delivery/mod.ts";
import { proxyOf } from "../../../pipeline/delivery/proxy.ts";

const answer = (status: number, headers: Record<string, string> = {}, body = ""): Answer => ({
  status,
  headers,
  body: new TextEncoder().encode(body),
  cut: false,
});

describe("judgeByStatus", () => {
  it.each([
    [200, "done"],
    [204, "done"],
    [302, "retry"],
    [400, "rejected"],
    [401, "retry"],
    [404, "retry"],
    [408, "retry"],
    [409, "rejected"],
    [413, "too_large"],
    [422, "rejected"],
    [429, "retry"],
    [500, "retry"],
    [503, "retry"],
  ])("takes %i for %s", (status, outcome) => {
    expect(judgeByStatus(answer(status)).outcome).toBe(outcome);
  });

  it("waits for as long as Retry-After says, in seconds or as a date", () => {
    const now = Date.UTC(2026, 10, 22, 12);
    expect(judgeByStatus(answer(429, { "retry-after": "7" }), now)).toMatchObject({ afterMs: 7000 });
    expect(retryAfter("Sun, 22 Nov 2026 12:00:30 GMT", now)).toBe(30_000);
    expect(retryAfter("Sun, 22 Nov 2026 11:00:00 GMT", now)).toBe(0);
    for (const odd of ["", "-1", "1.5", "soon", "1e9", "99999999999999999999", undefined]) {
      expect(retryAfter(odd, now)).toBeUndefined();
    }
  });

  it("quotes of an answer what fits on a line and does a terminal no harm", () => {
    expect(reasonOf(answer(400, {}, "a\x1b[2J\nb"))).toBe("status 400: a [2J b");
    expect(reasonOf(answer(400, {}, "x".repeat(10_000))).length).toBeLessThan(330);
    expect(reasonOf(answer(302, { location: "https://elsewhere" }))).toBe("status 302 to https://elsewhere");
  });
});

describe("Circuit", () => {
  const never = new AbortController().signal;

  it("waits longer after each failure, up to a limit", () => {
    const circuit = new Circuit({ initial_ms: 100, max_ms: 1000, jitter: 0 });
    expect([1, 2, 3, 4, 5, 6].map(() => circuit.fail())).toEqual([100, 200, 400, 800, 1000, 1000]);
    circuit.succeed();
    expect(circuit.fail()).toBe(100);
  });

  it("leaves a part of the wait to chance", () => {
    const draws = [0, 0.5, 1];
    const circuit = new Circuit({ initial_ms: 100, max_ms: 100, jitter: 0.5 }, () => draws.shift() ?? 0);
    expect([1, 2, 3].map(() => circuit.fail())).toEqual([100, 75, 50]);
  });

  it("waits for as long as the endpoint asks, and no longer than an hour", () => {
    const circuit = new Circuit({ initial_ms: 1, max_ms: 1, jitter: 0 });
    expect(circuit.fail(5000)).toBe(5000);
    expect(circuit.fail(1e12)).toBe(3_600_000);
  });

  it("is open, lets one try, and is closed when that succeeds", async () => {
    const circuit = new Circuit({ initial_ms: 20, max_ms: 20, jitter: 0 });
    await circuit.pass(never);
    expect(circuit.state).toBe("closed");
    circuit.fail();
    expect(circuit.state).toBe("open");
    const passed: string[] = [];
    const first = circuit.pass(never).then(() => passed.push("first"));
    const second = circuit.pass(never).then(() => passed.push("second"));
    await Promise.race([first, second]);
    expect(circuit.state).toBe("half_open");
    expect(passed).toHaveLength(1);
    circuit.succeed();
    await Promise.all([first, second]);
    expect(circuit.state).toBe("closed");
  });

  it("lets nobody wait on when it is told to stop", async () => {
    const circuit = new Circuit({ initial_ms: 60_000, max_ms: 60_000, jitter: 0 }), stop = new AbortController();
    circuit.fail();
    const waiting = circuit.pass(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });
});

describe("proxyOf", () => {
  const env = {
    HTTPS_PROXY: "http://secure.proxy:3128",
    http_proxy: "plain.proxy:8080",
    NO_PROXY: "internal.example, .corp,10.0.0.0/8 192.168.1.7,odd.example:8443,fd00::/8",
  };

  it.each([
    ["https://collector.example/v1", "http://secure.proxy:3128/"],
    ["http://collector.example/v1", "http://plain.proxy:8080/"],
    ["https://odd.example/", "http://secure.proxy:3128/"],
    ["https://11.0.0.1/", "http://secure.proxy:3128/"],
    ["https://notinternal.example/", "http://secure.proxy:3128/"],
  ])("reaches %s through %s", (url, proxy) => {
    expect(proxyOf(new URL(url), env)?.href).toBe(proxy);
  });

  it.each([
    "https://internal.example/",
    "https://a.internal.example/",
    "https://x.corp/",
    "https://10.1.2.3/",
    "https://192.168.1.7/",
    "https://odd.example:8443/",
    "https://[fd00::1]/",
    "http://localhost:4318/",
    "http://127.0.0.1:4318/",
    "http://[::1]:4318/",
  ])("reaches %s without one", (url) => {
    expect(proxyOf(new URL(url), env)).toBeUndefined();
  });

  it("takes ALL_PROXY for both, and no proxy for *", () => {
    expect(proxyOf(new URL("https://a.example"), { ALL_PROXY: "http://p:1" })?.host).toBe("p:1");
    expect(proxyOf(new URL("https://a.example"), { ALL_PROXY: "http://p:1", NO_PROXY: "*" })).toBeUndefined();
    expect(proxyOf(new URL("https://a.example"), {})).toBeUndefined();
  });

  it("says so of a proxy that is none", () => {
    expect(() => proxyOf(new URL("https://a.example"), { HTTPS_PROXY: "socks5://p:1080" })).toThrow(
      "HTTPS_PROXY in the environment is no URL of an HTTP proxy",
    );
  });
});

describe("the options of delivery", () => {
  const schema = z.strictObject(deliveryOptions);

  it("have defaults for all", () => {
    expect(schema.parse({})).toMatchObject({
      when_buffer_full: "block",
      batch_events: 1000,
      retry: { max_ms: 30_000 },
    });
  });

  it.each([
    [{ tls: { cert: "a.pem" } }, /belong together/],
    [{ headers: { "a b": "c" } }, /is no name of a header/],
    [{ headers: { a: "b\r\nc: d" } }, /is no value of a header/],
    [{ proxy: "socks5://p" }, /./],
  ])("refuse %j", (given, message) => {
    const result = schema.safeParse(given);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toMatch(message);
  });
});

describe("defaultDirectory", () => {
  it("is in the state folder, whatever the sink is called", () => {
    expect(defaultDirectory("siem", { XDG_STATE_HOME: "/s" })).toBe("/s/mcpsonde/buffer/siem");
    expect(defaultDirectory("siem", { HOME: "/home/a" })).toBe("/home/a/.local/state/mcpsonde/buffer/siem");
    expect(defaultDirectory("../../etc", { XDG_STATE_HOME: "/s" })).toBe("/s/mcpsonde/buffer/__.._etc");
    expect(defaultDirectory("..", { XDG_STATE_HOME: "/s" })).toBe("/s/mcpsonde/buffer/_");
  });
});
