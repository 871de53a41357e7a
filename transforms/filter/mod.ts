/**
 * `filter`: keeps or drops events by an expression.
 *
 * @module
 */
import { defineTransform, type TransformComponent } from "../../pipeline/component.ts";
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
    let blind = !seesBytes(query);
    return mapEvents((event) => {
      if (passes(event)) return event;
      metrics.dropped("filtered");
      if (blind && event.kind === "chunk") {
        log.warn("bytes are dropped before messages are made of them; this transform belongs behind jsonrpc");
        blind = false;
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

/** True if the expression asks for nothing that is known of messages only. */
function seesBytes(query: Query): boolean {
  return [...fieldsOf(query)].every((field) => OF_BYTES.has(field));
}
