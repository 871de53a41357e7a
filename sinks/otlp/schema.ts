/**
 * The protobuf messages of OTLP: field numbers and types of opentelemetry-proto v1.10.0, as far as we write them.
 *
 * @module
 */

/** Types of fields that are no messages. `hex`: bytes, which stand as hex in JSON. `packed_*`: repeated, packed. */
export type Scalar =
  | "string"
  | "hex"
  | "bool"
  | "varint"
  | "int64"
  | "fixed32"
  | "fixed64"
  | "double"
  | "packed_fixed64"
  | "packed_double";

/** A field: its number, and its type or the name of its message. Of an array each element is written. */
export type Field = readonly [number: number, type: string];

/** By message, by the field's name in JSON. */
export const SCHEMA: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  AnyValue: {
    stringValue: [1, "string"],
    boolValue: [2, "bool"],
    intValue: [3, "int64"],
    doubleValue: [4, "double"],
    arrayValue: [5, "ArrayValue"],
    kvlistValue: [6, "KeyValueList"],
  },
  ArrayValue: { values: [1, "AnyValue"] },
  KeyValueList: { values: [1, "KeyValue"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  InstrumentationScope: { name: [1, "string"], version: [2, "string"] },
  Resource: { attributes: [1, "KeyValue"] },
  Span: {
    traceId: [1, "hex"],
    spanId: [2, "hex"],
    traceState: [3, "string"],
    parentSpanId: [4, "hex"],
    name: [5, "string"],
    kind: [6, "varint"],
    startTimeUnixNano: [7, "fixed64"],
    endTimeUnixNano: [8, "fixed64"],
    attributes: [9, "KeyValue"],
    events: [11, "Event"],
    droppedEventsCount: [12, "varint"],
    links: [13, "Link"],
    status: [15, "Status"],
    flags: [16, "fixed32"],
  },
  Event: { timeUnixNano: [1, "fixed64"], name: [2, "string"], attributes: [3, "KeyValue"] },
  Link: {
    traceId: [1, "hex"],
    spanId: [2, "hex"],
    traceState: [3, "string"],
    attributes: [4, "KeyValue"],
    flags: [6, "fixed32"],
  },
  Status: { message: [2, "string"], code: [3, "varint"] },
  LogRecord: {
    timeUnixNano: [1, "fixed64"],
    severityNumber: [2, "varint"],
    severityText: [3, "string"],
    body: [5, "AnyValue"],
    attributes: [6, "KeyValue"],
    flags: [8, "fixed32"],
    traceId: [9, "hex"],
    spanId: [10, "hex"],
    observedTimeUnixNano: [11, "fixed64"],
    eventName: [12, "string"],
  },
  Metric: {
    name: [1, "string"],
    description: [2, "string"],
    unit: [3, "string"],
    gauge: [5, "Gauge"],
    sum: [7, "Sum"],
    histogram: [9, "Histogram"],
  },
  Gauge: { dataPoints: [1, "NumberDataPoint"] },
  Sum: { dataPoints: [1, "NumberDataPoint"], aggregationTemporality: [2, "varint"], isMonotonic: [3, "bool"] },
  Histogram: { dataPoints: [1, "HistogramDataPoint"], aggregationTemporality: [2, "varint"] },
  NumberDataPoint: {
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    asDouble: [4, "double"],
    asInt: [6, "fixed64"],
    attributes: [7, "KeyValue"],
  },
  HistogramDataPoint: {
    startTimeUnixNano: [2, "fixed64"],
    timeUnixNano: [3, "fixed64"],
    count: [4, "fixed64"],
    sum: [5, "double"],
    bucketCounts: [6, "packed_fixed64"],
    explicitBounds: [7, "packed_double"],
    exemplars: [8, "Exemplar"],
    attributes: [9, "KeyValue"],
    min: [11, "double"],
    max: [12, "double"],
  },
  Exemplar: {
    timeUnixNano: [2, "fixed64"],
    asDouble: [3, "double"],
    spanId: [4, "hex"],
    traceId: [5, "hex"],
  },
};

/**
 * How records of a signal stand in a request: numbers of the fields in the request, the resource's part, the scope's part;
 * the names are those of JSON.
 */
export const SIGNALS = {
  traces: { path: "/v1/traces", message: "Span", outer: "resourceSpans", scope: "scopeSpans", inner: "spans" },
  metrics: {
    path: "/v1/metrics",
    message: "Metric",
    outer: "resourceMetrics",
    scope: "scopeMetrics",
    inner: "metrics",
  },
  logs: { path: "/v1/logs", message: "LogRecord", outer: "resourceLogs", scope: "scopeLogs", inner: "logRecords" },
} as const;

/** What is sent: each has requests and a path of its own. */
export type Signal = keyof typeof SIGNALS;
