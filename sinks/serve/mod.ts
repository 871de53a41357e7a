/**
 * The `serve` sink: a live page, its API, and metrics for Prometheus.
 *
 * @module
 */
import { defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { options } from "./options.ts";

/** Serves. */
const component: SinkComponent<typeof options> = defineSink({
  type: "serve",
  summary: "Serves a live page of what is seen, an API and metrics, on this machine",
  options,
  async create(options, context) {
    const { serveSink } = await import("./sink.ts"); // brings the web server and SQLite
    return await serveSink(options, context);
  },
});
export default component;
