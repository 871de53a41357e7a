/**
 * Splunk's HTTP Event Collector
 * (https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/format-events-for-http-event-collector):
 * JSON objects one after the other, each an event with its time, host and indexed fields.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Context } from "../../../pipeline/component.ts";
import {
  type Answer,
  type Courier,
  type HealthRequest,
  reasonOf,
  type Verdict,
} from "../../../pipeline/delivery/mod.ts";
import { isObject } from "../../../pipeline/json.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { Body, sizeOf } from "../body.ts";
import { Chosen } from "../chosen.ts";
import { indexes, request } from "../courier.ts";
import { factsOf } from "../facts.ts";
import type { HttpOptions } from "../options.ts";
import { authorization, target } from "../target.ts";
import { jsonOf, judge, mend } from "../verdicts.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
const PATH = "/services/collector/event";
const HEALTH = "/services/collector/health";
/** The answer's codes (…/http-event-collector-error-codes): a wrong index; a channel is missing. */
const WRONG_INDEX = 7, NO_CHANNEL = 10, WRONG_CHANNEL = 11;

/** A record is `"time":…,"event":{…},"fields":{…` with nothing around it: host, index and id are added when it is sent. */
export function splunkCourier(options: HttpOptions, context: Context): Courier {
  const { method, index, sourcetype = "_json" } = options;
  const url = target(options.url, PATH);
  const headers = {
    "content-type": "application/json",
    // a token with acknowledgement wants one, to others it means nothing
    "x-splunk-request-channel": randomUUID(),
    ...authorization(options, "Splunk"),
  };
  const common = JSON.stringify({ host: hostname(), source: "mcpsonde", sourcetype, index }).slice(0, -1);
  const scratch = new Body();
  const chosen = new Chosen(context.metrics), lines = new EventLines(PLAIN);
  return {
    format: "http-hec/1",
    endpoint: url,
    *encode(batch) {
      for (const event of chosen.of(batch)) {
        const fields = Object.entries({ kind: event.kind, ...factsOf(event) }).map((
          [name, value],
        ) => [name, String(value)]);
        const time = (Math.round(event.time * 1000) / 1e6).toFixed(6);
        yield scratch.clear().text(`"time":${time},"event":`).bytes(lines.line(event))
          .text(`,"fields":${JSON.stringify(Object.fromEntries(fields)).slice(0, -1)}`).done();
      }
      lines.forget();
    },
    requests(records) {
      const body = new Body(sizeOf(records, common.length + 80));
      for (const { id, bytes } of records) body.text(`${common},`).bytes(bytes).text(`,"record_id":"${id}"}}\n`);
      const carried = indexes(records);
      return [request({ url, method, headers }, carried, body.done(), (answer) => judgeSplunk(answer, carried))];
    },
    health: (): HealthRequest => ({
      url: new URL(HEALTH, url).href,
      method: "GET",
      headers,
      body: new Uint8Array(),
      judge: (answer) => judge(answer, []),
    }),
  };
}

/**
 * An event that is no good is told by its number (`invalid-event-number`, from 0). Whether those before it were taken is not
 * documented: all others are sent again, and have their `record_id`.
 */
export function judgeSplunk(answer: Answer, records: readonly number[]): Verdict {
  if (answer.status !== 400) return judge(answer, records);
  const result = jsonOf(answer);
  const { code, "invalid-event-number": number } = isObject(result) ? result : {};
  if (code === WRONG_INDEX) return mend(answer, "check which indexes the token may write to");
  if (code === NO_CHANNEL || code === WRONG_CHANNEL) return mend(answer, "turn acknowledgement off for this token");
  const bad = typeof number === "number" ? records[number] : undefined;
  if (bad === undefined) return judge(answer, records);
  const reason = reasonOf(answer);
  if (records.length === 1) return { outcome: "rejected", reason };
  return {
    outcome: "partly",
    retry: records.filter((record) => record !== bad),
    retryReason: reason,
    rejected: [{ record: bad, reason }],
  };
}
