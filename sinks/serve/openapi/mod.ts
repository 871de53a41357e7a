/**
 * The OpenAPI document of the API: the plain mapping of `Feed` (`pipeline/feed/feed.ts`) to HTTP. `/api/v1/openapi.json`
 * serves it, and tests hold the answers against it.
 *
 * @module
 */
import { ANSWERS } from "./answers.ts";
import { ROWS } from "./rows.ts";
import { integer, number, oneOf, ref, type Schema, text } from "./schema.ts";

/** The rows of one page at most; more are cut to it. */
export const MAX_LIMIT = 1000;

interface Parameter {
  readonly name: string;
  readonly in: "query" | "path" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

function query(name: string, schema: Schema, description: string, required = false): Parameter {
  return { name, in: "query", required, description, schema };
}

const FILTER = query("filter", text, "In the filter language (docs/filter.md); empty or absent: all");
const ASK: readonly Parameter[] = [
  FILTER,
  query("before", integer, "Only rows with a smaller id: for the next page, the last one's"),
  query("after", integer, "Only rows with a larger id"),
  query("from", number, "Only rows that began at or after this time, in milliseconds since the Unix epoch"),
  query("to", number, "Only rows that began before this time"),
  query("limit", { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: 100 }, "How many at most"),
];

function answer(description: string, schema: string, type = "application/json") {
  return { description, content: { [type]: { schema: ref(schema) } } };
}

const REFUSED = {
  "400": answer("A parameter or filter that cannot be read", "Error"),
  "401": answer("No token, or a wrong one", "Error"),
  "403": answer("Another site's page, or a Host that is not ours", "Error"),
  "429": answer("Too many wrong tokens, or too many streams; see Retry-After", "Error"),
  "500": answer("The store failed", "Error"),
};

function get(id: string, summary: string, schema: string, parameters: readonly Parameter[] = [], more = {}) {
  return {
    get: { operationId: id, summary, parameters, responses: { "200": answer(summary, schema), ...REFUSED, ...more } },
  };
}

const NOT_FOUND = { "404": answer("There is none", "Error") };
const NO_TOKEN: { security: [] } = { security: [] };

function post(id: string, summary: string, body: string, responses: Record<string, unknown>) {
  return {
    post: {
      operationId: id,
      summary,
      requestBody: { required: true, content: { "application/json": { schema: ref(body) } } },
      responses: { ...responses, ...REFUSED, "413": answer("The body is too large", "Error") },
    },
  };
}

function plain(id: string, summary: string, type: string, security = {}) {
  return {
    get: {
      operationId: id,
      summary,
      ...security,
      responses: { "200": { description: summary, content: { [type]: { schema: text } } } },
    },
  };
}

const PATHS = {
  "/api/v1/about": get("about", "What is shown", "About"),
  "/api/v1/calls": get("calls", "Calls, newest first", "CallPage", ASK),
  "/api/v1/calls/{id}": get("call", "One call with all that belongs to it", "CallDetail", [
    { name: "id", in: "path", required: true, description: "The call's id", schema: integer },
  ], NOT_FOUND),
  "/api/v1/messages": get("messages", "Messages without their texts, newest first", "MessagePage", ASK),
  "/api/v1/findings": get("findings", "Findings, newest first", "FindingPage", ASK),
  "/api/v1/events": get("events", "Sensor events and gaps, newest first", "EventPage", ASK),
  "/api/v1/http": get("http", "HTTP exchanges, newest first", "HttpPage", ASK),
  "/api/v1/servers": get("servers", "All servers", "Servers"),
  "/api/v1/servers/{key}": get("server", "A server with what it offers, and its drift", "ServerDetail", [
    { name: "key", in: "path", required: true, description: "The server's key, percent-encoded", schema: text },
  ], NOT_FOUND),
  "/api/v1/links": get("links", "Who talks to whom", "Links"),
  "/api/v1/rates": get("rates", "Calls by steps of time, oldest first", "Rates", [
    query("from", number, "Start, in milliseconds since the Unix epoch", true),
    query("to", number, "End", true),
    query("step", number, "Length of a step in milliseconds; at most 10,000 steps", true),
  ]),
  "/api/v1/health": get("health", "The counters of the running pipeline", "Health"),
  "/api/v1/query": get("query", "Whether a filter can be read, and where not", "Query", [FILTER]),
  "/api/v1/fields": get("fields", "The fields of the filter language", "Fields"),
  "/api/v1/changes": {
    get: {
      operationId: "changes",
      summary: "What comes from now on, as server-sent events, some ten a second at most",
      description:
        "The event's name is the change's `type`, its data a Change as JSON, its id a cursor. A client that comes " +
        "back with it as Last-Event-ID gets what it missed, or `lost` if that is no longer kept or it reads too slowly: " +
        "it asks anew then. A comment every 15 seconds keeps the connection. Rows of `calls` may have ids that were " +
        "sent before: they have changed. At most 100 rows of a kind are sent at a time, the newest; `omitted` counts " +
        "the others. Ids have no holes, so the largest id counts all rows.",
      parameters: [
        query("types", text, "Only these types, with commas between; `lost` always comes. Default: all"),
        query("filter", text, "Only rows of calls, messages, findings and events that match"),
        query("last_event_id", text, "Like the header Last-Event-ID, for clients that cannot set it"),
        {
          name: "Last-Event-ID",
          in: "header",
          required: false,
          description: "The cursor of the last event that was read",
          schema: text,
        },
      ],
      responses: { "200": answer("A stream of Change", "Change", "text/event-stream"), ...REFUSED },
    },
  },
  "/api/v1/baseline/accept": post("accept", "Accepts what a server offers now as its baseline", "Accept", {
    "200": answer("What still differs", "Accepted"),
    "404": answer("There is no such server, or no such tool", "Error"),
    "409": answer("There is no baseline", "Error"),
  }),
  "/api/v1/login": {
    post: {
      ...post("login", "Exchanges the token for a cookie, for pages", "Login", {
        "204": { description: "The cookie is set: HttpOnly, SameSite=Strict" },
      }).post,
      ...NO_TOKEN,
    },
  },
  "/api/v1/logout": {
    post: {
      operationId: "logout",
      summary: "Takes the cookie back",
      ...NO_TOKEN,
      responses: { "204": { description: "It is gone" } },
    },
  },
  "/api/v1/openapi.json": plain("openapi", "This document", "application/json"),
  "/metrics": plain("metrics", "For Prometheus", "text/plain"),
  "/healthz": plain("healthz", "`ok` as long as the process answers", "text/plain", NO_TOKEN),
  "/readyz": {
    get: {
      operationId: "readyz",
      summary: "`ready` if the store can be asked",
      ...NO_TOKEN,
      responses: {
        "200": { description: "It is ready", content: { "text/plain": { schema: oneOf("ready\n") } } },
        "503": { description: "It is not", content: { "text/plain": { schema: text } } },
      },
    },
  },
};

/** The document. */
export function openapi(version: string): Schema {
  return {
    openapi: "3.1.0",
    info: {
      title: "mcpsonde",
      version,
      description: "What `mcpsonde serve` shows. Send `Authorization: Bearer TOKEN`; pages log in and have a cookie.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ token: [] }, { cookie: [] }],
    paths: PATHS,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "mcpsonde-PORT" },
      },
      schemas: { ...ROWS, ...ANSWERS },
    },
  };
}
