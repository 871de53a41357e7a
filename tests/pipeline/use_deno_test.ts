/** The built-in components need Deno. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineSink, defineSource, defineTransform } from "../../pipeline/component.ts";
import { mapEvents } from "../../pipeline/map_events.ts";
import { pipe } from "../../pipeline/pipe.ts";
import { sink, source, transform } from "../../pipeline/use.ts";
import redact from "../../transforms/redact/mod.ts";
import { batch, keep, sourceOf } from "./_events.ts";

const seen: (number | string)[] = [];
const options = z.strictObject({ count: z.int().min(1).default(2) });
const counting = defineSource({
  type: "counting",
  summary: "Counts.",
  options,
  create: async ({ count }) => await Promise.resolve(sourceOf([batch(...Array(count).keys())])),
});
const odd = defineTransform({
  type: "odd",
  summary: "Odd ones.",
  options: z.strictObject({}),
  create: () => mapEvents((event) => event.time % 2 === 1 ? event : undefined),
});
const keeping = defineSink({
  type: "keeping",
  summary: "Keeps.",
  options: z.strictObject({}),
  create: () => keep(seen),
});

describe("source, transform and sink", () => {
  it("make stages for pipe out of components", async () => {
    await pipe(source(counting, { count: 6 }), transform(odd), sink(keeping));
    expect(seen).toEqual([1, 3, 5]);
  });

  it("make stages out of the built-in types", async () => {
    const file = new URL("../../examples/demo.capture", import.meta.url).pathname;
    const methods = new Set<string | undefined>();
    await pipe(source("replay", { path: file }), transform("jsonrpc"), async (input) => {
      for await (const batch of input) {
        for (const event of batch) if (event.kind === "mcp") methods.add(event.method);
      }
    });
    expect(methods.has("tools/call")).toBe(true);
  });

  it("refuse what is wrong when they are called", () => {
    expect(() => source("replai")).toThrow('There is no source "replai"; did you mean "replay"?');
    expect(() => source(counting, { count: 0, x: 1 })).toThrow(
      'The options of "counting" are wrong: count: expected at least 1, got 0; unknown option x',
    );
    expect(() => sink("jsonrpc")).toThrow('There is no sink "jsonrpc"');
  });

  it("take options that need a promise to be checked, and refuse wrong ones when they are run", async () => {
    const file = new URL("../../examples/demo.capture", import.meta.url).pathname;
    const run = async (rule: Record<string, string>, by: string | typeof redact) => {
      let count = 0;
      const stage = transform(by, { rules: [{ ...rule, action: "mask" }] });
      await pipe(source("replay", { path: file }), transform("jsonrpc"), stage, async (input) => {
        for await (const batch of input) count += batch.length;
      });
      return count;
    };
    for (const by of ["redact", redact] as const) {
      expect(await run({ field: "params.arguments", value: "[a-z]{3}" }, by)).toBeGreaterThan(0);
      await expect(run({ value: "(" }, by)).rejects.toThrow('The options of "redact" are wrong: rules[0].value: ');
    }
  });
});
