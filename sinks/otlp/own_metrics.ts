/**
 * What mcpsonde says of itself: the counters of each node of the pipeline, and what passed by this sink.
 *
 * @module
 */
import type { FindingEvent, GapEvent } from "../../pipeline/event.ts";
import type { MetricsSnapshot, NodeSnapshot } from "../../pipeline/metrics.ts";
import { nanos } from "./time.ts";
import { type KeyValue, type Metric, type NumberPoint, TEMPORALITY } from "./types.ts";
import { type Attributes, brief, keyValues } from "./values.ts";

/** Different sets of attributes of one counter; what is beyond is counted as one. */
const MOST = 500;

/** A sum over time. */
class Counter {
  readonly #values = new Map<string, { readonly attributes: readonly KeyValue[]; value: number; told: number }>();

  add(attributes: Attributes, value: number): void {
    const one = this.#of(attributes);
    one.value += value;
  }

  set(attributes: Attributes, value: number): void {
    this.#of(attributes).value = value;
  }

  points(start: number, before: number, now: number, isDelta: boolean): NumberPoint[] {
    const points: NumberPoint[] = [];
    for (const one of this.#values.values()) {
      const value = isDelta ? one.value - one.told : one.value;
      one.told = one.value;
      points.push({
        attributes: one.attributes,
        startTimeUnixNano: nanos(isDelta ? before : start),
        timeUnixNano: nanos(now),
        ...(Number.isInteger(value) ? { asInt: String(value) } : { asDouble: value }),
      });
    }
    return points;
  }

  #of(attributes: Attributes) {
    const wanted = this.#values.size < MOST - 1 || this.#values.has(JSON.stringify(attributes));
    const used = wanted ? attributes : { "otel.metric.overflow": true };
    const key = JSON.stringify(used);
    let one = this.#values.get(key);
    if (one === undefined) this.#values.set(key, one = { attributes: keyValues(used), value: 0, told: 0 });
    return one;
  }
}

/** Name, description and unit of the counters. */
const COUNTERS = {
  received: ["mcpsonde.node.received", "Events that came into a node", "{event}"],
  sent: ["mcpsonde.node.sent", "Events that went out of a node", "{event}"],
  dropped: ["mcpsonde.node.dropped", "Events that a node dropped", "{event}"],
  errors: ["mcpsonde.node.errors", "Errors of a node", "{error}"],
  busy: ["mcpsonde.node.busy_time", "Time that a node worked", "s"],
  gaps: ["mcpsonde.gaps", "Times that something was not seen", "{gap}"],
  lostRecords: ["mcpsonde.gaps.lost_records", "Records that were not seen, as far as it is known", "{record}"],
  lostBytes: ["mcpsonde.gaps.lost_bytes", "Bytes that were not seen, as far as it is known", "By"],
  findings: ["mcpsonde.findings", "What detectors concluded", "{finding}"],
} as const;
type CounterName = keyof typeof COUNTERS;

/** Counts, and makes metrics of it. */
export class OwnMetrics {
  readonly #pipeline: (() => MetricsSnapshot) | undefined;
  readonly #isDelta: boolean;
  readonly #start: number;
  #before: number;
  readonly #counters = new Map<CounterName, Counter>();

  constructor(pipeline: (() => MetricsSnapshot) | undefined, isDelta: boolean, now: number) {
    this.#pipeline = pipeline;
    this.#isDelta = isDelta;
    this.#start = this.#before = now;
  }

  /** A gap passed by. */
  gap({ reason, lost }: GapEvent): void {
    const attributes = { "mcpsonde.gap.reason": brief(reason) };
    this.#counter("gaps").add(attributes, 1);
    if (lost?.records !== undefined) this.#counter("lostRecords").add(attributes, lost.records);
    if (lost?.bytes !== undefined) this.#counter("lostBytes").add(attributes, lost.bytes);
  }

  /** A finding passed by. */
  finding({ rule, severity }: FindingEvent): void {
    this.#counter("findings").add({
      "gen_ai.guardrail.security.policy.rule.id": brief(rule),
      "mcpsonde.finding.severity": severity,
    }, 1);
  }

  /** The metrics now. */
  collect(now: number): Metric[] {
    const gauges = new Map<string, NumberPoint[]>();
    for (const node of this.#pipeline?.().nodes ?? []) this.#node(node, gauges, now);
    const metrics: Metric[] = [];
    for (const [key, counter] of this.#counters) {
      const [name, description, unit] = COUNTERS[key];
      const dataPoints = counter.points(this.#start, this.#before, now, this.#isDelta);
      const aggregationTemporality = this.#isDelta ? TEMPORALITY.delta : TEMPORALITY.cumulative;
      metrics.push({ name, description, unit, sum: { dataPoints, aggregationTemporality, isMonotonic: true } });
    }
    for (const [name, dataPoints] of gauges) metrics.push({ name, description: "", unit: "1", gauge: { dataPoints } });
    this.#before = now;
    return metrics;
  }

  /** A node's name and type are those of the pipeline file, so there are few. */
  #node(node: NodeSnapshot, gauges: Map<string, NumberPoint[]>, now: number): void {
    const attributes = { "mcpsonde.node.name": brief(node.node), "mcpsonde.node.type": brief(node.type) };
    this.#counter("received").set(attributes, node.received);
    this.#counter("sent").set(attributes, node.sent);
    this.#counter("busy").set(attributes, node.busy_ms / 1000);
    for (const [reason, value] of Object.entries(node.dropped)) {
      this.#counter("dropped").set({ ...attributes, "mcpsonde.reason": brief(reason) }, value);
    }
    for (const [reason, value] of Object.entries(node.errors)) {
      this.#counter("errors").set({ ...attributes, "mcpsonde.reason": brief(reason) }, value);
    }
    for (const [name, value] of Object.entries(node.gauges)) {
      if (!/^\w{1,60}$/.test(name) || !Number.isFinite(value)) continue;
      const point = { attributes: keyValues(attributes), timeUnixNano: nanos(now), asDouble: value };
      const points = gauges.get(`mcpsonde.node.${name}`);
      if (points === undefined) gauges.set(`mcpsonde.node.${name}`, [point]);
      else points.push(point);
    }
  }

  #counter(name: CounterName): Counter {
    let counter = this.#counters.get(name);
    if (counter === undefined) this.#counters.set(name, counter = new Counter());
    return counter;
  }
}
