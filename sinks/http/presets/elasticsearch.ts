/**
 * The bulk API of Elasticsearch (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk) and OpenSearch
 * (https://docs.opensearch.org/latest/api-reference/document-apis/bulk/): documents of the Elastic Common Schema into a data
 * stream, which takes `create` only. The document's id is the record's, so that one that comes again is refused with 409.
 *
 * @module
 */
import type { Context } from "../../../pipeline/component.ts";
import type { Answer, Courier, HealthRequest, Verdict } from "../../../pipeline/delivery/mod.ts";
import type { Batch, Event } from "../../../pipeline/event.ts";
import { isObject } from "../../../pipeline/json.ts";
import { callToEcs, gapToEcs, sensorToEcs, toEcs } from "../../../pipeline/mapping/ecs.ts";
import type { JsonObject } from "../../../pipeline/mapping/row.ts";
import { shortened } from "../../../pipeline/shortened.ts";
import { Body, sizeOf } from "../body.ts";
import { indexes, request } from "../courier.ts";
import type { HttpOptions } from "../options.ts";
import { authorization, target } from "../target.ts";
import { jsonOf, judge, MEND_MS } from "../verdicts.ts";

/** Type, data set, namespace (https://www.elastic.co/docs/reference/fleet/data-streams): a template for `logs-*-*` is built in. */
const DATA_STREAM = "logs-mcpsonde-default";
/** What of the answer is wanted: of 100,000 documents the rest would be many megabytes. */
const FILTER = { filter_path: "errors,items.*.status,items.*.error.type,items.*.error.reason" };
const LONGEST_REASON = 300;
const encoder = new TextEncoder();

/** A record is a document. Calls that have ended, findings, gaps and what sensors tell become documents. */
export function elasticsearchCourier(options: HttpOptions, context: Context): Courier {
  const { method, index = DATA_STREAM, preset } = options;
  const url = target(options.url, `/${index}/_bulk`, FILTER);
  const headers = {
    "content-type": "application/x-ndjson",
    ...authorization(options, preset === "opensearch" ? "Bearer" : "ApiKey"),
  };
  let others = 0;
  return {
    format: "http-ecs/1",
    endpoint: url,
    *encode(batch: Batch) {
      for (const event of batch) {
        if (event.kind === "chunk") continue;
        const document = documentOf(event);
        if (document === undefined) others++;
        else yield encoder.encode(json(document));
      }
      if (others > 0) context.metrics.set("messages_left_out", others);
    },
    requests(records) {
      const body = new Body(sizeOf(records, 64));
      for (const { id, bytes } of records) body.text(`{"create":{"_id":"${id}"}}\n`).bytes(bytes).text("\n");
      const carried = indexes(records);
      return [request({ url, method, headers }, carried, body.done(), (answer) => judgeBulk(answer, carried))];
    },
    health: (): HealthRequest => ({
      url: new URL("/", url).href,
      method: "GET",
      headers,
      body: new Uint8Array(),
      // 403: a key that may write one data stream may not ask who is there
      judge: (answer) => answer.status === 403 ? { outcome: "done" } : judge(answer, []),
    }),
  };
}

function documentOf(event: Event): JsonObject | undefined {
  switch (event.kind) {
    case "mcp":
      return callToEcs(event);
    case "finding":
      return toEcs(event);
    case "gap":
      return gapToEcs(event);
    case "sensor":
      return sensorToEcs(event);
    default:
      return undefined;
  }
}

/** Without halves of surrogate pairs, which are no JSON to Elasticsearch. */
function json(document: JsonObject): string {
  const text = JSON.stringify(document);
  if (!text.includes("\\ud")) return text;
  return JSON.stringify(document, (_, value) => typeof value === "string" ? value.toWellFormed() : value);
}

/**
 * An answer of 200 says of each document, in their order, what became of it. 409 is one that is there already; 429, 5xx and
 * what the user may mend (401, 403, 404) is sent again; other 4xx is refused for good, mostly as it does not fit the mapping.
 */
export function judgeBulk(answer: Answer, records: readonly number[]): Verdict {
  if (answer.status < 200 || answer.status >= 300) return judge(answer, records);
  const result = jsonOf(answer);
  if (!isObject(result)) {
    if (answer.cut) return { outcome: "too_large", reason: "the answer is too long" };
    return { outcome: "retry", reason: "the answer is no JSON; check the URL", afterMs: MEND_MS };
  }
  if (result["errors"] === false) return { outcome: "done" };
  const { items } = result;
  if (!Array.isArray(items) || items.length !== records.length) {
    return {
      outcome: "retry",
      reason: "the answer does not say what became of each document; check the URL",
      afterMs: MEND_MS,
    };
  }
  const retry: number[] = [], rejected: { record: number; reason: string }[] = [];
  let retryReason: string | undefined, isToMend = false;
  for (const [k, record] of records.entries()) {
    const { status, reason } = itemOf(items[k]);
    if (status >= 200 && status < 300 || status === 409) continue;
    const mendable = status === 401 || status === 403 || status === 404;
    if (mendable || status === 429 || status >= 500) {
      retry.push(record);
      retryReason ??= reason;
      isToMend ||= mendable;
    } else rejected.push({ record, reason });
  }
  if (retry.length === 0 && rejected.length === 0) return { outcome: "done" };
  return { outcome: "partly", retry, retryReason, rejected, afterMs: isToMend ? MEND_MS : undefined };
}

/** `{"create":{"status":400,"error":{"type":"…","reason":"…"}}}` */
function itemOf(item: unknown): { readonly status: number; readonly reason: string } {
  const inside: unknown = isObject(item) ? Object.values(item)[0] : undefined;
  if (!isObject(inside) || typeof inside["status"] !== "number") return { status: 500, reason: "no status" };
  const { status, error } = inside as { status: number; error?: unknown };
  const { type, reason } = isObject(error) ? error : {};
  return {
    status,
    reason: shortened(`status ${status}: ${String(type ?? "")} ${String(reason ?? "")}`.trim(), LONGEST_REASON),
  };
}
