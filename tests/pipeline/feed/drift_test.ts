import { describe, expect, it } from "vitest";
import type { BaselineServer } from "../../../pipeline/baseline/mod.ts";
import { driftRows } from "../../../pipeline/feed/drift.ts";

const hash = (text: string) => text.padEnd(64, "0");
const list = (...tools: readonly (readonly [name: string, description: string])[]) =>
  new Map(tools.map(([name, description]) => [name, { hash: hash(description), value: { name, description } }]));

const drift = (accepted: BaselineServer["accepted"], seen: BaselineServer["seen"]) => driftRows({ accepted, seen });

describe("driftRows", () => {
  it("is empty where nothing differs, or nothing was seen", () => {
    expect(drift({ tools: list(["a", "x"]) }, {})).toEqual([]);
    expect(drift({ tools: list(["a", "x"]) }, { tools: list(["a", "x"]) })).toEqual([]);
    expect(drift({}, { tools: list(["a", "x"]) })).toEqual([]);
  });

  it("names what came, went and changed, with lines for people", () => {
    const before = list(["gone", "1"], ["same", "2"], ["other", "reads a file"]);
    const after = list(["new", "3"], ["same", "2"], ["other", "reads a file\nand sends it"]);
    expect(drift({ tools: before }, { tools: after })).toEqual([
      {
        kind: "changed",
        what: "tool",
        name: "other",
        diff: [" description", "-reads a file", "+reads a file", "+and sends it"],
      },
      { kind: "added", what: "tool", name: "new" },
      { kind: "removed", what: "tool", name: "gone" },
    ]);
  });

  it("shows another name as a change", () => {
    const text = "reads the file that the path names, as text";
    const [row, ...rest] = drift({ tools: list(["read", text]) }, { tools: list(["read_file", text]) });
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ kind: "changed", what: "tool", name: "read_file" });
    expect(row?.diff?.slice(0, 3)).toEqual([" name", "-read", "+read_file"]);
  });

  it("knows prompts and instructions", () => {
    const one = (text: string) => new Map([["instructions", { hash: hash(text), value: { instructions: text } }]]);
    const rows = drift({ prompts: list(["p", "1"]), instructions: one("a") }, {
      prompts: list(["p", "2"]),
      instructions: one("b"),
    });
    expect(rows.map(({ kind, what }) => `${kind} ${what}`)).toEqual(["changed prompt", "changed instructions"]);
  });
});
