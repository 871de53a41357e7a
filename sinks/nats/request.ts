/**
 * Requests of NATS: messages that go out together.
 *
 * @module
 */
import type { HealthRequest, OutgoingRequest, Verdict } from "../../pipeline/delivery/mod.ts";

/** A message. */
export interface Message {
  readonly subject: string;
  /** `Nats-Msg-Id`: a stream drops one that it has already (https://docs.nats.io/using-nats/developer/develop_jetstream/model_deep_dive). */
  readonly id: string;
  readonly data: Uint8Array;
}

/** What became of a message: null if it was taken. */
export type Result = null | {
  /** For people. */
  readonly message: string;
  /** `again`: it may be taken later; `mend`: once somebody has changed something; `never`. */
  readonly what: "again" | "mend" | "never";
};

/** A request that carries messages. Its answer is a JSON array with a {@linkcode Result} for each. */
export interface NatsRequest extends OutgoingRequest {
  readonly messages: readonly Message[];
}

/** The messages of a request; none of a health check. */
export function messagesOf(request: HealthRequest): readonly Message[] {
  return "messages" in request ? (request as NatsRequest).messages : [];
}

/** How long to leave it alone when somebody has to change something first, in milliseconds. */
const MEND_MS = 30_000;

/** What the results mean for the records. */
export function judgeResults(results: readonly Result[], records: readonly number[]): Verdict {
  const retry: number[] = [], rejected: { record: number; reason: string }[] = [];
  let retryReason: string | undefined, isToMend = false;
  for (const [k, record] of records.entries()) {
    const result = results[k];
    if (result === null) continue;
    if (result?.what === "never") {
      rejected.push({ record, reason: result.message });
      continue;
    }
    retry.push(record);
    retryReason ??= result?.message ?? "no answer";
    isToMend ||= result?.what === "mend";
  }
  if (retry.length === 0 && rejected.length === 0) return { outcome: "done" };
  const afterMs = isToMend ? MEND_MS : undefined;
  return { outcome: "partly", retry, retryReason, rejected, afterMs };
}
