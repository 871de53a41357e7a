import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { complete } from "../../../commands/_top/completion.ts";
import { Document, type Node } from "../../../commands/_top/document.ts";
import { DocumentView, textOf } from "../../../commands/_top/document_view.ts";
import { Editor } from "../../../commands/_top/editor.ts";
import { Held } from "../../../commands/_top/held.ts";
import { jsonNodes } from "../../../commands/_top/json_nodes.ts";
import { actionOf, BINDINGS } from "../../../commands/_top/keys.ts";
import { List } from "../../../commands/_top/list.ts";
import { Meter } from "../../../commands/_top/meter.ts";
import { presses } from "../../../commands/_top/press.ts";
import { mustBeScreen } from "../../../commands/_top/refuse.ts";
import { Said } from "../../../commands/_top/said.ts";
import { writeNew } from "../../../commands/_top/write_new.ts";
import type { Json } from "../../../pipeline/event.ts";

const row = (id: number, value = "") => ({ id, value });

describe("List", () => {
  it("keeps what is chosen where it is while rows come and go", () => {
    const list = new List<{ id: number }>(({ id }) => id, false);
    list.set(Array.from({ length: 100 }, (_, i) => row(i)));
    list.window(10);
    list.go(50);
    const { from } = list.window(10);
    list.set(Array.from({ length: 100 }, (_, i) => row(i + 30)));
    expect(list.chosen?.id).toBe(50);
    expect(list.index - list.window(10).from).toBe(50 - from);
    list.set([]);
    expect([list.chosen, list.index, list.window(10).rows]).toEqual([undefined, 0, []]);
  });

  it("shows full pages", () => {
    const list = new List<{ id: number }>(({ id }) => id, true);
    list.set(Array.from({ length: 25 }, (_, i) => row(i)));
    expect(list.window(10).rows.map(({ id }) => id)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    list.page(-1);
    expect(list.index).toBe(15);
    list.page(-100);
    expect([list.index, list.follows]).toEqual([0, false]);
    list.page(0.5);
    expect(list.index).toBe(4);
  });
});

describe("Held", () => {
  it("keeps rows in the order of their ids, the newest up to its bound", () => {
    const held = new Held<{ id: number; value: string }>(5);
    held.put([row(3), row(5), row(4), row(3, "again")]);
    expect(held.rows().map(({ id, value }) => `${id}${value}`)).toEqual(["3again", "4", "5"]);
    held.put([row(6), row(7), row(8), row(2)]);
    expect(held.rows().map(({ id }) => id)).toEqual([4, 5, 6, 7, 8]);
    held.replace(6, [row(9), row(6)]);
    expect(held.rows().map(({ id }) => id)).toEqual([4, 5, 6, 9]);
    held.putOlder([row(5), row(3), row(2), row(1)]);
    expect(held.rows().map(({ id }) => id)).toEqual([3, 4, 5, 6, 9]);
  });
});

describe("Meter", () => {
  it("tells how many a second, over the last seconds", () => {
    const meter = new Meter();
    expect(meter.rate(1000)).toBe(0);
    for (let now = 10_000; now < 20_000; now += 100) meter.add(50, now);
    expect(meter.rate(20_000)).toBeGreaterThan(450);
    expect(meter.rate(20_000)).toBeLessThan(550);
    expect(meter.rate(40_000)).toBe(0);
  });
});

describe("Editor", () => {
  it("edits by graphemes", () => {
    const editor = new Editor("a👩‍👩‍👧b");
    for (const press of ["left", "backspace", "x"]) editor.press(press);
    expect([editor.text, editor.cursor]).toEqual(["axb", 2]);
    for (const press of ["home", "delete", "end", "space", "y", "ctrl-w"]) editor.press(press);
    expect(editor.text).toBe("xb ");
    expect(editor.press("ctrl-q")).toBe(false);
    editor.press("ctrl-u");
    expect(editor.text).toBe("");
  });

  it("takes no more than its limit", () => {
    const editor = new Editor("", 3);
    for (let i = 0; i < 10; i++) editor.press("a");
    expect(editor.text).toBe("aaa");
  });
});

describe("complete", () => {
  const texts = (text: string) =>
    complete(text, (field) => field === "tool" ? ["read_file", "read me", 'a"b'] : []).proposals.map(({ text }) =>
      text
    );

  it("proposes fields, negated ones too, and values of them", () => {
    expect(texts("tool:x lat")).toEqual(["latency>"]);
    expect(texts("-sev")).toEqual(["severity:"]);
    expect(texts("(sta")).toEqual(["status:"]);
    expect(texts("tool:re")).toEqual(["read_file", '"read me"']);
    expect(texts("tool:a")).toEqual(['"a\\"b"']);
    expect(texts("severity>=hi")).toEqual(["high"]);
    expect(texts("status:(ok|er")).toEqual(["error"]);
    expect(texts("nothing:x")).toEqual([]);
  });
});

describe("presses", () => {
  it("takes what was typed or pasted at once apart", () => {
    expect(presses("jj\r")).toEqual(["j", "j", "enter"]);
    expect(presses("a b\t\x7f")).toEqual(["a", "space", "b", "tab", "backspace"]);
    expect(presses("👩‍👩‍👧\x03")).toEqual(["👩‍👩‍👧", "ctrl-c"]);
  });
});

describe("keys", () => {
  it("do one thing in each place", () => {
    for (const where of ["lists", "documents"] as const) {
      const keys = BINDINGS.filter((one) => one.where === where || one.where === "everywhere").flatMap(({ keys }) =>
        keys
      );
      expect(new Set(keys).size).toBe(keys.length);
      for (const { keys: [key], action } of BINDINGS.filter((one) => one.where === where)) {
        expect(actionOf(key!, where)).toBe(action);
      }
    }
  });
});

describe("documents", () => {
  const json = (value: Json): Document =>
    new Document({ key: "x", title: "x", value, build: (columns) => jsonNodes("x", value, { columns, open: 1 }) });

  it("show large lists in pieces, and deep values down to a depth", () => {
    const wide = json(Array.from({ length: 1000 }, (_, i) => i));
    expect(wide.lines(80)).toHaveLength(201);
    expect(textOf(wide.lines(80).at(-1)!.node.pieces)).toBe("… 800 more");
    let deep: Json = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const view = new DocumentView();
    view.show({ key: "d", title: "d", value: 1, build: (columns) => jsonNodes("d", deep, { columns, open: 1 }) });
    view.unfoldAll();
    expect(textOf(view.lines(80, 200).at(-1)!.pieces)).toContain("nested too deep");
  });

  it("keep members of any name apart", () => {
    const document = json({ a: { "b/c": [1] }, "a/b": { c: [2] } });
    document.unfoldAll(document.source.build(80));
    const keys = document.lines(80).map(({ node }) => node.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("keep their folds when they are made anew", () => {
    const child: Node = { key: "child", pieces: [["plain", "inside"]] };
    const source = { key: "k", title: "t", value: 1, build: () => [{ key: "n", pieces: [], children: () => [child] }] };
    const first = new Document(source);
    first.fold(source.build()[0]!);
    expect(new Document(source, first).lines(80)).toHaveLength(2);
    expect(new Document({ ...source, key: "other" }, first).lines(80)).toHaveLength(1);
  });
});

describe("mustBeScreen", () => {
  it("names what to use where there is no screen", () => {
    const said = (source: string | undefined, isOutput: boolean, isInput: boolean, term: string | undefined) => {
      try {
        mustBeScreen(source, { isOutput, isInput, term });
        return "";
      } catch (error) {
        return String(error);
      }
    };
    expect(said(undefined, true, true, "xterm")).toBe("");
    expect(said(undefined, false, true, "xterm")).toMatch(
      /its output is no terminal; use mcpsonde, or mcpsonde --verbose/,
    );
    expect(said("x.capture", true, false, "xterm")).toMatch(
      /no keys can be read; use mcpsonde replay x\.capture --verbose/,
    );
    expect(said("http://h:1/#token=secret", true, true, "dumb")).toMatch(
      /TERM=dumb.*the page at http:\/\/h:1\/ in a browser$/,
    );
  });
});

describe("Said", () => {
  it("says on the screen what stages say, and below it once more if the pipeline has failed", () => {
    const out: string[] = [], taken: string[] = [];
    const said = new Said({ isTTY: true, write: (text) => out.push(text) });
    said.write("mcpsonde: before\n");
    said.divert((line) => taken.push(line));
    said.write("\x1b[33mmcpsonde: sinks.x: full\x1b[39m\n");
    expect([out, taken]).toEqual([["mcpsonde: before\n"], ["sinks.x: full"]]);
    said.release(true);
    said.write("after\n");
    expect(out).toEqual(["mcpsonde: before\n", "\x1b[33mmcpsonde: sinks.x: full\x1b[39m\n", "after\n"]);
  });
});

describe("writeNew", () => {
  async function* parts(...texts: string[]): AsyncGenerator<string> {
    for (const text of texts) yield await Promise.resolve(text);
  }

  it("writes a file for its owner only, never over another, and leaves no half of one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mcpsonde-top-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "a.json");
    expect(await writeNew("~/a.json", parts("x", "y".repeat(100_000)), folder)).toBe(path);
    expect((await readFile(path, "utf8")).length).toBe(100_001);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeNew(path, parts("x"))).rejects.toThrow(/is there already$/);
    await expect(writeNew(join(folder, "no/b"), parts("x"))).rejects.toThrow(/there is no such folder$/);
    const failing = async function* () {
      yield await Promise.resolve("x".repeat(100_000));
      throw new Error("connection lost");
    };
    await expect(writeNew(join(folder, "c"), failing())).rejects.toThrow(/connection lost/);
    await expect(stat(join(folder, "c"))).rejects.toThrow();
  });
});
