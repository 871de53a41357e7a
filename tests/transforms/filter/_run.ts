/** Runs transforms for the tests of `filter`, `sample` and `rate_limit`. */
import type { z } from "zod";
import type { TransformComponent } from "../../../pipeline/component.ts";
import type { Event } from "../../../pipeline/event.ts";

/** What came out, and what was counted and said. */
export interface Ran {
  readonly events: Event[];
  readonly dropped: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly warnings: string[];
}

/** Runs it over events, one in a batch. */
export async function run<S extends z.ZodObject>(
  component: TransformComponent<S>,
  options: Record<string, unknown>,
  events: readonly Event[],
): Promise<Ran> {
  const dropped: Record<string, number> = {}, gauges: Record<string, number> = {}, warnings: string[] = [];
  const transform = await component.create(component.options.parse(options), {
    name: "transforms[0]",
    signal: new AbortController().signal,
    log: { info() {}, warn: (message) => void warnings.push(message), error() {} },
    metrics: {
      dropped: (reason, count = 1) => void (dropped[reason] = (dropped[reason] ?? 0) + count),
      error() {},
      set: (name, value) => void (gauges[name] = value),
    },
  });
  async function* source() {
    for (const event of events) yield [event];
  }
  const out: Event[] = [];
  for await (const batch of transform(source())) out.push(...batch);
  return { events: out, dropped, gauges, warnings };
}
