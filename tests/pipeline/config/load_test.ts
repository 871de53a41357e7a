import { describe, expect, it } from "vitest";
import { planPipeline } from "../../../pipeline/config/load.ts";
import { formatProblem } from "../../../pipeline/config/problem.ts";
import { env, parse, problemsOf, registry, withSink } from "./_check.ts";

describe("parsePipeline", () => {
  it("plans a file with comments and trailing commas", async () => {
    const { plan, problems } = await parse(`// what I watch
      {
        "$schema": "./pipeline.schema.json", /* for the editor */
        "sources": { "tape": { "type": "replay", "path": "in.jsonl", }, },
        "transforms": [ { "type": "filter" }, ],
        "sinks": {
          "file": {
            "type": "jsonl", "path": "out.jsonl", "when_full": "drop", "queue_events": 10,
            "transforms": [{ "type": "filter", "methods": ["ping"] }],
          },
        },
      }`);
    expect(problems).toEqual([]);
    expect(plan!.file).toBe("mon.jsonc");
    expect(plan!.sources[0]).toMatchObject({
      name: "tape",
      path: "sources.tape",
      type: "replay",
      at: { line: 4, column: 30 },
      options: { path: "/cfg/in.jsonl", repeat: 1 },
    });
    expect(plan!.transforms[0]).toMatchObject({ name: "transforms[0]", options: { methods: [] } });
    expect(plan!.sinks[0]).toMatchObject({ whenFull: "drop", queueEvents: 10, options: { path: "/cfg/out.jsonl" } });
    expect(plan!.sinks[0]!.transforms[0]).toMatchObject({
      name: "sinks.file.transforms[0]",
      options: { methods: ["ping"] },
    });
  });

  it("reports every mistake at once, each with its place", async () => {
    expect(
      await problemsOf(`{
  "sources": {
    "tape": { "type": "reply", "path": "x" },
    "disk": { "type": "jsonl", "path": "x" },
    "my tape": { "type": "replay", "path": 3, "repeat": 0 }
  },
  "transform": [],
  "transforms": [{ "type": "./filter.ts" }, 7],
  "sinks": {
    "file": {
      "type": "jsonl",
      "pth": "out.jsonl",
      "rotate": { "evry": "day", "every": "days" },
      "queue_events": 5
    }
  }
}`),
    ).toEqual([
      'mon.jsonc:3:23: sources.tape.type: unknown source; expected replay or a plug-in such as "./my_source.ts"; ' +
      'did you mean "replay"?',
      'mon.jsonc:4:23: sources.disk.type: "jsonl" is a sink, and a source is wanted here; ' +
      'expected replay or a plug-in such as "./my_source.ts"',
      'mon.jsonc:5:5: sources.my tape: a name may have letters, digits, "_" and "-" only',
      "mon.jsonc:5:44: sources.my tape.path: expected a string, got 3",
      "mon.jsonc:5:57: sources.my tape.repeat: expected at least 1, got 0",
      'mon.jsonc:7:3: transform: unknown key; expected one of sources, transforms, sinks; did you mean "transforms"?',
      'mon.jsonc:8:28: transforms[0].type: plug-in "./filter.ts": there is no file /cfg/filter.ts',
      'mon.jsonc:8:45: transforms[1]: expected an object with a "type", such as { "type": "jsonrpc" }',
      "mon.jsonc:10:13: sinks.file.path: missing; expected a string",
      "mon.jsonc:12:7: sinks.file.pth: unknown option; expected one of path, raw, state, also, labels, rotate, " +
      'transforms, when_full, queue_events; did you mean "path"?',
      "mon.jsonc:13:19: sinks.file.rotate.evry: unknown option; expected one of size, every, dir; did you mean " +
      '"every"?',
      'mon.jsonc:13:43: sinks.file.rotate.every: expected one of "hour", "day", got "days"; did you mean "day"?',
      'mon.jsonc:14:23: sinks.file.queue_events: has no meaning without "when_full": "drop"',
    ]);
  });

  it("wants sources and sinks", async () => {
    expect(await problemsOf(`{}`)).toEqual([
      'mon.jsonc:1:1: sources: missing; expected an object with at least one source, such as { "kernel": { "type": ' +
      '"ebpf" } }',
      'mon.jsonc:1:1: sinks: missing; expected an object with at least one sink, such as { "screen": { "type": ' +
      '"console" } }',
    ]);
    expect((await problemsOf(`{ "sources": {}, "sinks": [] }`)).length).toBe(2);
  });

  it.each([
    ["[]", "mon.jsonc:1:1: expected an object with sources, transforms, sinks"],
    ["null", "mon.jsonc:1:1: expected an object with sources, transforms, sinks"],
    ["", "mon.jsonc:1:1: expected a value"],
    ["// nothing\n", "mon.jsonc:2:1: expected a value"],
  ])("refuses %s", async (text, problem) => {
    expect(await problemsOf(text)).toEqual([problem]);
  });

  it("reports keys that are given twice", async () => {
    const text = withSink(`"type": "jsonl",\n"path": "a",\n"path": "b"`);
    expect(await problemsOf(text)).toEqual(["mon.jsonc:5:1: sinks.b.path: given twice; first in line 4"]);
  });

  it("reports a syntax error, and only the mistakes that it cannot have caused", async () => {
    expect(await problemsOf(`{\n"sources": { "a": { "type": "zzz" } }\n"sinks": { "b": { "typ": "jsonl" } }\n}`))
      .toEqual([
        'mon.jsonc:2:29: sources.a.type: unknown source; expected replay or a plug-in such as "./my_source.ts"',
        'mon.jsonc:3:1: expected ",", got "sinks"',
      ]);
    expect(await problemsOf(`{ "sources": { "a": { "type": "zzz" }, "sinks": {} }`)).toEqual(
      ['mon.jsonc:1:53: expected "}"'],
    );
  });

  it("counts lines and columns from 1 after a byte order mark and with CRLF", async () => {
    expect(await problemsOf(`\uFEFF[]`)).toEqual([
      "mon.jsonc:1:1: expected an object with sources, transforms, sinks",
    ]);
    expect((await problemsOf(`{\r\n  "sinke": 1\r\n}`))[2]).toMatch(/^mon\.jsonc:2:3: sinke: /);
  });

  it("refuses text that is nested too deep, however deep", async () => {
    for (const text of ["[".repeat(65), "[".repeat(200_000), `{"a":`.repeat(100_000)]) {
      expect((await problemsOf(text))[0]).toMatch(/nested deeper than 64 levels$/);
    }
  });

  it("has no trouble with names that objects have anyway", async () => {
    const text = `{ "sources": { "__proto__": { "type": "constructor" }, "toString": { "type": "replay", "path": "x",
      "__proto__": {}, "constructor": 1 } }, "sinks": { "b": { "type": "jsonl", "path": "x" } } }`;
    expect((await problemsOf(text)).map((line) => line.replace(/;.*/, ""))).toEqual([
      "mon.jsonc:1:39: sources.__proto__.type: unknown source",
      "mon.jsonc:2:7: sources.toString.__proto__: unknown option",
      "mon.jsonc:2:24: sources.toString.constructor: unknown option",
    ]);
  });
});

describe("planPipeline", () => {
  it("checks what a program put together, by the same rules", async () => {
    const config = {
      sources: { tape: { type: "replay", path: "x" } },
      sinks: { file: { type: "jsonl", pth: "out" } },
    };
    const { problems } = await planPipeline(config, { registry, directory: "/cfg" });
    expect(problems.map(formatProblem)).toEqual([
      "sinks.file.path: missing; expected a string",
      "sinks.file.pth: unknown option; expected one of path, raw, state, also, labels, rotate, transforms, when_full, " +
      'queue_events; did you mean "path"?',
    ]);
  });

  it("resolves paths, and takes strings as they are", async () => {
    const config = {
      sources: { tape: { type: "replay", path: "~/${HOME}", repeat: undefined } },
      sinks: { file: { type: "jsonl", path: "-" } },
    };
    const { plan, problems } = await planPipeline(config, { registry, env, directory: "/cfg" });
    expect(problems).toEqual([]);
    expect(plan!.sources[0]!.options).toEqual({ path: "/cfg/~/${HOME}", repeat: 1 });
    expect(plan!.sinks[0]!.options["path"]).toBe("-");
  });

  it("refuses what is not a JSON value", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const { problems } = await planPipeline(circular as never, { registry });
    expect(problems[0]!.message).toMatch(/^not a JSON value: /);
    expect((await planPipeline(undefined as never, { registry })).problems.length).toBe(1);
  });
});
