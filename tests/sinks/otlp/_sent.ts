/** What the courier makes of events, read back from the bodies of its requests. */
import type { Batch, Event } from "../../../pipeline/event.ts";
import { type CourierOptions, OtlpCourier, type World } from "../../../sinks/otlp/courier.ts";
import { ENCODINGS } from "../../../sinks/otlp/encoding.ts";
import { type Signal, SIGNALS } from "../../../sinks/otlp/schema.ts";
import type { KeyValue, LogRecord, Metric, Span } from "../../../sinks/otlp/types.ts";
import { readRequest } from "./_protobuf.ts";

/** When the test's conversations take place: theirs begin in 1970. */
const SHIFT = Date.UTC(2026, 10, 21);

/** Something that was sent, with its resource. */
export type With<T> = T & { readonly of: Readonly<Record<string, unknown>> };

/** All that was sent. */
export interface Sent {
  readonly spans: With<Span>[];
  readonly metrics: With<Metric>[];
  readonly logs: With<LogRecord>[];
  readonly urls: string[];
}

/** A courier for tests; `alive` are the processes that are still there. */
export function courierFor(
  more: Partial<CourierOptions & World & { encodingName: "json" | "protobuf" }> = {},
): OtlpCourier {
  const target = (signal: Signal) => ({ url: `http://test${SIGNALS[signal].path}`, headers: {} });
  return new OtlpCourier({
    encoding: ENCODINGS[more.encodingName ?? "json"],
    targets: { traces: target("traces"), metrics: target("metrics"), logs: target("logs") },
    scope: { name: "mcpsonde", version: "1" },
    spans: "auto",
    content: 0,
    host: { "host.name": "here" },
    own: { "service.name": "mcpsonde" },
    isOne: false,
    isDelta: false,
    isOwnDelta: more.isDelta ?? false,
    maxSeries: 2000,
    intervalMs: 60_000,
    ...more,
  }, { now: more.now ?? (() => SHIFT), isAlive: more.isAlive ?? (() => true), pipeline: more.pipeline });
}

/** Later, as if it happened in the year of the tests. */
export function shifted(events: readonly Event[]): Event[] {
  return events.map((event) => ({ ...event, time: event.time + SHIFT }));
}

/** What is sent of batches, and of a tick at the end. */
export function send(courier: OtlpCourier, batches: readonly Batch[], tick = true): Sent {
  const records: Uint8Array[] = [];
  for (const batch of batches) for (const bytes of courier.encode(batch)) records.push(bytes.slice());
  if (tick) { for (const bytes of courier.tick()) records.push(bytes.slice()); }
  return sentOf(courier, records);
}

/** Records, by way of requests. */
export function sentOf(courier: OtlpCourier, records: readonly Uint8Array[]): Sent {
  const sent: Sent = { spans: [], metrics: [], logs: [], urls: [] };
  const requests = courier.requests(records.map((bytes, k) => ({ id: `test-${k}`, time: 0, bytes })));
  for (const { url, headers, body } of requests) {
    sent.urls.push(url);
    const signal = (["traces", "metrics", "logs"] as const).find((signal) => url.endsWith(SIGNALS[signal].path))!;
    const { outer, scope, inner, message } = SIGNALS[signal];
    const into = signal === "traces" ? sent.spans : signal === "metrics" ? sent.metrics : sent.logs;
    if (headers["content-type"] === "application/json") {
      for (const part of JSON.parse(new TextDecoder().decode(body))[outer]) {
        for (const { [inner]: items } of part[scope]) {
          for (const item of items) into.push({ ...item, of: plain(part.resource.attributes) });
        }
      }
    } else {
      for (const part of readRequest(message, body)) {
        const of = plain(part.resource["attributes"] as KeyValue[]);
        for (const { items } of part.scopes) for (const item of items) into.push({ ...item, of } as never);
      }
    }
  }
  return sent;
}

/** Attributes as an object. */
export function plain(attributes: readonly KeyValue[] | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: KeyValue["value"]): unknown {
  if ("intValue" in value) return Number(value.intValue);
  if ("arrayValue" in value) return value.arrayValue.values.map(plainValue);
  if ("kvlistValue" in value) return plain(value.kvlistValue.values);
  return Object.values(value)[0];
}

/** A span in a few words: `CLIENT tools/call a ← parent`. */
export function brief({ kind, name, status }: Span): string {
  return `${kind === 3 ? "CLIENT" : "SERVER"} ${name}${status === undefined ? "" : " !"}`;
}
