/**
 * The formats: events as the JSON lines of docs/jsonl.md, each with its record's id, or as a template makes them.
 *
 * @module
 */
import type { BufferedRecord, Courier, OutgoingRequest } from "../../pipeline/delivery/mod.ts";
import type { Context } from "../../pipeline/component.ts";
import { EventLines } from "../../pipeline/lines/event_lines.ts";
import { Body, sizeOf } from "./body.ts";
import { Chosen } from "./chosen.ts";
import { isJson } from "./content_type.ts";
import { type Envelope, idempotencyKey, indexes, request } from "./courier.ts";
import type { HttpOptions } from "./options.ts";
import { authorization } from "./target.ts";
import { parseTemplate, type Template } from "./template.ts";
import { judge } from "./verdicts.ts";

/** Lines as the `jsonl` sink writes them by default. */
const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
/** Bytes that an id adds to a line. */
const ID_BYTES = 48;
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Puts the records of one request into its body. */
type Format = (records: readonly BufferedRecord[]) => Uint8Array;

/** Sends lines in a format, or what a template makes of them. */
export function linesCourier(options: HttpOptions, context: Context): Courier {
  const { url, method, format = "ndjson", content_type: given } = options;
  const type = given ?? (format === "ndjson" ? "application/x-ndjson" : "application/json");
  const envelope: Envelope = {
    url,
    method,
    headers: { "content-type": type, ...authorization(options, "Bearer") },
  };
  const template = format === "template" ? templateOf(options, type) : undefined;
  const join = template === undefined ? undefined : options.template_join ?? "none";
  const chosen = new Chosen(context.metrics), lines = new EventLines(PLAIN);
  const together = template === undefined ? FORMATS[format === "json_array" ? "array" : "lines"] : undefined;
  const all = (records: readonly BufferedRecord[], body: Format): OutgoingRequest => {
    const carried = indexes(records);
    return request(envelope, carried, body(records), (answer) => judge(answer, carried));
  };
  return {
    format: "http-lines/1",
    endpoint: url,
    *encode(batch) {
      for (const event of chosen.of(batch)) yield lines.line(event);
      lines.forget();
    },
    requests(records) {
      if (template === undefined) return [all(records, together!)];
      if (join !== "none") return [all(records, (some) => joined(some, template, join === "array"))];
      return records.map((record, k) => {
        const headers = { ...envelope.headers, ...idempotencyKey(record.id) };
        const body = encoder.encode(filled(template, record));
        return request({ ...envelope, headers }, [k], body, (answer) => judge(answer, [k]));
      });
    },
  };
}

const FORMATS: Readonly<Record<"array" | "lines", Format>> = {
  array(records) {
    const body = new Body(sizeOf(records, ID_BYTES));
    records.forEach(({ bytes, id }, k) => body.text(k === 0 ? "[" : ",").object(bytes, "record_id", id));
    return body.text("]").done();
  },
  lines(records) {
    const body = new Body(sizeOf(records, ID_BYTES));
    for (const { bytes, id } of records) body.object(bytes, "record_id", id).text("\n");
    return body.done();
  },
};

function joined(records: readonly BufferedRecord[], template: Template, isArray: boolean): Uint8Array {
  const made = records.map((record) => filled(template, record));
  return encoder.encode(isArray ? `[${made.join(",")}]` : made.map((line) => `${line}\n`).join(""));
}

function filled(template: Template, { bytes, id }: BufferedRecord): string {
  return template.render(decoder.decode(bytes), id);
}

/** The options have been checked: a template that cannot be read does not come here. */
function templateOf({ template = "" }: HttpOptions, type: string): Template {
  const parsed = parseTemplate(template, isJson(type));
  if (parsed.template === undefined) throw new Error("the template cannot be used");
  return parsed.template;
}
