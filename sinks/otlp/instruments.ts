/**
 * The histograms, with what bounds them.
 *
 * @module
 */
import type { Encoding } from "./encoding.ts";
import { Series } from "./histogram.ts";
import type { EncodedResource } from "./record.ts";
import { type HistogramPoint, type Metric, TEMPORALITY } from "./types.ts";
import { type Attributes, keyValues } from "./values.ts";

/** Points of one record. */
const POINTS = 100;
/** What stands for all series beyond the limit (metrics SDK specification, "Cardinality limits"). */
const OVERFLOW: Attributes = { "otel.metric.overflow": true };

/** The metrics: name and description. All are in seconds. */
export const DURATIONS = {
  client: ["mcp.client.operation.duration", "The duration of MCP requests, as seen at who asks"],
  server: ["mcp.server.operation.duration", "The duration of MCP requests, as seen at who answers"],
  clientSession: ["mcp.client.session.duration", "The duration of MCP sessions, as seen at the client"],
  serverSession: ["mcp.server.session.duration", "The duration of MCP sessions, as seen at the server"],
  tool: ["gen_ai.execute_tool.duration", "The duration of tool executions"],
} as const;
/** One of the metrics. */
export type Duration = keyof typeof DURATIONS;

/** A metric with its resource, to be encoded. */
export interface Collected {
  readonly resource: EncodedResource;
  readonly metric: Metric;
}

/** All series of all histograms. */
export class Instruments {
  readonly #all = new Map<Duration, Map<EncodedResource, Map<string, Series>>>();
  readonly #counts = new Map<Duration, number>();
  readonly #own: EncodedResource;
  readonly #limit: number;
  readonly #isDelta: boolean;
  readonly #start: number;
  /** Goes up when a series is refused: whoever holds the one that it got may ask again. */
  overflows = 0;

  /** `limit`: how many series a metric may have; those beyond are one, of the resource `own`. */
  constructor(own: EncodedResource, limit: number, isDelta: boolean, now: number) {
    this.#own = own;
    this.#limit = limit;
    this.#isDelta = isDelta;
    this.#start = now;
  }

  /** The series with these attributes. */
  series(duration: Duration, resource: EncodedResource, attributes: Attributes): Series {
    const key = JSON.stringify(attributes);
    const known = this.#all.get(duration)?.get(resource)?.get(key);
    if (known !== undefined) return known;
    const count = this.#counts.get(duration) ?? 0;
    if (count < this.#limit - 1) {
      this.#counts.set(duration, count + 1);
      return this.#add(duration, resource, key, attributes);
    }
    this.overflows++;
    const overflow = JSON.stringify(OVERFLOW);
    return this.#all.get(duration)?.get(this.#own)?.get(overflow) ??
      this.#add(duration, this.#own, overflow, OVERFLOW);
  }

  /** What there is to send. */
  *collect(now: number): Generator<Collected> {
    for (const [duration, resources] of this.#all) {
      const [name, description] = DURATIONS[duration];
      for (const [resource, series] of resources) {
        const points: HistogramPoint[] = [];
        for (const one of series.values()) if (!one.isEmpty) points.push(one.point(now, this.#isDelta));
        for (let k = 0; k < points.length; k += POINTS) {
          const dataPoints = points.slice(k, k + POINTS);
          const aggregationTemporality = this.#isDelta ? TEMPORALITY.delta : TEMPORALITY.cumulative;
          yield {
            resource,
            metric: { name, description, unit: "s", histogram: { dataPoints, aggregationTemporality } },
          };
        }
      }
    }
  }

  #add(duration: Duration, resource: EncodedResource, key: string, attributes: Attributes): Series {
    let resources = this.#all.get(duration);
    if (resources === undefined) this.#all.set(duration, resources = new Map());
    let all = resources.get(resource);
    if (all === undefined) resources.set(resource, all = new Map());
    const made = new Series(keyValues(attributes), this.#start);
    all.set(key, made);
    return made;
  }
}

/** A metric, as a record. */
export function metricRecord(encoding: Encoding, { resource, metric }: Collected): Uint8Array {
  const head = resource.heads.metrics, item = encoding.encode("Metric", metric);
  const record = new Uint8Array(head.length + item.length);
  record.set(head);
  record.set(item, head.length);
  return record;
}
