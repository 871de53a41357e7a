/**
 * `rate_limit`: so many events per second and key, and a count of the rest.
 *
 * @module
 */
import { type Context, defineTransform, type TransformComponent } from "../../pipeline/component.ts";
import type { Batch, Event, GapEvent } from "../../pipeline/event.ts";
import { keyReader } from "../../pipeline/query/key.ts";
import { compileQuery, ready, type Test } from "../../pipeline/query/mod.ts";
import { queryOf } from "../../pipeline/query/option.ts";
import type { Transform } from "../../pipeline/stage.ts";
import { Limiter } from "./limiter.ts";
import { type Options, options } from "./options.ts";

/** The transform's declaration. */
const rateLimit: TransformComponent<typeof options> = defineTransform({
  type: "rate_limit",
  summary: "Lets so many events per second and key pass, and tells how many it left out",
  options,
  create: async (options, context) => {
    const where = queryOf(options.where);
    await ready(where);
    return limit(options, compileQuery(where), context);
  },
});
export default rateLimit;

/** Keys that a gap event names. */
const NAMED = 3;

function limit(options: Options, isLimited: Test, { metrics, name }: Context): Transform {
  const { events_per_second, by, interval_ms, max_keys } = options;
  const burst = options.burst ?? Math.max(1, Math.ceil(events_per_second));
  const limiter = new Limiter(events_per_second, burst, max_keys);
  const key = keyReader(by);
  /** Events left out since the last gap event, by key. Has at most `max_keys` of them; what is beyond is under `other`. */
  const left = new Map<string, number>();
  let total = 0, since = 0;

  const tell = (time: number): GapEvent => {
    const most = [...left].sort(([, a], [, b]) => b - a).slice(0, NAMED).map(([key, events]) => `${key}: ${events}`);
    const whose = by.length === 0 ? "" : ` (${[...most, ...(left.size > NAMED ? ["…"] : [])].join(", ")})`;
    const seconds = Math.max(interval_ms / 1000, Math.round((time - since) / 1000));
    const gap: GapEvent = {
      kind: "gap",
      time,
      source: name,
      reason: "rate_limited",
      message: `${total} ${
        total === 1 ? "event" : "events"
      } over ${events_per_second} a second left out in ${seconds} s${whose}`,
      lost: { messages: total },
    };
    left.clear();
    total = 0;
    return gap;
  };

  const pass = (event: Event, out: Event[]): void => {
    if (total > 0 && event.time - since >= interval_ms) out.push(tell(event.time));
    if (!isLimited(event)) return void out.push(event);
    const values = key(event);
    if (limiter.take(values.join("\0"), event.time)) return void out.push(event);
    if (total === 0) since = event.time;
    total++;
    metrics.dropped("rate_limited");
    const shown = left.size < max_keys || left.has(values.join(" ")) ? values.join(" ") : "other";
    left.set(shown, (left.get(shown) ?? 0) + 1);
  };

  return async function* (input: AsyncIterable<Batch>) {
    let last = 0;
    for await (const batch of input) {
      const out: Event[] = [];
      for (const event of batch) pass(event, out);
      last = batch.at(-1)?.time ?? last;
      metrics.set("keys", limiter.size);
      yield out;
    }
    if (total > 0) yield [tell(last)];
  };
}
