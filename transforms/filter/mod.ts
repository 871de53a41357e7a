/**
 * `filter`: keeps or drops events by an expression.
 *
 * @module
 */
import { defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Event } from "../../pipeline/event.ts";
import { mapEvents } from "../../pipeline/map_events.ts";
import { compileQuery, fieldsOf, type Query, ready } from "../../pipeline/query/mod.ts";
import { queryOf } from "../../pipeline/query/option.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const filter: TransformComponent<typeof options> = defineTransform({
  type: "filter",
  summary: "Keeps or drops events by a filter expression",
  options,
  create: async (options, { metrics, log }) => {
    const query = combined(options);
    await ready(query);
    const passes = compileQuery(query, { lenient: true });
    let misplaced = misplacement(query);
    return mapEvents((event) => {
      if (passes(event)) return event;
      metrics.dropped("filtered");
      const advice = misplaced?.(event);
      if (advice !== undefined) {
        log.warn(advice);
        misplaced = undefined; // once is enough
      }
      return undefined;
    });
  },
});
export default filter;

function combined({ where, drop }: Options): Query {
  const parts: Query[] = [];
  if (where !== undefined) parts.push(queryOf(where));
  if (drop !== undefined) parts.push({ type: "not", of: queryOf(drop) });
  return parts.length === 1 ? parts[0]! : { type: "and", of: parts };
}

/** Fields that raw bytes have as well. */
const OF_BYTES = new Set(["kind", "time", "source", "pid", "comm", "exe", "container", "transport", "address"]);
/** Fields that the `mcp` transform finds out. */
const OF_MCP = ["server", "client", "session", "era", "duration", "tokens"];

/** What to say of a dropped event that lacks what a transform in front of this one would have given it. */
function misplacement(query: Query): ((dropped: Event) => string | undefined) | undefined {
  const fields = [...fieldsOf(query)];
  const early = fields.some((field) => !OF_BYTES.has(field)), ofMcp = fields.filter((field) => OF_MCP.includes(field));
  if (!early) return undefined;
  return (event) => {
    if (event.kind === "chunk") {
      return "bytes are dropped before messages are made of them; this transform belongs behind jsonrpc";
    }
    if (ofMcp.length === 0 || event.kind !== "mcp" || event.context !== undefined) return undefined;
    return `messages have no ${ofMcp.join(", ")} here; { "type": "mcp" } before this would add it`;
  };
}
