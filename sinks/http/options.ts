/**
 * The sink's options, and which of them go together.
 *
 * @module
 */
import { z } from "zod";
import { expectedOneOf } from "../../pipeline/config/nearest.ts";
import { deliveryOptions } from "../../pipeline/delivery/options.ts";
import { SEVERITIES } from "../../pipeline/event.ts";
import { isJson } from "./content_type.ts";
import { describeProblems, parseTemplate } from "./template.ts";

/** Products whose payload is known. */
export const PRESETS = [
  "loki",
  "elasticsearch",
  "opensearch",
  "splunk_hec",
  "clickhouse",
  "slack",
  "webhook",
] as const;
/** One of them. */
export type Preset = typeof PRESETS[number];

const FORMATS = ["json_array", "ndjson", "template"] as const;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A table's name, with its database's: it goes into a statement as it is. */
const TABLE = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?$/;

const shape = {
  url: z.url({ protocol: /^https?$/, error: 'expected a URL such as "http://127.0.0.1:9200"' }).describe(
    "Where to. With a preset a URL without a path gets the product's: `http://127.0.0.1:3100` is enough for Loki.",
  ).meta({ examples: ["http://127.0.0.1:3100"] }),
  preset: z.enum(PRESETS, { error: ({ input }) => wrongPreset(input) }).optional().describe(
    "A product whose payload is made as it documents it: docs/http-sink.md.",
  ),
  format: z.enum(FORMATS).optional().describe(
    "Without a preset: the events of a batch as one JSON array, as a line each (`ndjson`, the default), or as `template` " +
      "makes them. Events are written as the `jsonl` sink writes them, with the member `record_id`, which is the same " +
      "when an event is sent again.",
  ),
  method: z.enum(["POST", "PUT"]).default("POST").describe("The HTTP method."),
  template: z.string().min(1).optional().describe(
    "With `format` `template`: text with `${call.tool}` for values of the event's JSON line. In a pipeline file write " +
      "`$${call.tool}`, or keep the text in a file: `${file:./alert.json}`.",
  ),
  template_join: z.enum(["none", "array", "lines"]).optional().describe(
    "How several filled-in templates are sent: each by itself (`none`, the default), as a JSON array, or a line each.",
  ),
  content_type: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[ -~]+$/, "expected a media type such as text/plain")
    .optional().describe(
      "The body's media type without a preset; by default `application/json`, of lines `application/x-ndjson`.",
    ),
  token: z.string().min(1).optional().describe(
    "Sent as `Authorization: Bearer TOKEN`; to Splunk as `Splunk TOKEN`, to Elasticsearch as `ApiKey TOKEN`.",
  ),
  user: z.string().min(1).optional().describe("User name for HTTP's Basic authentication."),
  password: z.string().optional().describe("The user's password."),
  labels: z.record(z.string().regex(LABEL, "is no name of a label: letters, digits and _"), z.string()).optional()
    .describe(
      "Loki: labels of all streams, besides `service_name`, `host`, `kind` and, of findings, `level`.",
    ),
  structured_metadata: z.boolean().optional().describe(
    "Loki: send method, tool, server and the like as structured metadata (Loki 3, schema v13). By default true.",
  ),
  index: z.string().min(1).regex(/^[^\s/?#"*\\<>|,A-Z]+$/, "is no name of an index").optional().describe(
    "Elasticsearch and OpenSearch: the data stream, by default `logs-mcpsonde-default`. Splunk: the index, by default the " +
      "token's.",
  ),
  sourcetype: z.string().min(1).optional().describe("Splunk: the source type, by default `_json`."),
  table: z.string().regex(TABLE, "expected a table such as mcpsonde.events").optional().describe(
    "ClickHouse: the table, by default `mcpsonde.events`, as docs/clickhouse.sql makes it.",
  ),
  min_severity: z.enum(SEVERITIES).optional().describe(
    "Slack and webhook: findings below this severity are not sent. By default `high`.",
  ),
  max_per_minute: z.int().min(1).max(60).optional().describe(
    "Slack and webhook: messages a minute, by default 10. Findings beyond it are counted, and told of in one message.",
  ),
  ...deliveryOptions,
  gzip: z.boolean().optional().describe(
    "Compress what is sent. By default for Loki, Elasticsearch, OpenSearch, Splunk and ClickHouse, which take it.",
  ),
} as const;

/** Options that only some presets have, and for those of formats an empty list. */
const ONLY: Readonly<Partial<Record<keyof typeof shape, readonly Preset[]>>> = {
  format: [],
  template: [],
  template_join: [],
  content_type: [],
  labels: ["loki"],
  structured_metadata: ["loki"],
  index: ["elasticsearch", "opensearch", "splunk_hec"],
  sourcetype: ["splunk_hec"],
  table: ["clickhouse"],
  min_severity: ["slack", "webhook"],
  max_per_minute: ["slack", "webhook"],
};

/** All of them. */
export const options = z.strictObject(shape).superRefine((given, { addIssue }) => {
  const mistake = (path: string, message: string) => addIssue({ code: "custom", path: [path], message });
  const { preset, format, template, token, user } = given;
  for (const [name, presets] of Object.entries(ONLY)) {
    if (given[name as keyof typeof given] === undefined) continue;
    if (presets.length === 0 ? preset === undefined : preset !== undefined && presets.includes(preset)) continue;
    const what = presets.length === 0 ? "is not for presets" : `is for the preset ${presets.join(", ")} only`;
    mistake(name, preset === undefined ? what : `${what}, and the preset is ${preset}`);
  }
  if (preset === "splunk_hec" && token === undefined && !hasAuthorization(given.headers)) {
    mistake("token", 'missing; expected the token of an HTTP Event Collector, such as "${SPLUNK_TOKEN}"');
  }
  if (token !== undefined && user !== undefined) mistake("user", "expected either a token or a user");
  if (given.password !== undefined && user === undefined) mistake("password", "expected a user as well");
  if (preset !== undefined) return;
  if (format === "template" && template === undefined) mistake("template", "missing; expected a text");
  if (format !== "template" && template !== undefined) mistake("template", 'expected "format": "template" as well');
  if (format !== "template" && given.template_join !== undefined) {
    mistake("template_join", 'expected "format": "template" as well');
  }
  if (format !== "template" || template === undefined) return;
  const { problems } = parseTemplate(template, isJson(given.content_type ?? "application/json"));
  if (problems !== undefined) mistake("template", describeProblems(template, problems));
});

/** `elastic` is as good as `elasticsearc`. */
function wrongPreset(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  const wanted = given.toLowerCase();
  const begun = wanted.length < 3 ? undefined : PRESETS.find((name) => name.startsWith(wanted));
  if (begun === undefined) return expectedOneOf(given, PRESETS);
  return `expected one of ${PRESETS.join(", ")}; did you mean "${begun}"?`;
}

/** Checked. */
export type HttpOptions = z.output<typeof options>;

function hasAuthorization(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}
