/**
 * The schemas of what the API answers besides rows.
 *
 * @module
 */
import {
  flag,
  integer,
  list,
  map,
  millis,
  number,
  object,
  oneOf,
  ref,
  type Schema,
  text,
  time,
  told,
} from "./schema.ts";

function page(row: string): Schema {
  return object({ rows: list(ref(row)), more: told(flag, "Whether there are more, older ones") }, "Newest first");
}

function changed(type: string, row: string): Schema {
  return object({
    type: { const: type },
    rows: list(ref(row)),
    "omitted?": told(integer, "Rows that came or changed too and are not sent, as newer ones filled the message"),
  });
}

const problem = object({
  start: told(integer, "Offset of the first character that is wrong, in UTF-16 units"),
  end: told(integer, "Offset just past the last"),
  message: text,
});

/** By name. */
export const ANSWERS: { readonly [name: string]: Schema } = {
  CallPage: page("Call"),
  MessagePage: page("Message"),
  FindingPage: page("Finding"),
  EventPage: page("Event"),
  HttpPage: page("Http"),
  CallDetail: object({
    call: ref("Call"),
    messages: told(list(ref("Message")), "With their texts, oldest first"),
    findings: list(ref("Finding")),
    events: list(ref("Event")),
    http: list(ref("Http")),
  }),
  Servers: object({ rows: list(ref("Server")) }),
  ServerDetail: object({
    server: ref("Server"),
    tools: told(list(ref("Tool")), "With their definitions"),
    "drift?": told(list(ref("Drift")), "What differs from the accepted baseline; absent if there is no baseline"),
  }),
  Links: object({ rows: list(ref("Link")) }),
  Rates: object({ rows: told(list(ref("Rate")), "Oldest first, without steps in which nothing was") }),
  Metrics: object({
    time,
    uptime_ms: millis,
    nodes: list(object({
      node: text,
      type: text,
      received: integer,
      sent: integer,
      dropped: map(integer),
      errors: map(integer),
      busy_ms: millis,
      gauges: map(number),
    })),
  }, "The counters of the pipeline that feeds the store"),
  Health: object({ "metrics?": told(ref("Metrics"), "Absent if no pipeline runs: of a stored file") }),
  About: object({
    name: { const: "mcpsonde" },
    version: text,
    title: told(text, "What is shown: `this machine`, or a file's name"),
    live: told(flag, "Whether a pipeline runs, so that there will be more"),
    accepts: told(flag, "Whether a baseline is there to accept tools into"),
  }),
  Query: object({
    ok: flag,
    "words?": told(text, "The filter in words, if it can be read and is not empty"),
    "message?": told(text, "All mistakes in a sentence"),
    "problems?": list(problem),
  }),
  Fields: object({
    rows: list(object({
      name: text,
      group: text,
      type: oneOf("text", "name", "number", "duration", "size", "time", "search"),
      summary: text,
      example: text,
      ordered: told(flag, "Whether it can be compared with <, <=, >, >="),
      "names?": told(list(text), "Of a `name`: all that there are"),
    })),
  }),
  Accept: object({
    server: told(text, "Its key"),
    "tools?": told(list(text), "Names of tools; absent: all that the server offers, its prompts and instructions too"),
  }),
  Accepted: object({ drift: told(list(ref("Drift")), "What still differs") }),
  Login: object({ token: text }),
  Error: object({
    error: told(
      text,
      "Stable name: bad_filter, bad_request, unauthorized, forbidden, not_found, too_large, too_many_requests, unavailable, failed",
    ),
    message: told(text, "A sentence for a person"),
    "problems?": told(list(problem), "Of bad_filter"),
  }),
  Change: {
    oneOf: [
      changed("calls", "Call"),
      changed("messages", "Message"),
      changed("findings", "Finding"),
      changed("events", "Event"),
      object({ type: { const: "servers" }, rows: list(ref("Server")) }),
      object({ type: { const: "health" }, metrics: ref("Metrics") }),
      object({ type: { const: "lost" }, changes: told(integer, "How many changes were missed; 0 if unknown") }),
    ],
  },
};
