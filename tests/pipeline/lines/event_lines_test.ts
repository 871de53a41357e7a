import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Batch, Event } from "../../../pipeline/event.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import jsonl from "../../../sinks/jsonl/mod.ts";
import { context } from "../../sinks/jsonl/_write.ts";
import { recorded } from "../../sinks/http/_events.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;

async function asWritten(batches: readonly Batch[]): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), "mcpsonde-lines-"));
  try {
    const path = join(dir, "out.jsonl");
    const sink = await jsonl.create(jsonl.options.parse({ path, other_http: "whole" }), context().context);
    await sink((async function* () {
      yield* batches;
    })());
    return (await readFile(path, "utf8")).split("\n").slice(0, -1);
  } finally {
    await rm(dir, { recursive: true });
  }
}

describe("lines one at a time", () => {
  it("are byte for byte those of the jsonl sink", async () => {
    const lines = new EventLines(PLAIN);
    const decoder = new TextDecoder();
    const batches = await recorded("hostile.capture");
    const ours = batches.flatMap((batch) => {
      const made = batch.filter(({ kind }) => kind !== "chunk").map((event: Event) =>
        decoder.decode(lines.line(event))
      );
      lines.forget();
      return made;
    });
    expect(ours.length).toBeGreaterThan(50);
    expect(ours).toEqual(await asWritten(batches));
  });
});
