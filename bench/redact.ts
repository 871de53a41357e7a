/**
 * How fast messages go through the built-in rules of `redact`: `replay` → `jsonrpc` → `redact` → `jsonl` through the
 * engine, against the same without `redact`, over messages that have nothing to do with them and over messages that each
 * hold a secret, or what looks like one. Each run is a process of its own on one core, runs alternate, the best of each
 * counts. `deno run -A bench/redact.ts [--json]`
 */
import { join } from "node:path";
import { output, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 1_000_000, ROUNDS = 5;

/** What each message gets as one more member of its last object, or in a text: one of these by turns. */
const SECRETS: readonly ((n: number) => string)[] = [
  (n) => `"password":"correct horse ${n % 1000}"`,
  (n) => `"note":"Authorization: Bearer ${token(n % 1000, 40)}"`,
  (n) => `"env":"GITHUB_TOKEN=ghp_${token(n % 1000, 36)}"`,
  (n) => `"log":"{\\"api_key\\":\\"${token(n % 1000, 24)}\\"}"`,
  () => `"about":"the cookie banner, and what secrets are"`, // looks like it and is none
  (n) => `"url":"postgres://app:${token(n % 1000, 12)}@db.internal/app"`,
];

/** The same text for the same number. */
function token(n: number, length: number): string {
  let text = "";
  for (let seed = n * 2654435761 + 1; text.length < length; seed = (seed * 1103515245 + 12345) >>> 0) {
    text += (seed >>> 8).toString(36);
  }
  return `${text.slice(0, length - 1)}7`;
}

/** One core if `taskset` is there: the last one. */
async function pinned(...command: string[]): Promise<string> {
  const cores = navigator.hardwareConcurrency;
  try {
    return await output("taskset", "-c", String(cores - 1), ...command);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await output(command[0]!, ...command.slice(1));
  }
}

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-redact-" });
try {
  const captures = { none: join(folder, "none.capture"), all: join(folder, "all.capture") };
  writeCapture(captures.none, MESSAGES);
  writeCapture(captures.all, MESSAGES, (line, n) => {
    const secret = SECRETS[n % SECRETS.length]!(n);
    return line.replace(
      /^\{"jsonrpc":"2\.0",(.*?)(\{)/,
      (_, before: string) => `{"jsonrpc":"2.0",${before}{${secret},`,
    );
  });
  const rates = new Map<string, number>();
  const out = join(folder, "out.jsonl");
  const script = new URL("_redact_pipeline.ts", import.meta.url).pathname;
  for (let round = 0; round < ROUNDS; round++) {
    for (const capture of ["none", "all"] as const) {
      for (const what of ["none", "redact"]) {
        await Deno.remove(out).catch(() => {});
        const { seconds, redacted } = JSON.parse(
          await pinned(Deno.execPath(), "run", "-A", "--no-lock", "--quiet", script, captures[capture], out, what),
        );
        if (what === "redact" && (capture === "all") !== (redacted > MESSAGES / 2)) {
          throw new Error(`${redacted} values were redacted`);
        }
        const key = `${capture} ${what}`;
        rates.set(key, Math.max(rates.get(key) ?? 0, MESSAGES / seconds));
      }
    }
  }
  const rate = (key: string) => rates.get(key) ?? 0;
  const thousands = (key: string) => `${Math.round(rate(key) / 1000)},000/s`;
  report("redact", [
    {
      what: "Redact by the built-in rules, messages that hold nothing of the kind, to JSONL, one core",
      measured: thousands("none redact"),
      baseline: `${thousands("none none")}, without redact`,
      target: "≥ 350,000/s",
      ok: rate("none redact") >= 350_000,
    },
    {
      what: "… messages that each hold a secret or look like it",
      measured: thousands("all redact"),
      baseline: `${thousands("all none")}, without redact`,
      target: "≥ 200,000/s",
      ok: rate("all redact") >= 200_000,
    },
  ]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
