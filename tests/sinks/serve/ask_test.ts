import { describe, expect, it } from "vitest";
import { askOf, rangeOf, whole } from "../../../sinks/serve/ask.ts";

const ask = (text: string) => askOf(new URLSearchParams(text));

describe("askOf", () => {
  it("reads what is there, and has a limit", () => {
    expect(ask("filter=tool:x&before=9&after=2&from=1.5&to=3&limit=7")).toEqual({
      filter: "tool:x",
      before: 9,
      after: 2,
      from: 1.5,
      to: 3,
      limit: 7,
    });
    expect(ask("filter=%20").filter).toBe(undefined);
    expect(ask("").limit).toBe(100);
    expect(ask("limit=0").limit).toBe(1);
    expect(ask("limit=999999999").limit).toBe(1000);
  });

  it("names what it cannot read", () => {
    expect(() => ask("limit=ten")).toThrow('limit: expected a whole number, not "ten"');
    expect(() => ask("before=-1")).toThrow(/before: expected a whole number/);
    expect(() => ask("from=1e9")).toThrow(/from: expected a number of milliseconds/);
    expect(() => ask(`filter=${"x".repeat(9000)}`)).toThrow(/at most 8192/);
    expect(() => whole("0x10", "id")).toThrow(/id: expected/);
  });
});

describe("rangeOf", () => {
  it("wants a range and a step that make sense", () => {
    const range = (text: string) => rangeOf(new URLSearchParams(text));
    expect(range("from=0&to=1000&step=10")).toEqual({ from: 0, to: 1000, step: 10 });
    expect(() => range("from=0&to=1000")).toThrow("expected from, to and step");
    expect(() => range("from=2&to=1&step=10")).toThrow("expected from before to");
    expect(() => range("from=0&to=1000&step=0.001")).toThrow("a step of 1 ms");
    expect(() => range("from=0&to=1000000000000&step=1")).toThrow("expected 10000 steps at most");
  });
});
