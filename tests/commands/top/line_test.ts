import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { type Column, headLine, place, rowLine } from "../../../commands/_top/columns.ts";
import { draw, fit, paintFor, piece, piecesWidth, spread } from "../../../commands/_top/line.ts";
import { CALLS } from "../../../commands/_top/tables/calls.ts";
import { FINDINGS } from "../../../commands/_top/tables/findings.ts";
import { SERVERS } from "../../../commands/_top/tables/servers.ts";
import { wrapText } from "../../../commands/_top/wrap.ts";
import { call } from "./_feed.ts";

/** Characters that go wrong: controls, wide ones, emoji, marks, lone surrogates. */
const hostile = fc.array(
  fc.constantFrom("a", " ", "\x1b", "[2J", "\n", "\t", "日", "👩‍👩‍👧", "e\u0301", "\u202e", "\ud800", "ﷺ", "x".repeat(50)),
  { maxLength: 40 },
).map((parts) => parts.join(""));

/** What a terminal sees of a line, without its colours. */
function plain(line: string): string {
  // deno-lint-ignore no-control-regex
  return line.replace(/\x1b\[[\d;]*m/g, "");
}

describe("lines of the screen", () => {
  it("fill their columns exactly, and move nothing, whatever text they have", () => {
    fc.assert(fc.property(fc.array(hostile, { maxLength: 5 }), fc.integer({ min: 1, max: 130 }), (texts, columns) => {
      const pieces = texts.map((text) => piece("plain", text));
      expect(piecesWidth(fit(pieces, columns))).toBe(columns);
      const line = plain(draw({ pieces }, columns, paintFor(true)));
      // deno-lint-ignore no-control-regex
      expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    }));
  });

  it("end in … if something was cut, and only then", () => {
    const text = (columns: number) => fit([["plain", "abc"], ["dim", "def"]], columns).map(([, part]) => part).join("");
    expect([text(7), text(6), text(5), text(3), text(2)]).toEqual(["abcdef ", "abcdef", "abcd…", "ab…", "a…"]);
    expect(fit([["plain", "12"]], 5, "right").map(([, part]) => part).join("")).toBe("   12");
  });

  it("let what is at the left give way", () => {
    const text = (columns: number) =>
      spread([["plain", "left side"]], [["dim", "right"]], columns).map(([, part]) => part);
    expect(text(20).join("")).toBe("left side      right");
    expect(text(12).join("")).toBe("left…  right");
    expect(text(6).join("")).toBe("left …");
  });

  it("mark the chosen one by reverse video, also without colours", () => {
    expect(draw({ pieces: [["bad", "x"]], chosen: true }, 3, paintFor(false))).toBe("\x1b[7mx  \x1b[27m");
    expect(draw({ pieces: [["bad", "x"]] }, 3, paintFor(false))).toBe("x  ");
    expect(draw({ pieces: [["bad", "x"]] }, 2, paintFor(true))).toBe("\x1b[31mx\x1b[39m ");
  });
});

describe("tables of the screen", () => {
  it("fit into any width from 40 columns on", () => {
    const tables: readonly { columns(columns: number, rows: readonly never[]): readonly Column<never>[] }[] = [
      CALLS,
      SERVERS,
      FINDINGS,
    ];
    for (const table of tables) {
      for (let columns = 40; columns <= 320; columns++) {
        const placed = place(table.columns(columns, []), columns);
        const { pieces } = headLine(placed, columns);
        expect(piecesWidth(pieces)).toBeLessThanOrEqual(columns);
        expect(placed.length).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it("give columns that matter less up first", () => {
    const titles = (columns: number) =>
      place(CALLS.columns(columns, [call(1, { tokens_out: 5 })]), columns).map(({ column }) => column.title);
    expect(titles(130)).toEqual(["TIME", "CLIENT", "SERVER", "CALL", "!", "STATUS", "TOOK", "IN", "OUT", "TOKENS"]);
    expect(titles(80)).toEqual(["TIME", "SERVER", "CALL", "!", "STATUS", "TOOK"]);
    expect(titles(40)).toEqual(["TIME", "CALL", "!", "", "TOOK"]);
  });

  it("align wide characters", () => {
    const placed = place(CALLS.columns(80, []), 80);
    const rows = ["abcdefgh", "日本語", "👩‍👩‍👧 family"].map((name) => {
      const { pieces } = rowLine(placed, call(1, { name, server_name: name }), 80, 0, false);
      return stringWidth(pieces.map(([, text]) => text).join(""));
    });
    expect(new Set(rows).size).toBe(1);
  });
});

describe("wrapText", () => {
  it("loses nothing but blanks, and keeps to the width", () => {
    fc.assert(fc.property(hostile, fc.integer({ min: 8, max: 60 }), (text, columns) => {
      const lines = wrapText(text, columns);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }));
    expect(wrapText("one two three\r\nfour", 9)).toEqual(["one two", "three", "four"]);
    expect(wrapText("a".repeat(20), 8)).toEqual(["aaaaaaaa", "aaaaaaaa", "aaaa"]);
  });

  it("is bounded", () => {
    expect(wrapText("\n".repeat(1_000_000), 80)).toHaveLength(2001);
    expect(wrapText("x".repeat(10_000_000), 8).length).toBe(2001);
  });
});
