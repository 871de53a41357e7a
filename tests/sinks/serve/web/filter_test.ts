import { describe, expect, it } from "vitest";
import { FIELD_GROUPS, parseQuery } from "../../../../pipeline/query/mod.ts";
import type { FieldInfo } from "../../../../sinks/serve/web/api.ts";
import { complete } from "../../../../sinks/serve/web/model/complete.ts";

const FIELDS: readonly FieldInfo[] = FIELD_GROUPS.flatMap(({ title, fields }) =>
  fields.map((field) => ({
    name: field.name,
    group: title,
    type: field.type,
    summary: field.summary,
    example: field.example,
    ordered: "ordered" in field && field.ordered === true,
    ...("names" in field ? { names: field.names } : {}),
  }))
);
const KNOWN = { tool: ["search", "read file", 'a"b'], server: ["weather"] };

/** The filter after the first suggestion was taken; `|` is the caret. */
function taken(written: string): string | undefined {
  const caret = written.indexOf("|"), text = written.replace("|", "");
  const [first] = complete(text, caret, FIELDS, KNOWN);
  return first && text.slice(0, first.from) + first.text + text.slice(first.to);
}

describe("complete", () => {
  it("offers fields", () => {
    expect(taken("sev|")).toBe("severity:");
    expect(taken("tool:a -sta|")).toBe("tool:a -status:");
    expect(taken("(too|) tool:a")).toBe("(tool:) tool:a");
    expect(complete("", 0, FIELDS).length).toBeGreaterThan(5);
    expect(complete("zzz", 3, FIELDS)).toEqual([]);
  });

  it("offers what a field can be", () => {
    expect(taken("status:tool_e|")).toBe("status:tool_error ");
    expect(taken("tool:sea| latency>1s")).toBe("tool:search  latency>1s");
    expect(taken('tool:"read f|')).toBe(undefined); // a space stands in it: nothing is known of the part behind
    expect(taken("tool:read|")).toBe('tool:"read file" ');
    expect(taken("latency:1|")).toBe(undefined);
  });

  it("offers only what can be read", () => {
    for (const name of KNOWN.tool) {
      const [first] = complete(`tool:${name[0]}`, 6, FIELDS, KNOWN);
      expect(() => parseQuery(`tool:${name[0]}`.slice(0, first?.from) + first?.text)).not.toThrow();
    }
  });
});
