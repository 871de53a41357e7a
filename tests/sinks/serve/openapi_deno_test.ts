import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { batchesOf, DEMO, HOSTILE, type Page, withPage } from "./_page.ts";

type Json = Record<string, unknown>;

/** Says what of an answer the document does not allow. */
function against(document: Json, path: string, status: number, value: unknown, method = "get"): string[] {
  const operation = ((document["paths"] as Json)[path] as Json)?.[method] as Json;
  const answer = (operation["responses"] as Json)[String(status)] as Json | undefined;
  if (answer === undefined) return [`${path} is not said to answer ${status}`];
  const content = (answer["content"] as Json | undefined)?.["application/json"] as Json | undefined;
  if (content === undefined) return value === undefined ? [] : [`${path} is not said to answer JSON`];
  return problems(document, content["schema"] as Json, value);
}

const validators = new Map<string, Validator>();

function problems(document: Json, schema: Json, value: unknown): string[] {
  const name = JSON.stringify(schema);
  let validator = validators.get(name);
  if (validator === undefined) {
    validator = new Validator({ ...schema, components: document["components"] } as never, "2020-12", false);
    validators.set(name, validator);
  }
  return validator.validate(value).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`).slice(
    0,
    5,
  );
}

const ASKED: readonly (readonly [path: string, asked: string])[] = [
  ["/api/v1/about", "/api/v1/about"],
  ["/api/v1/calls", "/api/v1/calls?limit=1000"],
  ["/api/v1/calls", "/api/v1/calls?filter=method:tools/call&limit=3"],
  ["/api/v1/calls", "/api/v1/calls?filter=(("],
  ["/api/v1/calls", "/api/v1/calls?limit=x"],
  ["/api/v1/calls/{id}", "/api/v1/calls/x"],
  ["/api/v1/calls/{id}", "/api/v1/calls/999999"],
  ["/api/v1/messages", "/api/v1/messages?limit=1000"],
  ["/api/v1/findings", "/api/v1/findings?limit=1000"],
  ["/api/v1/events", "/api/v1/events?limit=1000"],
  ["/api/v1/http", "/api/v1/http?limit=1000"],
  ["/api/v1/servers", "/api/v1/servers"],
  ["/api/v1/servers/{key}", "/api/v1/servers/none"],
  ["/api/v1/links", "/api/v1/links"],
  ["/api/v1/rates", "/api/v1/rates?from=0&to=2000000000000&step=3600000000"],
  ["/api/v1/rates", "/api/v1/rates"],
  ["/api/v1/health", "/api/v1/health"],
  ["/api/v1/query", "/api/v1/query?filter=tool:x"],
  ["/api/v1/query", "/api/v1/query?filter=tool:x+and"],
  ["/api/v1/query", "/api/v1/query"],
  ["/api/v1/fields", "/api/v1/fields"],
];

const METRICS = {
  time: 1.5,
  uptime_ms: 2,
  nodes: [{
    node: "sources.a",
    type: "b",
    received: 0,
    sent: 1,
    dropped: { when_full: 1 },
    errors: {},
    busy_ms: 0.5,
    gauges: { ring_bytes: 1.5 },
  }],
};

async function holds({ ask }: Page): Promise<void> {
  const { json: document } = await ask("/api/v1/openapi.json");
  for (const [path, asked] of ASKED) {
    const { status, json } = await ask(asked);
    expect([asked, against(document, path, status, json)]).toEqual([asked, []]);
  }
  const { json: { rows } } = await ask("/api/v1/calls?limit=1000");
  for (const { id } of rows) {
    const { status, json } = await ask(`/api/v1/calls/${id}`);
    expect([status, against(document, "/api/v1/calls/{id}", status, json)]).toEqual([200, []]);
  }
  const { json: servers } = await ask("/api/v1/servers");
  for (const { key } of servers.rows) {
    const { status, json } = await ask(`/api/v1/servers/${encodeURIComponent(key)}`);
    expect([key, status, against(document, "/api/v1/servers/{key}", status, json)]).toEqual([key, 200, []]);
    expect(json.server.key).toBe(key);
  }
}

/** All captures that there are, as they have every kind of message. */
async function everything(): Promise<Batch[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir("tests/captures")) {
    if (name.endsWith(".capture")) names.push(`tests/captures/${name}`);
  }
  const all: Batch[] = [];
  for (const name of names.sort()) all.push(...await batchesOf(name));
  return all;
}

describe("the OpenAPI document", { timeout: 60_000 }, () => {
  it("describes what is answered about a capture of HTTP and stdio", async () => {
    await withPage(await batchesOf(DEMO), holds, {}, { health: () => METRICS });
  });

  it("describes what is answered about findings", async () => {
    await withPage(await batchesOf(HOSTILE), holds);
  });

  it("describes what is answered about every kind of message", async () => {
    await withPage(await everything(), holds);
  });

  it("describes the changes", async () => {
    const batches = [...await batchesOf(DEMO), ...await batchesOf(HOSTILE)];
    await withPage(
      [],
      async ({ ask, feed, store }) => {
        const { json: document } = await ask("/api/v1/openapi.json");
        const stop = new AbortController();
        const seen = new Set<string>();
        const changes = feed.changes(stop.signal);
        const reading = (async () => {
          for await (const change of changes) {
            seen.add(change.type);
            const schema = { $ref: "#/components/schemas/Change" };
            expect([change.type, problems(document, schema, JSON.parse(JSON.stringify(change)))]).toEqual([
              change.type,
              [],
            ]);
            if (seen.size >= 5) stop.abort();
          }
        })();
        await new Promise((resolve) => setTimeout(resolve, 200)); // it watches
        for (const batch of batches) store.add(batch);
        await reading;
        expect([...seen].sort()).toEqual(["calls", "findings", "health", "messages", "servers"]);
      },
      {},
      { health: () => METRICS },
    );
  });

  it("names every path that answers, each with a unique name of its own", async () => {
    await withPage([], async ({ ask }) => {
      const { json: document } = await ask("/api/v1/openapi.json");
      const names: string[] = [];
      for (const [path, methods] of Object.entries(document.paths as Json)) {
        for (const [method, operation] of Object.entries(methods as Json)) {
          names.push(String((operation as Json)["operationId"]));
          if (path.endsWith("changes")) continue;
          const body = method === "post" ? "{}" : undefined;
          const { status, json } = await ask(path.replace(/\{\w+\}/, "1"), {}, body);
          expect([path, status === 404 && json?.message?.includes("no such path")]).toEqual([path, false]);
        }
      }
      expect(new Set(names).size).toBe(names.length);
    });
  });

  it("has no reference that leads nowhere", async () => {
    await withPage([], async ({ ask }) => {
      const { text, json } = await ask("/api/v1/openapi.json");
      const schemas = Object.keys(json.components.schemas);
      for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) expect(schemas).toContain(name);
    });
  });
});
