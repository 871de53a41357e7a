import { describe, expect, it } from "vitest";
import { ByteSearch } from "../../../protocols/byte_search/mod.ts";
import { findSensitive, SENSITIVE } from "../../../protocols/sensitive/mod.ts";
import { SAMPLES } from "./_samples.ts";

/** The values of one kind in a text, in order. */
function valuesOf(name: string, text: string): string[] {
  const kinds = SENSITIVE.filter((kind) => kind.name === name);
  return findSensitive(text, kinds).map(({ start, end }) => text.slice(start, end));
}

describe("SENSITIVE", () => {
  it("has samples of every kind, and names each once", () => {
    const names = SENSITIVE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(SAMPLES).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.entries(SAMPLES))("finds true values of %s", (name, samples) => {
    for (const sample of samples.true) {
      const [text, ...values] = typeof sample === "string" ? [sample, sample] : sample;
      for (const around of ["", " ", '"', "\n", ","]) expect(valuesOf(name, around + text + around)).toEqual(values);
    }
  });

  it.each(Object.entries(SAMPLES))("leaves alone what only looks like %s", (name, { near }) => {
    for (const text of near) expect([text, valuesOf(name, text)]).toEqual([text, []]);
  });

  it.each(SENSITIVE.map((kind) => [kind.name, kind] as const))("has needles in what %s finds", (name, { needles }) => {
    const search = new ByteSearch([needles]);
    for (const sample of SAMPLES[name]?.true ?? []) {
      const text = typeof sample === "string" ? sample : sample[0];
      const bytes = new TextEncoder().encode(text.includes("\\") ? text : JSON.stringify({ text }));
      expect([sample, search.search(bytes, 0, bytes.length)]).toEqual([sample, 1]);
    }
  });
});
