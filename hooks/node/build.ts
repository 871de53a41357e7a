/**
 * Builds what is installed: `sensor.cjs`, `redact.cjs`, `redact_rules.cjs`, and the table of the sieve. With `--check` it
 * only says whether they are what their sources build.
 *
 * @module
 */
import { makeTable } from "../../protocols/byte_search/_table.ts";
import { sortNeedles } from "../../protocols/byte_search/needle.ts";
import type { Needle } from "../../protocols/byte_search/mod.ts";
import { SENSITIVE } from "../../protocols/sensitive/mod.ts";
import { KEY_NEEDLES } from "../../transforms/redact/sensitive_keys.ts";

const HERE = new URL(".", import.meta.url);
const TABLE = "src/redact/sieve_table.ts";
const BANNER =
  "// Built by build.ts from sources beside it. Do not edit.\n// deno-fmt-ignore-file\n// deno-lint-ignore-file\n";
/** What hides a value from a search for its bytes: escapes of JSON and of URLs. */
const ESCAPES: readonly Needle[] = [{ escape: true }, "\\/", "%2", "%3", "%4", "%5", "%6", "%7"];

/** What is built from what, and which packages stay out. */
const BUNDLES: readonly (readonly [from: string, to: string, external: readonly string[]])[] = [
  ["sensor.ts", "sensor.cjs", []],
  ["redact.ts", "redact.cjs", ["re2js", "json-p3"]],
  ["redact_rules.ts", "redact_rules.cjs", []],
];

/** All kinds that are looked for by default, and all names that tell what their values are. */
function sieveTable(): string {
  const needles = SENSITIVE.filter(({ onByDefault }) => onByDefault).flatMap(({ needles }) => needles);
  const table = makeTable(sortNeedles([[...ESCAPES, ...KEY_NEEDLES, ...needles]]));
  const lines = table.toBase64().match(/.{1,116}/g) ?? [];
  const text = lines.map((line, k) => `  "${line}"${k === lines.length - 1 ? ";" : " +"}`).join("\n");
  return `${BANNER}export const TABLE_BASE64 =\n${text}\n`;
}

async function bundle(from: string, external: readonly string[]): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".cjs" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...[
          "bundle",
          "--quiet",
          "--lock=tests/deno.lock",
          "--platform=deno",
          "--format=cjs",
          "--minify",
          "--keep-names",
        ],
        ...external.flatMap((name) => ["--external", name]),
        ...["-o", file, new URL(from, HERE).pathname],
      ],
      cwd: new URL("../../", HERE),
    }).output();
    if (!success) {
      throw new Error(`deno bundle ${from}: ${new TextDecoder().decode(stderr)}`);
    }
    return `${BANNER}"use strict";\n${await Deno.readTextFile(file)}`;
  } finally {
    await Deno.remove(file);
  }
}

async function settle(name: string, built: string, isCheck: boolean): Promise<void> {
  const target = new URL(name, HERE);
  if (!isCheck) return await Deno.writeTextFile(target, built);
  if (built !== await Deno.readTextFile(target)) {
    throw new Error(`the sources build something else than hooks/node/${name}: run hooks/node/build.ts`);
  }
}

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  await settle(TABLE, sieveTable(), isCheck);
  for (const [from, to, external] of BUNDLES) {
    await settle(to, await bundle(from, external), isCheck);
  }
}
