/**
 * `deno task bench [NAME...]`: runs the benchmarks one after another and prints the table for the README.
 *
 * @module
 */
import type { Figure } from "./_bench.ts";

const ALL = [
  "engine",
  "decode",
  "mcp",
  "http1",
  "sse",
  "http2",
  "sensitive",
  "detect",
  "redact",
  "live",
  "http_calls",
  "https",
  "cost",
  "rss",
  "day",
  "idle",
  "start",
  "proxy",
  "sensor_node",
  "sqlite",
  "query",
  "otlp",
  "disk_buffer",
  "serve",
  "top",
  "page",
];
const encoder = new TextEncoder();
const say = (line: string): void => void Deno.stdout.writeSync(encoder.encode(`${line}\n`));

async function run(name: string): Promise<readonly Figure[] | undefined> {
  const args = ["run", "-A", "--no-lock", "--quiet", new URL(`${name}.ts`, import.meta.url).href, "--json"];
  const child = await new Deno.Command(Deno.execPath(), { args, stdin: "null", stderr: "inherit" }).output();
  const text = new TextDecoder().decode(child.stdout).trim();
  try {
    const { figures } = JSON.parse(text.split("\n").at(-1) ?? "") as { figures?: readonly Figure[] };
    if (figures) return figures;
  } catch {
    // Not JSON: shown as it is.
  }
  if (text) say(`<!-- ${name}: ${text} -->`);
  return undefined;
}

const names = Deno.args.length > 0 ? Deno.args : ALL;
say("| what | measured | bare, same run | should be | |\n|---|---|---|---|---|");
let failed = false;
for (const name of names) {
  const figures = await run(name);
  for (const { what, measured, baseline = "", target, ok } of figures ?? []) {
    say(`| ${what} | ${measured} | ${baseline} | ${target ?? ""} | ${target === undefined ? "" : ok ? "✓" : "✗"} |`);
    failed ||= target !== undefined && !ok;
  }
}
if (failed) Deno.exitCode = 1;
