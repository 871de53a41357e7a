/**
 * The API: `Feed` as HTTP. What it answers is described in `openapi`.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import type { Feed } from "../../pipeline/feed/feed.ts";
import { QueryError } from "../../pipeline/query/mod.ts";
import { askOf, BadRequest, filterOf, rangeOf, whole } from "./ask.ts";
import { checkFilter, fieldList } from "./language.ts";
import { openapi } from "./openapi/mod.ts";
import type { ChangeRing } from "./ring.ts";
import { changeStream, TYPES } from "./stream.ts";

/** What the API serves. */
export interface ApiParts {
  readonly feed: Feed;
  readonly ring: ChangeRing;
  readonly version: string;
  /** Whether a pipeline runs. */
  readonly live: boolean;
  readonly maxStreams: number;
}

/** An answer that says what is wrong. */
export function problem(status: number, error: string, message: string, more: Record<string, unknown> = {}): Response {
  return Response.json({ error, message, ...more }, { status });
}

const NOT_FOUND = "there is none";

/** The routes below `/api/v1`. Faults of the user become answers; what else is thrown goes on. */
export function apiRoutes(parts: ApiParts): Hono {
  const { feed, ring, version } = parts;
  const document = openapi(version);
  const fields = fieldList();
  const api = new Hono();
  api.get("/about", (c) => {
    return c.json({
      name: "mcpsonde",
      version,
      title: feed.title,
      live: parts.live,
      accepts: feed.accept !== undefined,
    });
  });
  api.get("/calls", async (c) => c.json(await feed.calls(askOf(paramsOf(c)))));
  api.get("/messages", async (c) => c.json(await feed.messages(askOf(paramsOf(c)))));
  api.get("/findings", async (c) => c.json(await feed.findings(askOf(paramsOf(c)))));
  api.get("/events", async (c) => c.json(await feed.events(askOf(paramsOf(c)))));
  api.get("/http", async (c) => c.json(await feed.http(askOf(paramsOf(c)))));
  api.get("/calls/:id", async (c) => found(await feed.call(whole(c.req.param("id"), "id"))));
  api.get("/servers", async (c) => c.json({ rows: await feed.servers() }));
  api.get("/servers/:key", async (c) => found(await feed.server(c.req.param("key"))));
  api.get("/links", async (c) => c.json({ rows: await feed.links() }));
  api.get("/rates", async (c) => {
    const { from, to, step } = rangeOf(paramsOf(c));
    return c.json({ rows: await feed.rates(from, to, step) });
  });
  api.get("/health", async (c) => {
    const metrics = await feed.health();
    return c.json(metrics === undefined ? {} : { metrics });
  });
  api.get("/query", (c) => c.json(checkFilter(filterOf(paramsOf(c)))));
  api.get("/fields", (c) => c.json(fields));
  api.get("/openapi.json", (c) => c.json(document));
  api.get("/changes", (c) => changes(parts, c));
  api.post("/baseline/accept", (c) => accept(feed, c));
  api.notFound(() => problem(404, "not_found", "there is no such path; /api/v1/openapi.json names all"));
  api.onError((error) => refused(error));
  return api;

  function changes({ maxStreams }: ApiParts, c: Context): Response {
    const query = paramsOf(c);
    const filter = filterOf(query);
    const wrong = filter === undefined ? undefined : checkFilter(filter);
    if (wrong?.["ok"] === false) {
      return problem(400, "bad_filter", String(wrong["message"]), { problems: wrong["problems"] });
    }
    if (ring.readers >= maxStreams) {
      const message = `${maxStreams} streams are read already, and no more are allowed (max_streams)`;
      const response = problem(429, "too_many_requests", message);
      response.headers.set("retry-after", "5");
      return response;
    }
    const cursor = c.req.header("last-event-id") ?? query.get("last_event_id") ?? undefined;
    const body = changeStream(feed, ring, {
      cursor: cursor === "" ? undefined : cursor?.slice(0, 100).replace(/[^\w-]/g, ""),
      types: typesOf(query.get("types")),
      filter,
      signal: c.req.raw.signal,
    });
    return new Response(body, { headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" } });
  }
}

/** What went wrong, if it is the user's fault. */
function refused(error: unknown): Response {
  if (error instanceof QueryError) return problem(400, "bad_filter", error.message, { problems: error.problems });
  if (error instanceof BadRequest) return problem(400, "bad_request", error.message);
  throw error;
}

function found(value: object | undefined): Response {
  return value === undefined ? problem(404, "not_found", NOT_FOUND) : Response.json(value);
}

function paramsOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

function typesOf(text: string | null): ReadonlySet<string> | undefined {
  if (text === null || text === "") return undefined;
  const types = text.split(",", TYPES.length + 1).map((type) => type.trim());
  const wrong = types.find((type) => !TYPES.some((known) => known === type));
  if (wrong !== undefined) {
    throw new BadRequest(`types: expected some of ${TYPES.join(", ")}, not "${wrong.slice(0, 50)}"`);
  }
  return new Set(types);
}

/** Tools that may be named at once. */
const TOOLS = 1000;

async function accept(feed: Feed, c: Context): Promise<Response> {
  if (feed.accept === undefined) {
    return problem(409, "no_baseline", "there is no baseline: name a file for it (the option baseline)");
  }
  const body = await jsonOf(c);
  const server = body["server"], tools = body["tools"];
  const isList = Array.isArray(tools) && tools.length <= TOOLS && tools.every((tool) => typeof tool === "string");
  if (typeof server !== "string" || (tools !== undefined && !isList)) {
    throw new BadRequest('expected {"server": KEY, "tools": [NAME, …]}; without tools, all that the server offers');
  }
  const drift = await feed.accept(server, tools as readonly string[] | undefined);
  return drift === undefined
    ? problem(404, "not_found", "there is no such server, or it has not listed such a tool")
    : Response.json({ drift });
}

/**
 * A body of JSON with members. Its type must be said: a form of another site cannot say it.
 *
 * @throws {BadRequest} if it is none.
 */
export async function jsonOf(c: Context): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new BadRequest("expected a body of application/json");
  const value: unknown = await c.req.raw.json().catch(() => undefined);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadRequest("expected a JSON object");
  }
  return value as Record<string, unknown>;
}
