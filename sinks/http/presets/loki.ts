/**
 * Loki's push API (https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs): streams of one set of labels
 * each, of which few may exist, so that what peers choose stands in structured metadata
 * (https://grafana.com/docs/loki/latest/get-started/labels/structured-metadata/).
 *
 * Loki drops an entry whose labels, time and text are those of the one before: most repeats do no harm, and others have the
 * same `record_id`.
 *
 * @module
 */
import { hostname } from "node:os";
import type { Context } from "../../../pipeline/component.ts";
import type { Answer, BufferedRecord, Courier, HealthRequest, Verdict } from "../../../pipeline/delivery/mod.ts";
import { judgeByStatus, reasonOf } from "../../../pipeline/delivery/mod.ts";
import type { ChunkEvent, Event, Severity } from "../../../pipeline/event.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { Body, sizeOf } from "../body.ts";
import { Chosen } from "../chosen.ts";
import { request } from "../courier.ts";
import { factsOf } from "../facts.ts";
import type { HttpOptions } from "../options.ts";
import { authorization, target } from "../target.ts";
import { judge, mend } from "../verdicts.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
const PATH = "/loki/api/v1/push";
const TAB = 0x09;
/**
 * The levels that Loki knows of itself (https://grafana.com/docs/loki/latest/get-started/labels/#default-labels-for-all-users,
 * `detected_level`).
 */
const LEVELS: Readonly<Record<Severity, string>> = {
  info: "info",
  low: "info",
  medium: "warn",
  high: "error",
  critical: "critical",
};
const decoder = new TextDecoder();

/**
 * A record is `KIND LEVEL TIME METADATA` and the event's line, with tabs between them: labels, nanoseconds and a JSON object.
 */
export function lokiCourier(options: HttpOptions, context: Context): Courier {
  const { method, structured_metadata: metadata = true, labels = {} } = options;
  const url = target(options.url, PATH);
  const envelope = {
    url,
    method,
    headers: { "content-type": "application/json", ...authorization(options, "Bearer") },
  };
  const chosen = new Chosen(context.metrics), lines = new EventLines(PLAIN);
  const scratch = new Body();
  const common = { service_name: "mcpsonde", host: hostname() };
  return {
    format: "http-loki/1",
    endpoint: url,
    *encode(batch) {
      for (const event of chosen.of(batch)) {
        yield scratch.clear().text(headOf(event)).bytes(lines.line(event)).done();
      }
      lines.forget();
    },
    requests(records) {
      const carried: number[] = [];
      const streams = new Map<string, Entry[]>();
      for (const [k, record] of records.entries()) {
        const entry = entryOf(record);
        if (entry === undefined) continue;
        carried.push(k);
        const found = streams.get(entry.stream);
        if (found === undefined) streams.set(entry.stream, [entry]);
        else found.push(entry);
      }
      if (carried.length === 0) return [];
      const body = new Body(sizeOf(records, 64)).text('{"streams":[');
      let first = true;
      for (const [stream, entries] of streams) {
        const [kind = "", level = ""] = stream.split("\t");
        const all = { ...common, kind, ...(level === "" ? {} : { level }), ...labels };
        body.text(`${first ? "" : ","}{"stream":${JSON.stringify(all)},"values":[`);
        entries.forEach((entry, k) => body.text(`${k === 0 ? "" : ","}${valueOf(entry, metadata)}`));
        body.text("]}");
        first = false;
      }
      return [request(envelope, carried, body.text("]}").done(), (answer) => judgeLoki(answer, carried))];
    },
    health: (): HealthRequest => ({
      url: new URL("/ready", url).href,
      method: "GET",
      headers: envelope.headers,
      body: new Uint8Array(),
      // a gateway before Loki may know of no such path: it answers, which is all that can be asked
      judge: (answer) => answer.status >= 500 ? judgeByStatus(answer) : { outcome: "done" },
    }),
  };
}

interface Entry {
  readonly id: string;
  readonly stream: string;
  readonly time: string;
  readonly metadata: string;
  readonly line: string;
}

function headOf(event: Exclude<Event, ChunkEvent>): string {
  const level = event.kind === "finding" ? LEVELS[event.severity] : event.kind === "gap" ? "warn" : "";
  const facts = Object.entries(factsOf(event)).map(([name, value]) => [name, String(value)]);
  return `${event.kind}\t${level}\t${nanoseconds(event.time)}\t${JSON.stringify(Object.fromEntries(facts))}\t`;
}

function entryOf({ id, bytes }: BufferedRecord): Entry | undefined {
  const tabs: number[] = [];
  for (let at = bytes.indexOf(TAB); at >= 0 && tabs.length < 4; at = bytes.indexOf(TAB, at + 1)) tabs.push(at);
  const [, level, time, line] = tabs;
  if (level === undefined || time === undefined || line === undefined) return undefined;
  const text = (from: number, to?: number) => decoder.decode(bytes.subarray(from, to));
  return {
    id,
    stream: text(0, level),
    time: text(level + 1, time),
    metadata: text(time + 1, line),
    line: text(line + 1),
  };
}

function valueOf({ id, time, line, metadata }: Entry, withMetadata: boolean): string {
  const more = withMetadata ? `,{"record_id":"${id}"${metadata === "{}" ? "" : `,${metadata.slice(1, -1)}`}}` : "";
  return `["${time}",${JSON.stringify(line)}${more}]`;
}

/** Nanoseconds since the epoch, of which a double knows some 250. */
function nanoseconds(time: number): string {
  return `${Math.max(0, Math.round(time * 1000))}000`;
}

/**
 * 204 is done. Of a request in which entries are refused (too old, too long) Loki takes the others, and answers 400 with a
 * text in which one reason stands, and how many: `total ignored: 2 out of 10`.
 */
export function judgeLoki(answer: Answer, records: readonly number[]): Verdict {
  if (answer.status !== 400) return judge(answer, records);
  const text = decoder.decode(answer.body.subarray(0, 8192));
  if (/structured metadata.{0,100}(?:disallowed|not allowed)/i.test(text)) {
    return mend(answer, 'set "structured_metadata" to false, or allow it in Loki');
  }
  const ignored = /total ignored: (\d{1,9}) out of (\d{1,9})/.exec(text);
  if (ignored !== null && ignored[1] === ignored[2] && Number(ignored[1]) === records.length) {
    return { outcome: "rejected", reason: reasonOf(answer) };
  }
  return judge(answer, records);
}
