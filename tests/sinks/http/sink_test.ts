/** The sink whole: disk buffer, real connections, products that refuse, fail and come back. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Batch, Event } from "../../../pipeline/event.ts";
import http from "../../../sinks/http/mod.ts";
import { context, type Said } from "../jsonl/_write.ts";
import { finding } from "../../pipeline/mapping/_examples.ts";
import { recorded } from "./_events.ts";
import { type Answered, Elasticsearch, Loki, type Product, Slack, Splunk } from "./_products.ts";
import { inTurn, Recorder } from "./_recorder.ts";

let events: Event[] = [];
let dir = "";
const open: Recorder[] = [];

beforeAll(async () => {
  events = (await recorded("hostile.capture")).flatMap((batch: Batch) => [...batch]);
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpsonde-http-"));
});
afterEach(async () => {
  for (const recorder of open.splice(0)) await recorder.close();
  await rm(dir, { recursive: true });
});

async function serve(product: Product): Promise<{ recorder: Recorder; url: string }> {
  const recorder = new Recorder(product);
  open.push(recorder);
  return { recorder, url: await recorder.listen() };
}

/** Sends events and waits until the sink has ended. */
async function send(options: Record<string, unknown>, some: readonly Event[] = events): Promise<Said> {
  const { context: mine, said } = context();
  const given = {
    buffer_dir: join(dir, "buffer"),
    batch_ms: 10,
    retry: { initial_ms: 10, max_ms: 50 },
    shutdown_ms: 20_000,
    ...options,
  };
  const sink = await http.create(http.options.parse(given), mine);
  await sink((async function* () {
    yield some;
  })());
  return said;
}

/** Takes everything. */
const anything = (status = 200): Product => ({ complaints: [], answer: () => ({ status }) });

const busy: Answered = { status: 503, headers: { "retry-after": "0" }, body: "busy" };

describe("http, from events to the receiver", () => {
  it("sends a line each, compressed if it is told to, in batches", async () => {
    const { recorder, url } = await serve(anything());
    const said = await send({ url: `${url}/in`, batch_events: 10, gzip: true, headers: { "x-team": "a" } });
    const lines = recorder.sent.flatMap(({ body }) => body.trimEnd().split("\n")).map((line) => JSON.parse(line));
    expect(recorder.sent.length).toBe(Math.ceil(lines.length / 10));
    expect(recorder.compressed).toBe(recorder.sent.length);
    expect(recorder.sent[0]!.headers["x-team"]).toBe("a");
    expect(lines.length).toBeGreaterThan(50);
    expect(new Set(lines.map(({ record_id: id }) => id)).size).toBe(lines.length);
    expect(said).toEqual({ logged: [], dropped: {}, errors: {} });
  });

  it("gives a record the same id when it comes again", async () => {
    const { recorder, url } = await serve(anything());
    recorder.fault = inTurn(busy, "drop");
    await send({ url, format: "json_array" }, [finding(), finding()]);
    const ids = recorder.sent.map(({ body }) => JSON.parse(body).map(({ record_id: id }: { record_id: string }) => id));
    expect(ids).toHaveLength(3);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
  });

  it("halves what is too large until it fits; what alone is too large is counted and told", async () => {
    const { recorder, url } = await serve(anything());
    const kept: string[] = [];
    recorder.fault = ({ body }) => {
      if (body.length > 2500) return { status: 413, body: "too large" };
      kept.push(...body.trimEnd().split("\n"));
      return undefined;
    };
    const some = [...Array.from({ length: 9 }, () => finding()), finding({ evidence: "x".repeat(3000) })];
    const said = await send({ url }, some);
    expect(kept.filter((line) => line !== "")).toHaveLength(9);
    expect(said.dropped).toEqual({ too_large_for_endpoint: 1 });
    expect(said.logged.join("\n")).toContain("rejected 1 record: status 413: too large");
  });

  it("says once that it is refused for its credentials, keeps all, and goes on when they are mended", async () => {
    const { recorder, url } = await serve(anything());
    recorder.fault = () => ({ status: 401, body: "who are you?" });
    const first = await send({ url, shutdown_ms: 2000, health_check: false });
    expect(first.logged.filter((line) => line.includes("401"))).toHaveLength(1);
    expect(first.logged[0]).toMatch(/status 401: who are you\?; check the credentials\. Events wait in the buffer/);
    expect(first.dropped).toEqual({});
    recorder.fault = () => undefined;
    const before = recorder.sent.length;
    await send({ url }, []);
    const lines = recorder.sent.slice(before).flatMap(({ body }) => body.trimEnd().split("\n"));
    expect(lines.length).toBeGreaterThan(50);
  });
});

describe("http, to products", () => {
  it("Loki: entries that it refuses are told one by one, all others are there once", async () => {
    const loki = new Loki();
    loki.refuse = "refuse me";
    const { recorder, url } = await serve(loki);
    recorder.fault = inTurn(busy, { status: 429, body: "Ingestion rate limit exceeded" }, { status: 413, body: "" });
    const bad = [finding({ message: "refuse me 1" }), finding({ message: "refuse me 2" })];
    const said = await send({ url, preset: "loki" }, [...events.slice(0, 30), bad[0]!, ...events.slice(30), bad[1]!]);
    expect(loki.complaints).toEqual([]);
    expect(recorder.compressed).toBe(recorder.sent.length);
    expect(loki.entries.size).toBeGreaterThan(50);
    expect(said.dropped).toEqual({ rejected: 2 });
  });

  it("Elasticsearch: items are tried again one by one, repeats are dropped, what it will never take is told", async () => {
    const product = new Elasticsearch();
    const { recorder, url } = await serve(product);
    const tries = new Map<string, number>();
    product.fault = ({ event }, id) => {
      const count = (tries.get(id) ?? 0) + 1;
      tries.set(id, count);
      const number = Number(id.split("-").at(-1));
      if (number % 7 === 3 && count < 3) return { status: 429, type: "es_rejected_execution_exception" };
      const { dataset } = event as { dataset: string };
      return number % 11 === 5 && dataset === "mcpsonde.finding"
        ? { status: 400, type: "document_parsing_exception" }
        : undefined;
    };
    recorder.fault = ({ body }) => {
      if (body === "" || recorder.sent.length !== 1) return undefined;
      product.answer(recorder.asked.at(-1)!); // taken, but the answer does not arrive
      return "drop";
    };
    const said = await send({ url, preset: "elasticsearch" });
    const refused = said.dropped["rejected"] ?? 0;
    expect(product.complaints).toEqual([]);
    expect(product.documents.size).toBe(tries.size - refused);
    expect(product.documents.size).toBeGreaterThan(20);
    expect(product.repeats).toBeGreaterThan(0);
    expect(recorder.sent.at(-1)!.body.split("\n").length).toBeLessThan(recorder.sent[0]!.body.split("\n").length);
    if (refused > 0) expect(said.logged.join("\n")).toContain("document_parsing_exception");
  });

  it("Splunk: a wrong token keeps all, an event that is no good is told, the rest is there", async () => {
    const splunk = new Splunk();
    splunk.refuse = "no good";
    const { url } = await serve(splunk);
    const options = { url, preset: "splunk_hec" };
    const said = await send({ ...options, token: "wrong", shutdown_ms: 2000 }, [
      finding(),
      finding({ message: "no good" }),
    ]);
    expect(said.logged.join("\n")).toContain('status 403: {"text":"Invalid token","code":4}; check the credentials');
    const next = await send({ ...options, token: splunk.token }, events);
    expect(next.dropped).toEqual({ rejected: 1 });
    const ids = splunk.events.map(({ fields }) => (fields as { record_id: string }).record_id);
    expect(new Set(ids).size).toBeGreaterThan(50);
    expect(splunk.complaints).toEqual([]);
  });

  it("Slack: one message a finding, slower when it asks, and what was held back as one at the end", async () => {
    const slack = new Slack();
    const { recorder, url } = await serve(slack);
    recorder.fault = inTurn({ status: 429, headers: { "retry-after": "1" }, body: "" });
    const some = Array.from({ length: 30 }, (_, k) => finding({ message: `number ${k}` }));
    const options = { preset: "slack", max_per_minute: 4, health_check: false };
    const said = await send({ url: `${url}/services/T0/B0/secret`, ...options }, some);
    expect(slack.complaints).toEqual([]);
    expect(recorder.compressed).toBe(0);
    expect(slack.messages).toHaveLength(5);
    expect(slack.messages.find((text) => !text.startsWith("HIGH"))).toMatch(
      /^26 more findings in \d+ seconds?, not sent one by one: 26 high\./,
    );
    expect(said.dropped).toEqual({ held_back: 26 });
    expect(said.logged.join("\n")).not.toContain("secret");
  });
});
