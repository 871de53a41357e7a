import { describe, expect, it } from "vitest";
import { parsePipeline } from "../../../pipeline/config/load.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { builtins } from "../../../pipeline/builtins.ts";

/** What is said of a sink with these options, without the place. */
async function mistakes(options: Record<string, unknown>, env: Record<string, string> = {}): Promise<string[]> {
  const sink = { type: "http", url: "http://127.0.0.1:1", ...options };
  const text = JSON.stringify({ sources: { a: { type: "replay", path: "x" } }, sinks: { b: sink } });
  const { problems } = await parsePipeline(text, { file: "x.jsonc", registry: builtins(), env });
  return problems.filter(({ path }) => path.startsWith("sinks")).map((problem) =>
    formatProblem(problem).replace(/^.*?sinks\.b\.?/, "")
  );
}

describe("the options of http", () => {
  it.each([
    [{ preset: "elastic" }, /^preset: expected one of loki, .*; did you mean "elasticsearch"\?$/],
    [{ preset: "lokki" }, /^preset: expected one of .*; did you mean "loki"\?$/],
    [{ url: "localhost:3100" }, /^url: expected a URL such as "http:\/\/127\.0\.0\.1:9200"$/],
    [
      { preset: "splunk_hec" },
      /^token: missing; expected the token of an HTTP Event Collector, such as "\$\{SPLUNK_TOKEN\}"$/,
    ],
    [{ preset: "splunk_hec", token: "${NO_SUCH}" }, /^token: the environment variable NO_SUCH is not set/],
    [{ preset: "slack", min_severity: "hgh" }, /did you mean "high"\?$/],
    [{ min_severity: "high" }, /^min_severity: is for the preset slack, webhook only$/],
    [{ preset: "loki", table: "a.b" }, /^table: is for the preset clickhouse only, and the preset is loki$/],
    [{ preset: "loki", format: "ndjson" }, /^format: is not for presets, and the preset is loki$/],
    [{ preset: "loki", labels: { "a-b": "c" } }, /^labels\.a-b: "a-b" is no name of a label: letters, digits and _$/],
    [{ headers: { "a b": "c" } }, /^headers\.a b: "a b" is no name of a header$/],
    [{ preset: "clickhouse", table: "x; DROP TABLE y" }, /^table: expected a table such as mcpsonde\.events$/],
    [{ preset: "elasticsearch", index: "Logs" }, /^index: /],
    [{ token: "a", user: "b" }, /^user: expected either a token or a user$/],
    [{ password: "b" }, /^password: expected a user as well$/],
    [{ format: "template" }, /^template: missing; expected a text$/],
    [{ template: "x" }, /^template: expected "format": "template" as well$/],
    [
      { format: "template", template: '{"a": $${call.tol}, "b": $${sevrity}}' },
      /^template: column 9: call has no "tol"; did you mean "call\.tool"\?; column 27: no event has "sevrity"; did you mean "severity"\?$/,
    ],
  ])("are told what is wrong with %j", async (options, expected) => {
    const said = await mistakes(options);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(expected);
  });

  it.each([
    [{}],
    [{ preset: "splunk_hec", headers: { Authorization: "Splunk x" } }],
    [{ preset: "splunk_hec", token: "${TOKEN}", index: "main", sourcetype: "mcp" }],
    [{ preset: "clickhouse", user: "u", password: "p", table: "db.t" }],
    [{ format: "template", template: "$${kind} $${call.tool}", content_type: "text/plain", method: "PUT" }],
    [{ preset: "webhook", min_severity: "info", max_per_minute: 60, token: "x" }],
  ])("are fine: %j", async (options) => {
    expect(await mistakes(options, { TOKEN: "t" })).toEqual([]);
  });
});
