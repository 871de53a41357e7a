import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLists, setHash } from "../../../pipeline/baseline/compare.ts";
import { formatBaseline, parseBaseline } from "../../../pipeline/baseline/format.ts";
import { differing, fieldChanges } from "../../../pipeline/baseline/text_diff.ts";
import { Baseline } from "../../../pipeline/baseline/mod.ts";
import { Talk } from "../../transforms/detect/_talk.ts";
import { defaultBaseline } from "../../../pipeline/baseline/file.ts";
import { sha256 } from "../../../protocols/canonical_json/mod.ts";
import type { BaselineEntry } from "../../../pipeline/baseline/types.ts";

const entry = (value: BaselineEntry["value"]): BaselineEntry => ({ hash: sha256(JSON.stringify(value)), value });
const list = (...values: { name: string; description?: string }[]) =>
  new Map(values.map((value) => [value.name, entry(value)]));

describe("a baseline's text", () => {
  it("gives back what was written, whatever the names are", () => {
    const name = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", ""));
    const entries = fc.array(fc.tuple(name, fc.dictionary(name, fc.jsonValue())), { maxLength: 4 })
      .map((all) => new Map(all.map(([key, value]) => [key, entry(JSON.parse(JSON.stringify(value)))])));
    const server = fc.record({
      name,
      transport: fc.constantFrom("stdio", "http"),
      address: fc.option(fc.string(), { nil: undefined }),
      package: fc.option(fc.string(), { nil: undefined }),
      acceptedAt: fc.nat(),
      accepted: fc.record({ tools: entries, prompts: entries }, { requiredKeys: [] }),
      seen: fc.record({ tools: entries }),
      seenAt: fc.nat(),
    });
    fc.assert(fc.property(fc.array(fc.tuple(name, server), { maxLength: 4 }), (all) => {
      const text = formatBaseline(new Map(all));
      expect(formatBaseline(parseBaseline(text))).toBe(text);
      const [first] = new Map(all);
      if (first !== undefined) expect(parseBaseline(text).get(first[0])).toEqual({ ...first[1] });
    }));
  });

  it("is refused with a SyntaxError, or read, whatever it is", () => {
    const anything = fc.oneof(fc.string(), fc.jsonValue().map((value) => JSON.stringify(value)));
    const near = fc.jsonValue().map((value) =>
      JSON.stringify({ version: 1, servers: { a: value, b: { accepted: { tools: value } } } })
    );
    fc.assert(fc.property(fc.oneof(anything, near), (text) => {
      try {
        parseBaseline(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }));
  });

  it("is refused without a word of what stands in it", () => {
    expect(() => parseBaseline("root:x:0:0:root:/root:/bin/bash")).toThrow(new SyntaxError("it is not JSON"));
  });
});

describe("Baseline", () => {
  it("forgets the servers that it knew first when it holds too much", () => {
    const baseline = new Baseline();
    const big = list(...Array.from({ length: 50 }, (_, i) => ({ name: `t${i}`, description: "x".repeat(60_000) })));
    for (let i = 0; i < 60; i++) baseline.meet(new Talk({ name: `s${i}` }).server, "tools", big, i);
    expect(baseline.servers.size).toBeLessThan(30);
    expect(baseline.servers.has("stdio s59")).toBe(true);
    expect(baseline.skipped).toBe(0);
  });
});

describe("compareLists", () => {
  it("tells what came, went and changed, and pairs what is alike", () => {
    const text = "Reads a file of the project and gives it back.";
    const before = list({ name: "a", description: text }, { name: "b" }, { name: "c", description: "short" });
    const after = list({ name: "a2", description: text }, { name: "b", description: "x" }, {
      name: "d",
      description: "brief",
    });
    const drift = compareLists(before, after);
    expect(drift?.renamed).toMatchObject([{ from: "a", to: "a2", isExact: true }]);
    expect(drift?.changed.map(({ name, fields }) => [name, fields])).toEqual([
      ["b", [{ path: "description", before: undefined, after: "x" }]],
    ]);
    expect([drift?.added, drift?.removed]).toEqual([["d"], ["c"]]);
    expect(compareLists(before, new Map(before))).toBeUndefined();
  });

  it("does not pair entries that only lack a description", () => {
    expect(compareLists(list({ name: "a" }), list({ name: "b" }))?.renamed).toEqual([]);
  });

  it("takes bounded time for long lists", () => {
    const many = (prefix: string) =>
      list(
        ...Array.from(
          { length: 2000 },
          (_, i) => ({ name: `${prefix}${i}`, description: `${prefix} ${"word ".repeat(200)}${i}` }),
        ),
      );
    const begun = performance.now();
    const drift = compareLists(many("a"), many("b"));
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(drift?.added.length).toBe(2000);
  });
});

describe("setHash", () => {
  it("is of the set: the order does not matter, names and hashes do", () => {
    const one = entry({ name: "x" }), other = entry({ name: "y" });
    expect(setHash(new Map([["a", one], ["b", other]]))).toBe(setHash(new Map([["b", other], ["a", one]])));
    expect(setHash(new Map([["a", one], ["b", other]]))).not.toBe(setHash(new Map([["a", other], ["b", one]])));
    expect(setHash(new Map([["a", one]]))).not.toBe(setHash(new Map([["a2", one]])));
  });
});

describe("differences of texts", () => {
  it("are cut to what differs", () => {
    const [before, after] = differing(
      `${"a".repeat(100)}x${"b".repeat(100)}`,
      `${"a".repeat(100)}yz${"b".repeat(100)}`,
    );
    expect(before).toBe(`…${"a".repeat(30)}x${"b".repeat(30)}…`);
    expect(after).toBe(`…${"a".repeat(30)}yz${"b".repeat(30)}…`);
  });

  it("are found in any two values, and are bounded", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [one, other] = JSON.parse(JSON.stringify([a, b]));
      const changes = fieldChanges(one, other);
      expect(changes.length).toBeLessThanOrEqual(20);
      for (const { path, before, after } of changes) {
        for (const text of [path, before, after]) expect((text ?? "").length).toBeLessThanOrEqual(310);
      }
      expect(fieldChanges(one, one)).toEqual([]);
    }));
  });
});

describe("defaultBaseline", () => {
  it("follows XDG_STATE_HOME, if it is absolute", () => {
    expect(defaultBaseline({ HOME: "/home/u" })).toBe("/home/u/.local/state/mcpsonde/baseline.json");
    expect(defaultBaseline({ HOME: "/home/u", XDG_STATE_HOME: "/state" })).toBe("/state/mcpsonde/baseline.json");
    expect(defaultBaseline({ HOME: "/home/u", XDG_STATE_HOME: "state" })).toBe(
      "/home/u/.local/state/mcpsonde/baseline.json",
    );
  });
});
