/**
 * What OTLP carries, as its JSON encoding has it: opentelemetry-proto v1.10.0, `opentelemetry/proto/{trace,metrics,logs,
 * common,resource}/v1`, and the specification's "JSON Protobuf Encoding": ids are hex, 64-bit integers decimal texts, enums
 * numbers.
 *
 * @module
 */

/** A value of any type. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } };

/** An attribute. */
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Who is told of. */
export interface Resource {
  readonly attributes: readonly KeyValue[];
}

/** Who tells. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/** `Span.SpanKind`. */
export const SPAN_KIND = { server: 2, client: 3 } as const;
/** `Status.StatusCode`. */
export const STATUS_ERROR = 2;
/** `SpanFlags`, bits 8 and 9: whether it is known that the parent is remote, and that it is. */
export const FLAG_HAS_IS_REMOTE = 0x100, FLAG_IS_REMOTE = 0x200;

/** Something that happened during a span. */
export interface SpanEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly KeyValue[];
}

/** A span that has to do with another one. */
export interface Link {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string | undefined;
  readonly flags: number;
  readonly attributes: readonly KeyValue[];
}

/** One operation. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly traceState?: string | undefined;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly events?: readonly SpanEvent[] | undefined;
  readonly droppedEventsCount?: number | undefined;
  readonly links?: readonly Link[] | undefined;
  readonly status?: { readonly message?: string | undefined; readonly code: number } | undefined;
  /** The last member, so that more can be added to what has been encoded. */
  readonly attributes: readonly KeyValue[];
}

/** One entry of a log. */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body?: AnyValue | undefined;
  readonly attributes: readonly KeyValue[];
  readonly flags?: number | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** `AggregationTemporality`. */
export const TEMPORALITY = { delta: 1, cumulative: 2 } as const;

/** A measurement that stands for others. */
export interface Exemplar {
  readonly timeUnixNano: string;
  readonly asDouble: number;
  readonly spanId: string;
  readonly traceId: string;
}

/** A number at a time. */
export interface NumberPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano?: string | undefined;
  readonly timeUnixNano: string;
  readonly asDouble?: number | undefined;
  readonly asInt?: string | undefined;
}

/** A distribution. */
export interface HistogramPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
  readonly exemplars: readonly Exemplar[];
  readonly min: number;
  readonly max: number;
}

/** A metric with its points. */
export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] } | undefined;
  readonly sum?: {
    readonly dataPoints: readonly NumberPoint[];
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
  } | undefined;
  readonly histogram?: {
    readonly dataPoints: readonly HistogramPoint[];
    readonly aggregationTemporality: number;
  } | undefined;
}

/** What is encoded by itself, by the name of its protobuf message. */
export interface Messages {
  readonly Resource: Resource;
  readonly InstrumentationScope: Scope;
  readonly Span: Span;
  readonly LogRecord: LogRecord;
  readonly Metric: Metric;
  readonly KeyValue: KeyValue;
}
