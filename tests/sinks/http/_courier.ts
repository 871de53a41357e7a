/** Couriers without a disk buffer: what they would put into it, and what they would send. */
import type { Context } from "../../../pipeline/component.ts";
import type { Answer, BufferedRecord, Courier, OutgoingRequest, Verdict } from "../../../pipeline/delivery/mod.ts";
import type { Event } from "../../../pipeline/event.ts";
import { linesCourier } from "../../../sinks/http/lines.ts";
import { options } from "../../../sinks/http/options.ts";
import { slackCourier, webhookCourier } from "../../../sinks/http/presets/alerts.ts";
import { clickhouseCourier } from "../../../sinks/http/presets/clickhouse.ts";
import { elasticsearchCourier } from "../../../sinks/http/presets/elasticsearch.ts";
import { lokiCourier } from "../../../sinks/http/presets/loki.ts";
import { splunkCourier } from "../../../sinks/http/presets/splunk_hec.ts";
import { context, type Said } from "../jsonl/_write.ts";

const MAKERS = {
  loki: lokiCourier,
  elasticsearch: elasticsearchCourier,
  opensearch: elasticsearchCourier,
  splunk_hec: splunkCourier,
  clickhouse: clickhouseCourier,
  slack: slackCourier,
  webhook: webhookCourier,
};
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A courier, and what it says. */
export function courier(given: Record<string, unknown>): { readonly courier: Courier; readonly said: Said } {
  const { context: mine, said } = context();
  const checked = options.parse({ url: "http://127.0.0.1:1", ...given });
  const make = checked.preset === undefined ? linesCourier : MAKERS[checked.preset];
  return { courier: make(checked, mine satisfies Context), said };
}

/** The records of events, as they would come out of the buffer. */
export function recordsOf(courier: Courier, events: readonly Event[]): BufferedRecord[] {
  const records: BufferedRecord[] = [];
  for (const bytes of courier.encode(events)) records.push(record(bytes, records.length));
  return records;
}

/** A record with the number as its id's end. */
export function record(bytes: Uint8Array, number: number): BufferedRecord {
  return { id: `00112233aabbccdd-${number}`, time: Date.UTC(2026, 10, 21), bytes: bytes.slice() };
}

/** The body as text. */
export function bodyOf({ body }: Pick<OutgoingRequest, "body">): string {
  return decoder.decode(body);
}

/** The body's lines as JSON. */
export function linesOf(request: Pick<OutgoingRequest, "body">): Record<string, unknown>[] {
  return bodyOf(request).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** An answer. */
export function answer(status: number, body: unknown = "", headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, body: encoder.encode(text), cut: false };
}

/** What a request's own judge says of an answer. */
export function verdict(request: OutgoingRequest, to: Answer): Verdict {
  if (request.judge === undefined) throw new Error("the request has no judge");
  return request.judge(to);
}
