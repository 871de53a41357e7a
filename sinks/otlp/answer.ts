/**
 * What an endpoint's answer means: OTLP specification 1.9.0, "OTLP/HTTP Response".
 *
 * @module
 */
import { type Answer, judgeByStatus, reasonOf, retryAfter, type Verdict } from "../../pipeline/delivery/mod.ts";
import { isObject } from "../../pipeline/json.ts";
import { readFields } from "./protobuf.ts";
import type { Signal } from "./schema.ts";

/**
 * The status codes that may pass ("Retryable Response Codes"). Others must not be sent again: with 500 a Collector refuses for
 * ever, with 404 it has no pipeline for a signal, and the others' records would wait behind. Beyond the specification it is
 * waited for credentials to be set right.
 */
const PASSING: ReadonlySet<number> = new Set([401, 403, 407, 429, 502, 503, 504]);
/** Names of the counters in `partialSuccess`. */
const REJECTED = { traces: "rejectedSpans", metrics: "rejectedDataPoints", logs: "rejectedLogRecords" } as const;
const WHAT = { traces: "spans", metrics: "data points", logs: "log records" } as const;
const NO_MESSAGE = "no reason given";
const decoder = new TextDecoder();

/** Judges. What a success with `partial_success` refused is counted; it must not be sent again. */
export function judge(answer: Answer, signal: Signal): Verdict {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) {
    const refused = refusedOf(answer, signal);
    if (refused === undefined || refused.count === 0 && refused.reason === NO_MESSAGE) return { outcome: "done" };
    return { outcome: "partly", retry: [], rejected: [], refused: { ...refused, what: WHAT[signal] } };
  }
  if (status === 413) return judgeByStatus(answer);
  const reason = reasonOf(answer);
  if (!PASSING.has(status)) return { outcome: "rejected", reason };
  return { outcome: "retry", reason, afterMs: retryAfter(headers["retry-after"], Date.now()) };
}

/** How many records of a request that succeeded were refused, and why. */
function refusedOf(answer: Answer, signal: Signal): { readonly count: number; readonly reason: string } | undefined {
  if (answer.body.length === 0 || answer.cut) return undefined;
  const isProtobuf = answer.headers["content-type"]?.toLowerCase().startsWith("application/x-protobuf") === true;
  return isProtobuf ? fromProtobuf(answer.body) : fromJson(answer.body, REJECTED[signal]);
}

function fromJson(body: Uint8Array, member: string): { readonly count: number; readonly reason: string } | undefined {
  try {
    const answer: unknown = JSON.parse(decoder.decode(body));
    const partial = isObject(answer) ? answer["partialSuccess"] : undefined;
    if (!isObject(partial)) return undefined;
    const message = partial["errorMessage"];
    return { count: counted(partial[member]), reason: typeof message === "string" && message || NO_MESSAGE };
  } catch {
    return undefined; // no OTLP, but a success
  }
}

/** `partial_success` is field 1, in it the count field 1 and the message field 2. */
function fromProtobuf(body: Uint8Array): { readonly count: number; readonly reason: string } | undefined {
  const partial = readFields(body)?.get(1);
  const fields = partial instanceof Uint8Array ? readFields(partial) : undefined;
  if (fields === undefined) return undefined;
  const message = fields.get(2);
  return {
    count: counted(fields.get(1)),
    reason: message instanceof Uint8Array && decoder.decode(message) || NO_MESSAGE,
  };
}

function counted(value: unknown): number {
  const count = Number(value ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
