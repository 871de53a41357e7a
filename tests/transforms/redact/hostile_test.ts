import { describe, expect, it } from "vitest";
import { answer, call, shown } from "./_redact.ts";

/** Bytes of each text, and the longest that redacting it may take, in milliseconds: linear takes a tenth of it. */
const SIZE = 1_000_000, LONGEST = 8000;

const repeat = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length));
const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe("redact, hostile text", () => {
  const texts: Record<string, string> = {
    assignments: repeat("pin=1 "),
    "assignments of secrets": repeat("password=ab1cd2 "),
    "names with nothing": repeat("password:"),
    hyphens: repeat("--password "),
    "open quotes": repeat("secret='"),
    "open escaped quotes": repeat('secret=\\"'),
    backslashes: `password=${repeat("\\")}`,
    "escapes of backslashes": repeat("\\u005c"),
    percents: `token=${repeat("%25")}`,
    "percents with names": repeat("password%3Dabc123%20"),
    "JSON in JSON": repeat('{"password":"x1y2z3"}\n'),
    "open brackets": repeat("["),
    "open braces": repeat('{"password":'),
    "open strings": repeat('{"a":"\\u0041'),
    digits: repeat("4111 1111 1111 1111 "),
    "one word": `password=${repeat("a")}`,
    "URLs": repeat("https://a:b1c2d3@h/?token=x1y2z3&"),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`takes linear time for ${name}`, async () => {
      const started = performance.now();
      const raw = await shown(answer(text));
      expect(performance.now() - started).toBeLessThan(LONGEST);
      expect(() => JSON.parse(raw)).not.toThrow();
    }, 60_000);
  }
  it("follows nesting as deep as messages go", async () => {
    const inner = '{"password":"hunter2"}';
    const value = JSON.parse(`${"[".repeat(120)}${inner}${"]".repeat(120)}`);
    expect(await shown(call(value))).not.toContain("hunter2");
    const text = await shown(answer(`${'{"a":['.repeat(2000)}${inner}${"]}".repeat(2000)}`));
    expect(text).not.toContain("hunter2");
    expect(await shown(answer(deep("[", "]", 100_000)))).toContain("[[[[");
  });
  it("has many members and elements", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, k) => [`k-${k}`, k % 100 ? "a-b" : "password=x1y2z3"]),
    );
    const started = performance.now();
    expect(await shown(call(many))).not.toContain("x1y2z3");
    expect(performance.now() - started).toBeLessThan(LONGEST);
  });
});
