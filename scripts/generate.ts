/**
 * Writes what follows from declarations: `pipeline.schema.json`, `docs/components/`, `docs/filter.md`, `docs/detect.md`,
 * and of `hooks/` the rules of redaction.
 *
 * `deno run -A scripts/generate.ts` writes; with `--check` it only tells, by its exit code, whether all is current.
 *
 * @module
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtins } from "../pipeline/builtins.ts";
import { referencePage } from "../pipeline/reference.ts";
import type { AnyComponent } from "../pipeline/component.ts";
import { pipelineSchema } from "../pipeline/schema.ts";
import { detectPage } from "./detect_page.ts";
import { filterPage } from "./filter_page.ts";
import { redactionRules } from "./redaction_rules.ts";

/** The folder that the generated files are in. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..");

const PAGES = "docs/components";

/** Every generated file: its path from the root, and what should be in it. */
export async function generated(components: readonly AnyComponent[]): Promise<Map<string, string>> {
  const files = new Map([["pipeline.schema.json", JSON.stringify(pipelineSchema(components), null, 2) + "\n"]]);
  const rows: string[] = [];
  for (const component of components) {
    const page = `${component.kind}-${component.type}.md`;
    files.set(`${PAGES}/${page}`, referencePage(component));
    rows.push(`| [\`${component.type}\`](${page}) | ${component.kind} | ${component.summary} |`);
  }
  const index = ["# Components", "", "| type | kind | what it does |", "| --- | --- | --- |", ...rows, ""];
  files.set(`${PAGES}/README.md`, index.join("\n"));
  files.set("docs/filter.md", filterPage());
  files.set("docs/detect.md", await detectPage());
  // The package of the Python sensor has to have its own copy.
  for (const path of ["hooks/redaction.json", "hooks/python/mcpsonde_sensor/redaction.json"]) {
    files.set(path, redactionRules());
  }
  return files;
}

/** The generated files that are not on disk as they should be, and pages of components that are no more. */
export async function stale(files: ReadonlyMap<string, string>): Promise<string[]> {
  const wrong: string[] = [];
  for (const [path, text] of files) {
    if (await readFile(join(ROOT, path), "utf8").catch(() => undefined) !== text) wrong.push(path);
  }
  const pages = await readdir(join(ROOT, PAGES)).catch(() => []);
  return [...wrong, ...pages.map((page) => `${PAGES}/${page}`).filter((path) => !files.has(path))];
}

async function main(check: boolean): Promise<number> {
  const files = await generated(await builtins().list());
  const wrong = await stale(files);
  for (const path of wrong) {
    say(check ? `${path} is not current; run: deno task generate` : `wrote ${path}`);
    if (check) continue;
    const text = files.get(path);
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    if (text === undefined) await rm(join(ROOT, path));
    else await writeFile(join(ROOT, path), text);
  }
  return check && wrong.length > 0 ? 1 : 0;
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args.includes("--check")));
