/**
 * Which events are sent.
 *
 * @module
 */
import type { Metrics } from "../../pipeline/component.ts";
import type { Batch, ChunkEvent, Event } from "../../pipeline/event.ts";
import { Related } from "../../pipeline/http_related.ts";

/** All but bytes, and HTTP that has nothing to do with MCP. */
export class Chosen {
  readonly #related = new Related();
  readonly #metrics: Pick<Metrics, "set">;
  #others = 0;

  /** What is left out of HTTP is counted in the gauge `http_left_out`. */
  constructor(metrics: Pick<Metrics, "set">) {
    this.#metrics = metrics;
  }

  /** Those of a batch, in their order. */
  *of(batch: Batch): Generator<Exclude<Event, ChunkEvent>> {
    const before = this.#others;
    for (const event of batch) {
      if (event.kind === "chunk") continue;
      if (event.kind === "mcp" && event.http !== undefined) this.#related.add(event.http);
      if (event.kind === "http" && !this.#related.has(event.exchange)) this.#others++;
      else yield event;
    }
    if (this.#others !== before) this.#metrics.set("http_left_out", this.#others);
  }
}
