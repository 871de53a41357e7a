/** Plug-ins are TypeScript modules that Deno imports as they are. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPipeline } from "../../pipeline/build.ts";
import { loadPipeline, parsePipeline } from "../../pipeline/config/load.ts";
import { formatProblem } from "../../pipeline/config/problem.ts";
import { Registry } from "../../pipeline/registry.ts";
import { keepLog } from "./_plan.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpsonde-plugins-"));
  const define = (kind: string, create: string) =>
    `import { define${kind}, z } from "${MOD}";
     const options: z.ZodObject = z.strictObject({ events: z.int().default(2) });
     export default define${kind}({ type: "mine", summary: "Mine.", options, create: ${create} });`;
  const files: Record<string, string> = {
    "source.ts": define(
      "Source",
      `({ events }) => (async function* () {
         const gap = { kind: "gap" as const, time: 1, source: "mine", reason: "test", message: "Nothing." };
         yield Array.from({ length: Number(events) }, () => gap);
       })()`,
    ),
    "sink.ts": define("Sink", `() => async (input) => { for await (const _ of input); }`),
    "late.ts": define("Sink", `() => async (input) => { for await (const _ of input) throw new Error("too late"); }`),
    "create.ts": define("Sink", `() => { throw new Error("no licence"); }`),
    "syntax.ts": "export default {;",
    "throws.ts": `throw new Error("not today");`,
    "import.ts": `import "./missing.ts";`,
    "nothing.ts": "export const x = 1;",
    "number.ts": "export default 5;",
    "half.ts": `export default { kind: "sink", type: "half", summary: "Half." };`,
    "options.ts": `export default { kind: "sink", type: "o", summary: "", create() {}, options: { path: "string" } };`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

function pipeline(sink: string, members = "", source = "./source.ts"): string {
  return `{ "sources": { "a": { "type": "${source}" } },\n  "sinks": { "b": { "type": "${sink}"${members} } } }`;
}

async function problemsOf(sink: string, members = ""): Promise<string[]> {
  const options = { registry: new Registry(), file: "mon.jsonc", directory: dir };
  const { problems } = await parsePipeline(pipeline(sink, members), options);
  return problems.map((problem) => formatProblem(problem).replaceAll(dir, "DIR"));
}

describe("a plug-in", () => {
  it("is found from the pipeline file's folder, and runs as a built-in component does", async () => {
    const file = join(dir, "mon.jsonc");
    await writeFile(file, pipeline("./sink.ts"));
    const { plan, problems } = await loadPipeline(file, { registry: new Registry() });
    expect(problems).toEqual([]);
    const built = await buildPipeline(plan!, { log: keepLog() });
    const { metrics } = await built.pipeline!.run();
    expect(metrics.nodes.map(({ node, type, received }) => [node, type, received])).toEqual([
      ["sources.a", "./source.ts", 0],
      ["sinks.b", "./sink.ts", 2],
    ]);
  });

  it("may be named by an absolute path or a file: URL", async () => {
    expect(await problemsOf(join(dir, "sink.ts"))).toEqual([]);
    expect(await problemsOf(pathToFileURL(join(dir, "sink.ts")).href)).toEqual([]);
  });

  it("has its options checked", async () => {
    expect(await problemsOf("./sink.ts", `, "evnts": 1`)).toEqual([
      "mon.jsonc:2:42: sinks.b.evnts: unknown option; expected one of events, transforms, when_full, queue_events; " +
      'did you mean "events"?',
    ]);
  });

  it.each([
    ["./nope.ts", `"./nope.ts": there is no file DIR/nope.ts`],
    ["../", `"../": `],
    ["file:nope", `"file:nope": there is no file /nope`],
    ["file://host/x", `"file://host/x": not a usable URL: `],
    ["./source.ts", `"./source.ts": it is a source, and a sink is wanted here`],
    ["./nothing.ts", `"./nothing.ts": it has no default export; expected what defineSink({ … }) returns`],
    ["./number.ts", `"./number.ts": its default export is not a declaration; expected what defineSink({ … }) returns`],
    ["./half.ts", `"./half.ts": its declaration lacks "create", a function`],
    ["./options.ts", `"./options.ts": its declaration lacks "options", an object schema of zod 4`],
    ["./throws.ts", `"./throws.ts" cannot be loaded: not today`],
    ["./syntax.ts", `"./syntax.ts" cannot be loaded: SyntaxError: Unexpected token`],
    ["./import.ts", `"./import.ts" cannot be loaded: Module not found "file://DIR/missing.ts" (import.ts:1:8)`],
    ["npm:@mcpsonde/no-such-package@0.0.0", `"npm:@mcpsonde/no-such-package@0.0.0" cannot be loaded: `],
  ])("%s is named with its place and what is wrong", async (specifier, message) => {
    const [problem, ...others] = await problemsOf(specifier);
    expect(others).toEqual([]);
    expect(problem).toContain(`mon.jsonc:2:29: sinks.b.type: plug-in ${message}`);
    expect(problem).not.toMatch(/\n|\bat .*:\d+:\d+\)?$/);
  });

  it("that fails to start or to run is named", async () => {
    const failures = async (sink: string) => {
      const options = { registry: new Registry(), file: "mon.jsonc", directory: dir };
      const { plan } = await parsePipeline(pipeline(sink), options);
      const { pipeline: built, problems } = await buildPipeline(plan!, { log: keepLog() });
      return [...problems, ...(await built?.run())?.problems ?? []].map(formatProblem);
    };
    expect(await failures("./create.ts")).toEqual(['mon.jsonc:2:19: sinks.b: "./create.ts" cannot start: no licence']);
    expect(await failures("./late.ts")).toEqual(['mon.jsonc:2:19: sinks.b: "./late.ts" failed: too late']);
  });
});
