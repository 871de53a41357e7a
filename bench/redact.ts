/**
 * How fast messages go through the built-in rules of `redact`: `replay` → `jsonrpc` → `redact` → `jsonl` through the
 * engine, against the same without `redact`, and with `mcp` before it against the same with `mcp` alone. Over messages
 * that have nothing to do with the rules; over ordinary ones, of which one in ten holds a secret and one in ten what looks
 * like one; and over messages that each do. Each run is a process of its own on one core, runs alternate, the best of each
 * counts. `deno run -A bench/redact.ts [--json]`
 *
 * What it leaves out: messages of 290 bytes on average say nothing of large ones; all are stdio, so there are no HTTP
 * heads and bodies to redact; none is written with escapes that hide letters (`\u0041`, `%41`), which takes a careful walk;
 * strings with secrets come back after some hundred others, so what was decided on them is remembered as a rule; where each
 * is another one, `redact` takes about twice as long for them; there are no rules of a user's.
 */
import { join } from "node:path";
import { pinned, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 500_000, ROUNDS = 5;

/** Members that a message gets: secrets by turns, known by their form, by a name, in a text, in JSON in a text. */
const SECRETS: readonly ((n: number) => string)[] = [
  (n) => `"password":"correct horse ${n % 1000}"`,
  (n) => `"note":"Authorization: Bearer ${token(n % 1000, 40)}"`,
  (n) => `"env":"GITHUB_TOKEN=ghp_${token(n % 1000, 36)}"`,
  (n) => `"log":"{\\"api_key\\":\\"${token(n % 1000, 24)}\\"}"`,
  (n) => `"url":"postgres://app:${token(n % 1000, 12)}@db.internal/app"`,
  (n) => `"card":"paid with 4111 1111 1111 1111, order ${n % 1000}"`,
];
/** The same of what is none, and has something of one. */
const LOOK_ALIKES: readonly ((n: number) => string)[] = [
  () => `"about":"the cookie banner, and what secrets are"`,
  (n) => `"order":"${1_000_000_000_000_000 + n % 1000}"`,
  () => `"author":"who wrote the authorization module"`,
  (n) => `"next_token":"page-${n % 1000}"`,
  () => `"text":"give the password only when you are asked for it"`,
  (n) => `"max_tokens":${n % 4096}`,
];

/** The same text for the same number. */
function token(n: number, length: number): string {
  let text = "";
  for (let seed = n * 2654435761 + 1; text.length < length; seed = (seed * 1103515245 + 12345) >>> 0) {
    text += (seed >>> 8).toString(36);
  }
  return `${text.slice(0, length - 1)}7`;
}

/** The line with one more member in its first inner object. */
function withMember(line: string, member: string): string {
  return line.replace(/^\{"jsonrpc":"2\.0",(.*?)(\{)/, (_, before: string) => `{"jsonrpc":"2.0",${before}{${member},`);
}

function oneOf(members: readonly ((n: number) => string)[], n: number): string {
  return members[n % members.length]!(n);
}

/** Captures, by what their messages hold. */
const CHANGES = {
  none: (line: string) => line,
  mix: (line: string, n: number) => {
    if (n % 10 !== 3 && n % 10 !== 7) return line;
    return withMember(line, oneOf(n % 10 === 3 ? SECRETS : LOOK_ALIKES, Math.floor(n / 10)));
  },
  all: (line: string, n: number) => withMember(line, oneOf(n % 6 === 5 ? LOOK_ALIKES : SECRETS, n)),
} as const;
/** Share of the messages in which something is hidden. */
const SHARES = { none: 0, mix: 0.1, all: 5 / 6 } as const;
type Kind = keyof typeof CHANGES;
const KINDS = Object.keys(CHANGES) as Kind[];

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-redact-" });
try {
  const path = (kind: Kind) => join(folder, `${kind}.capture`);
  for (const kind of KINDS) writeCapture(path(kind), MESSAGES, CHANGES[kind]);
  const rates = new Map<string, number>();
  const out = join(folder, "out.jsonl");
  const script = new URL("_redact_pipeline.ts", import.meta.url).pathname;
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of KINDS) {
      for (const what of ["none", "redact", ...(kind === "mix" ? ["mcp", "mcp+redact"] : [])]) {
        await Deno.remove(out).catch(() => {});
        const { seconds, redacted } = JSON.parse(
          await pinned(Deno.execPath(), "run", "-A", "--no-lock", "--quiet", script, path(kind), out, what),
        );
        const share = what.endsWith("redact") ? SHARES[kind] : 0;
        if (redacted < share * MESSAGES || redacted > 2 * share * MESSAGES) {
          throw new Error(`${redacted} values were redacted`);
        }
        const key = `${kind} ${what}`;
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
      what: "… ordinary messages: 1 in 10 holds a secret, 1 in 10 what looks like one",
      measured: thousands("mix redact"),
      baseline: `${thousands("mix none")}, without redact`,
      target: "≥ 200,000/s",
      ok: rate("mix redact") >= 200_000,
    },
    {
      what: "… the same messages, with mcp before redact",
      measured: thousands("mix mcp+redact"),
      baseline: `${thousands("mix mcp")}, without redact`,
      target: "told for the record",
      ok: true,
    },
    {
      what: "… messages that each hold a secret or, 1 in 6, look like it",
      measured: thousands("all redact"),
      baseline: `${thousands("all none")}, without redact`,
      target: "told for the record",
      ok: true,
    },
  ]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
