import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findInMember,
  findSensitive,
  partitionKinds,
  SENSITIVE,
  type SensitiveKind,
} from "../../../protocols/sensitive/mod.ts";
import { SAMPLES } from "./_samples.ts";

const DEFAULT = SENSITIVE.filter(({ onByDefault }) => onByDefault);
const seen = (text: string, kinds = DEFAULT) =>
  findSensitive(text, kinds).map(({ start, end, kind }) => `${kind.name}: ${text.slice(start, end)}`);

/** A kind that finds these ranges. */
function ranges(name: string, ...found: [number, number][]): SensitiveKind {
  const find: SensitiveKind["find"] = (_text, tell) => found.forEach(([start, end]) => tell(start, end));
  return { name, summary: name, group: "secret", onByDefault: true, needles: [], find };
}

describe("findSensitive", () => {
  it("finds nothing in plain text", () => {
    expect(findSensitive("", DEFAULT)).toEqual([]);
    expect(seen("The quick brown fox, 12 of them, at https://example.com/a?b=c since 2026-11-21T19:53:28Z.")).toEqual(
      [],
    );
    expect(seen('{"jsonrpc":"2.0","id":1732218808000,"method":"tools/call","params":{"_meta":{"progressToken":3}}}'))
      .toEqual(
        [],
      );
    expect(seen("commit 497cdd1f00ba5eba11c0ffee1234567890abcdef Author: A U Thor <a@b.example> 1732218808 +0100"))
      .toEqual(
        [],
      );
  });

  it("lets the kind that says most win", () => {
    const token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    expect(seen(`GITHUB_TOKEN=${token}`)).toEqual([`github_token: ${token}`]);
    expect(seen(`https://me:${token}@github.com`)).toEqual([`github_token: ${token}`]);
    expect(seen(`Authorization: Bearer ${token}`)).toEqual([`github_token: ${token}`]);
  });

  it("gives what sticks out to the other", () => {
    expect(
      findSensitive("0123456789", [ranges("a", [4, 6]), ranges("b", [2, 8])]).map((f) => [f.start, f.end, f.kind.name]),
    )
      .toEqual([[2, 4, "b"], [4, 6, "a"], [6, 8, "b"]]);
    expect(
      findSensitive("0123456789", [ranges("a", [4, 6]), ranges("b", [5, 8])]).map((f) => [f.start, f.end, f.kind.name]),
    )
      .toEqual([[4, 6, "a"], [6, 8, "b"]]);
  });

  it("gives sorted ranges that do not overlap and cover all that was found", () => {
    const range = fc.tuple(fc.nat(40), fc.nat(40)).map((
      [a, b],
    ): [number, number] => [Math.min(a, b), Math.max(a, b) + 1]);
    const kinds = fc.array(fc.array(range, { maxLength: 5 }), { maxLength: 5 });
    fc.assert(fc.property(kinds, (lists) => {
      const all = lists.map((list, k) => ranges(`k${k}`, ...list));
      const found = findSensitive("x".repeat(50), all);
      let end = 0;
      const covered = new Array(50).fill(-1);
      for (const one of found) {
        expect(one.start).toBeGreaterThanOrEqual(end);
        expect(one.end).toBeGreaterThan(one.start);
        end = one.end;
        covered.fill(all.indexOf(one.kind), one.start, one.end);
      }
      const expected = covered.map((_, at) =>
        lists.findIndex((list) => list.some(([from, to]) => at >= from && at < to))
      );
      expect(covered).toEqual(expected);
    }));
  });

  it("finds the same in a long text by many kinds as by each of them", () => {
    const texts = Object.values(SAMPLES).flatMap((samples) =>
      samples.true.map((sample) => typeof sample === "string" ? sample : sample[0])
    );
    for (const text of texts) {
      const long = `${" and ".repeat(200)} ${text} ${" so on ".repeat(100)}`;
      const all = SENSITIVE.filter(({ name }) => name !== "high_entropy");
      const found = new Set(findSensitive(long, all).map(({ kind }) => kind.name));
      // Short lists are looked for one by one. Of those that overlap the first wins in both.
      const first = all.filter((kind) => findSensitive(long, [kind]).length > 0);
      expect([...found].every((name) => first.some((kind) => kind.name === name))).toBe(true);
      if (first[0] !== undefined) expect([text, found.has(first[0].name)]).toEqual([text, true]);
    }
  });

  it("takes time linear in the text's length, whatever it is", () => {
    const slow: string[] = [];
    const time = (kind: SensitiveKind, part: string, size: number) => {
      const text = part.repeat(Math.ceil(size / part.length)), start = performance.now();
      kind.find(text, () => {});
      const ms = performance.now() - start;
      if (ms > 1000) slow.push(`${kind.name}: ${ms} ms for ${JSON.stringify(part)} again and again`);
    };
    const parts = ["eyJ", "://", "cookie:a=", "bearer+", "secretkey", "1 ", "1-", "a@", "@", "a.", "=", "a:", "://a:b"];
    for (const kind of SENSITIVE) {
      const { true: values = [], near = [] } = SAMPLES[kind.name] ?? {};
      const own = [...values, ...near].map((sample) => typeof sample === "string" ? sample : sample[0]);
      for (const part of [...own, ...own.map((text) => text.slice(0, 12)), ...parts]) time(kind, part, 30_000);
    }
    expect(slow).toEqual([]);
  }, 120_000);
});

describe("findInMember", () => {
  const found = (name: string, text: string) =>
    findInMember(name, text, DEFAULT).map(({ start, end, kind }) => `${kind.name}: ${text.slice(start, end)}`);

  it("takes the name for a word nearby", () => {
    expect(found("ssn", "123456789")).toEqual(["us_ssn: 123456789"]);
    expect(found("id", "123456789")).toEqual([]);
    expect(found("customer_dni", "12345678Z")).toEqual(["es_dni: 12345678Z"]);
    expect(found("Authorization", "Bearer abc")).toEqual(["authorization: abc"]);
    expect(found("Cookie", "sid=abc123")).toEqual(["cookie: abc123"]);
  });

  it("does not tell of the value because of its name, nor of the name", () => {
    expect(found("password", "hunter2hunter2")).toEqual([]);
    expect(found("password", "x DB_PASSWORD=hunter22")).toEqual(["assigned_secret: hunter22"]);
    expect(found("4111 1111 1111 1111", "x")).toEqual([]);
    expect(found("n".repeat(100_000), "x")).toEqual([]);
  });
});

describe("partitionKinds", () => {
  it.each([1, 2, 28, 31, 500])("puts all kinds into at most %d groups", (count) => {
    const groups = partitionKinds(DEFAULT, count);
    expect(groups.length).toBeLessThanOrEqual(count);
    expect(groups.flatMap(({ kinds }) => kinds).toSorted((a, b) => a.name < b.name ? -1 : 1))
      .toEqual(DEFAULT.toSorted((a, b) => a.name < b.name ? -1 : 1));
    for (const { kinds, needles } of groups) expect(needles).toEqual(kinds.flatMap((kind) => kind.needles));
  });

  it("has no groups of no kinds", () => expect(partitionKinds([], 5)).toEqual([]));
});
