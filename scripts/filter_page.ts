/**
 * `docs/filter.md`: the filter language for its users, its fields from their declarations.
 *
 * @module
 */
import type { Field } from "../pipeline/query/field.ts";
import { UNITS } from "../pipeline/query/_literal.ts";
import { FIELD_GROUPS } from "../pipeline/query/fields.ts";

/** The page in Markdown. */
export function filterPage(): string {
  return [INTRO, ...FIELD_GROUPS.map(({ title, fields }) => `### ${title}\n\n${table(fields)}`), REST].join("\n\n") +
    "\n";
}

function table(fields: readonly Field[]): string {
  const rows = fields.map((field) => [`\`${field.name}\``, kind(field), field.summary, `\`${field.example}\``]);
  return [["field", "value", "what it is", "example"], ["---", "---", "---", "---"], ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function kind(field: Field): string {
  const ordered = "ordered" in field ? ", ordered" : "";
  switch (field.type) {
    case "name":
      return field.names.map((name) => `\`${name}\``).join(" ") + ordered;
    case "search":
      return "text anywhere in it";
    default:
      return `${field.type}${ordered}`;
  }
}

const units = (type: keyof typeof UNITS) => [...UNITS[type].keys()].map((unit) => `\`${unit}\``).join(", ");

const INTRO = `# Filters

One small language says which events are wanted: on the command line (\`--filter\`), and in the pipeline file (the
transforms [\`filter\`](components/transform-filter.md), [\`sample\`](components/transform-sample.md) and
[\`rate_limit\`](components/transform-rate_limit.md)).

\`\`\`sh
sudo mcpsonde --filter 'tool:search* latency>500ms'
mcpsonde replay bug.capture --filter 'status:error server:github*'
\`\`\`

\`\`\`jsonc
{ "type": "filter", "where": "tool:search* latency>500ms" }
{ "type": "filter", "drop": "method:(ping|notifications/progress)" }
\`\`\`

This is what it does to [the recording of the demo](../examples), which you have too:

\`\`\`console
$ mcpsonde replay examples/demo.capture --no-summary --width 118 --filter 'tool:forecast latency>100ms'
18:08:17.363  client[18255] ← weather[18244]  http   ✓ tools/call #1  521 ms  "sun, 24 °C in Zürich"
$ mcpsonde replay examples/demo.capture --no-summary --width 118 --filter 'zürich or "to clear"'
18:08:16.843  client[18255] → weather[18244]  http   ▸ tools/call #1  forecast(city="Zürich")
18:08:17.363  client[18255] ← weather[18244]  http   ✓ tools/call #1  521 ms  "sun, 24 °C in Zürich"
18:08:18.710  client[18255] → weather[18244]  https  ▸ tools/call #2  forecast(city="␛[2J, to clear your screen")
18:08:18.717  client[18255] ← weather[18244]  https  ✗ tools/call #2  6.8 ms  "no city: ␛[2J, to clear your screen"
$ mcpsonde replay examples/demo.capture --no-summary --width 118 --filter 'tool:forecast status:tool_error dir:response'
18:08:18.717  client[18255] ← weather[18244]  https  ✗ tools/call #2  6.8 ms  "no city: ␛[2J, to clear your screen"
\`\`\`

## Conditions

| written | means |
| --- | --- |
| \`tool:search\` | the tool's name is \`search\`, without regard to case |
| \`tool:search*\` \`name:file:///*.ts\` \`tool:get_?\` | \`*\` is any text, \`?\` one character |
| \`tool:"a b"\` \`tool:a\\ b\` \`tool:"*"\` | in quotes everything is text; elsewhere \`\\\` makes text of the next character |
| \`method:(tools/call\\|tools/list)\` | one of several |
| \`latency>500ms\` \`size<=64KiB\` \`severity>=high\` | \`>\` \`>=\` \`<\` \`<=\`, with spaces around them if you like |
| \`http:400..499\` \`latency:100ms..2s\` | a range; both ends belong to it |
| \`time:18:08\` \`time:18:08:15\` \`time:2026-11-21\` | that minute, second or day; with an offset (\`2026-11-21T18:08Z\`) elsewhere's time, else local |
| \`refund\` \`"foo bar"\` | a bare word is text that stands anywhere in the message |
| \`tool:a status:error\` | both: conditions side by side are joined by \`and\` |
| \`tool:a or tool:b\` | either; \`or\` binds less than \`and\` |
| \`-tool:a\` \`not tool:a\` \`tool!=a\` | not |
| \`(tool:a or tool:b) -status:ok\` | parentheses |

Units of durations are ${units("duration")}, and milliseconds without one; of sizes
${units("size")}, and bytes without one.

A mistake is shown where it stands:

\`\`\`console
$ mcpsonde --filter 'tol:search* latency>500q (a'
mcpsonde: --filter: 3 mistakes in the expression
  tol:search* latency>500q (a
  ^^^                 ^^^^ ^
  column 1: unknown field "tol"; did you mean "tool"?
  column 21: expected a duration such as 500ms, 1.5s, 2m or 30us, got 500q
  column 26: this "(" is never closed
mcpsonde: see mcpsonde --help
\`\`\`

## Fields

A response has \`method\`, \`tool\` and \`name\` of its request, so that \`tool:search\` finds both; progress and whatever
else belongs to a call has its \`tool\` and \`name\` as well. All other fields are the message's own: \`latency\`, \`error\`
and \`size\` of a response are not those of its request. A message over HTTP has the fields of its exchange: \`host\`,
\`path\`, \`http\`. A finding has the fields of the message, call and session that it is about.`;

const REST = `## What an event does not have

A condition on something that an event does not have does not hold, and its negation does: a request has no latency, so
\`latency>1s\` does not find it, and \`-latency>1s\` does.

\`filter\` and \`--filter\` make one exception, so that nothing is lost in silence: a **finding** or **gap** stays unless
what is known of it speaks against it. A ring buffer that was full may have lost calls of any tool, so \`tool:search\` keeps
the gap that tells of it, and a finding about no tool in particular; a finding about another tool goes. \`kind:mcp\` leaves
out all of them, \`-kind:gap\` gaps only.

## When it is judged

Each event is judged when it comes. A call that is still going on is \`pending\`: live, \`status:error\` finds the response
that failed, and not the request, which was shown long before. A recording is read faster than it was made, so there the
request mostly has its call's status already. \`status:error dir:response\` is the same in both.

Behind \`redact\`, where \`--filter\` stands too, secrets cannot be looked for.

## Filters in the pipeline file

\`\`\`jsonc
"transforms": [
  { "type": "http" }, { "type": "jsonrpc" }, { "type": "mcp" },
  { "type": "filter", "where": ["tool:search*", "status:error"], "drop": "pid:412" }
]
\`\`\`

An array of expressions stands for any of them. A filter belongs behind \`jsonrpc\`, as before it there are bytes only, and
behind \`mcp\`, which knows servers, sessions and calls; detectors see what is in front of them, so it mostly comes last. A
sink may have its own: \`"sinks": { "file": { "type": "jsonl", "path": "slow.jsonl", "transforms": [{ "type": "filter",
"where": "latency>1s" }] } }\`. What is left out is counted as \`filtered\` in the pipeline's metrics.

## Sampling and limits

\`\`\`jsonc
{ "type": "sample", "rate": 0.1, "keep": "status:(error|cancelled|hung) or latency>1s" }
{ "type": "rate_limit", "events_per_second": 100, "by": ["server"] }
\`\`\`

[\`sample\`](components/transform-sample.md) keeps one call in ten, each with all its messages, the first of each tool in
each minute, and every call that \`keep\` matches: a call that would be left out is held until it ends, and passes as a
whole, a little later than it came, if it failed or was slow. [\`rate_limit\`](components/transform-rate_limit.md) lets so
many events of each key pass; a \`gap\` event with the reason \`rate_limited\` tells how many it left out, at most every ten
seconds. Findings and gaps pass both. [examples/failures.jsonc](../examples/failures.jsonc) has all three.`;
