/**
 * `docs/detect.md`: the detectors from their declarations, and what they find in a recording.
 *
 * @module
 */
import { main } from "../commands/_main.ts";
import { check } from "../commands/check.ts";
import { defineTransform } from "../pipeline/component.ts";
import { optionRows, table } from "../pipeline/reference.ts";
import type { DetectorDeclaration, Rule } from "../transforms/detect/detector.ts";
import { DETECTORS } from "../transforms/detect/detectors.ts";

const CAPTURE = "examples/hostile.capture";

/** The page in Markdown. */
export async function detectPage(): Promise<string> {
  return `${[intro(await shown()), overview(), ...DETECTORS.map(section)].join("\n\n")}\n`;
}

/** What `mcpsonde check` prints of the recording. */
async function shown(): Promise<string> {
  let text = "";
  const output = { isTTY: false, write: (piece: string) => void (text += piece) };
  const before = Deno.cwd();
  Deno.chdir(new URL("..", import.meta.url));
  try {
    await main({ check }, ["check", CAPTURE], { process: { stdout: output, stderr: output, env: {} } });
  } finally {
    Deno.chdir(before);
  }
  return text;
}

function overview(): string {
  const rows = DETECTORS.map(({ name, summary, rules }) =>
    `| [\`${name}\`](#${name}) | ${summary} | ${[...new Set(rules.map(({ severity }) => severity))].join(", ")} |`
  );
  return ["## All detectors", "", "| detector | what it finds | severity |", "| --- | --- | --- |", ...rows].join("\n");
}

function section(detector: DetectorDeclaration): string {
  const { name, summary, state, rules } = detector;
  const rows = optionRows(defineTransform({ type: name, summary, options: detector.options, create: () => pass }));
  return [
    `### ${name}`,
    `${summary}.`,
    ruleTable(rules),
    `It remembers: ${state}`,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ].join("\n\n");
}

function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ code, severity, summary, category, references }) =>
    `| \`${code}\` | ${severity} | ${summary} | ${category} | ${references.join("<br>")} |`
  );
  return ["| rule | severity | what it says | category | see |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function pass<T>(input: T): T {
  return input;
}

const intro = (example: string) =>
  `# Detectors

The transform [\`detect\`](components/transform-detect.md) looks for what is hostile, leaking or stuck in the traffic, and
puts a finding after the event that it was found in. It is part of the default pipelines. All of it works offline: nothing
that was seen is sent anywhere, and no model is asked.

\`mcpsonde check\` runs the detectors over a recording and exits with 4 if a finding is \`high\` or worse
([check](cli.md#checking)). This is a scripted attack that comes with mcpsonde, made by
[scripts/hostile_capture.ts](../scripts/hostile_capture.ts):

\`\`\`console
$ mcpsonde check ${CAPTURE}
${example.trimEnd()}
\`\`\`

In a pipeline file it stands after \`mcp\`, which tells it what belongs together, and before \`redact\`, as it has to see what
leaks; \`redact\` then covers findings too. [examples/guard.jsonc](../examples/guard.jsonc) is a whole file.

\`\`\`jsonc
{
  "type": "detect",
  "except": ["latency_outlier"], // or "only"
  "severity": { "mcp.tool.changed": "critical", "mcp.call.slow": "off" }, // whatever the detector says
  "detectors": { "hung_call": { "after_s": 120 }, "first_use": false }
}
\`\`\`

A server can flood: beyond \`max_findings_per_minute\` of one rule in one session, findings are counted and told in one.
What a detector remembers is bounded, and each says by what. A detector that fails on something does so alone: a gap event
tells of it, once.

## What a finding has

| field | meaning |
| --- | --- |
| \`rule\` | stable name: \`mcp.tool.changed\` |
| \`severity\` | \`info\`, \`low\`, \`medium\`, \`high\` or \`critical\`, as in OCSF |
| \`message\` | one sentence for a person |
| \`evidence\` | the text that caused it, shortened |
| \`detector\`, \`category\`, \`target\` | who found it, which kind of risk it is, what was judged |
| \`score\` | how sure the detector is, 0 to 1 |
| \`references\` | OWASP Top 10 for LLM applications and for MCP, MITRE ATLAS, CWE |
| \`details\` | more: a diff, numbers, the other server |

The fields follow OpenTelemetry's proposal for guardrails. [pipeline/mapping](../pipeline/mapping) has them in OCSF
(Detection Finding, Data Security Finding), ECS and \`gen_ai.guardrail.*\`.`;
