/**
 * Params, result or error in full below a message's line, within bounds: pretty-printed JSON in which what is short
 * stays on one line.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { render, type Span } from "./line.ts";
import type { Palette } from "./palette.ts";
import { visible } from "./visible.ts";
import { leading, width } from "./width.ts";

/** Most lines shown of one message. */
const MOST_LINES = 60;
/** Deepest nesting shown. */
const DEEPEST = 24;
/** What detail lines begin with: as much as the time takes. */
export const INDENT = "              ";

/** The detail lines of a message, each with its newline; empty where there is nothing to show. */
export function detail(event: McpEvent, columns: number, palette: Palette): string {
  return detailLines(event, columns - INDENT.length, palette).map((line) => line === "" ? "\n" : `${INDENT}${line}\n`)
    .join("");
}

/** The same without indentation, a string each. */
export function detailLines(event: McpEvent, columns: number, palette: Palette): string[] {
  const value = event.type === "malformed" ? event.raw : event.params ?? event.result ?? event.error;
  if (value === undefined || isEmpty(value)) return [];
  const room = Math.max(40, columns);
  const printer = new Printer(room);
  printer.value("", value, "", 0);
  const lines = printer.lines.map((spans) => render(spans, room, palette));
  return printer.isCut ? [...lines, palette.dim("…")] : lines;
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

class Printer {
  readonly lines: Span[][] = [];
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get isCut(): boolean {
    return this.lines.length >= MOST_LINES;
  }

  value(key: string, value: Json, comma: string, depth: number): void {
    if (this.isCut) return;
    const indent = "  ".repeat(depth);
    const label = key === "" ? "" : `${visible(JSON.stringify(key))}: `;
    const room = this.#columns - indent.length - label.length - comma.length;
    const flat = flatten(value, room);
    if (flat !== undefined || depth >= DEEPEST) {
      this.lines.push([["dim", indent + label], ["plain", flat ?? "…"], ["dim", comma]]);
    } else if (typeof value === "string") {
      this.#text(indent + label, value, comma);
    } else if (typeof value === "object" && value !== null) {
      this.#members(indent, label, value, comma, depth);
    } else {
      this.lines.push([["dim", indent + label], ["plain", String(value)], ["dim", comma]]);
    }
  }

  #members(
    indent: string,
    label: string,
    value: Exclude<Json, string | number | boolean | null>,
    comma: string,
    depth: number,
  ): void {
    const isArray = Array.isArray(value);
    this.lines.push([["dim", `${indent}${label}${isArray ? "[" : "{"}`]]);
    const entries = Object.entries(value);
    entries.forEach(([key, item], i) =>
      this.value(isArray ? "" : key, item, i < entries.length - 1 ? "," : "", depth + 1)
    );
    if (!this.isCut) this.lines.push([["dim", `${indent}${isArray ? "]" : "}"}${comma}`]]);
  }

  /** A long string: its own lines, wrapped, the closing quote on the last. */
  #text(lead: string, value: string, comma: string): void {
    const room = Math.max(20, this.#columns - lead.length - 2);
    const pieces = wrap(value, room, MOST_LINES - this.lines.length);
    pieces.forEach((piece, i) => {
      const start = i === 0 ? `${lead}"` : " ".repeat(lead.length + 1);
      this.lines.push([["dim", start], ["plain", piece], ["dim", i === pieces.length - 1 ? `"${comma}` : ""]]);
    });
  }
}

/** The value on one line, or undefined if it takes more than `room` columns or has line breaks. */
function flatten(value: Json, room: number): string | undefined {
  if (typeof value === "string" && (value.length > room || value.includes("\n"))) return undefined;
  if (typeof value === "object" && value !== null && Object.keys(value).length > room / 3) return undefined;
  const text = typeof value === "object" && value !== null ? spaced(value, room, 0) : JSON.stringify(value);
  if (text === undefined) return undefined;
  const shown = visible(text);
  return width(shown) <= room ? shown : undefined;
}

function spaced(value: Json, room: number, depth: number): string | undefined {
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" && value.length > room ? undefined : JSON.stringify(value);
  }
  if (depth > 4) return undefined;
  const isArray = Array.isArray(value);
  const parts: string[] = [];
  let used = 4;
  for (const [key, item] of Object.entries(value)) {
    const text = spaced(item, room - used, depth + 1);
    if (text === undefined) return undefined;
    parts.push(isArray ? text : `${JSON.stringify(key)}: ${text}`);
    used += text.length + 2;
    if (used > room + 4) return undefined;
  }
  if (parts.length === 0) return isArray ? "[]" : "{}";
  return isArray ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}

/** The text's lines, each cut to `room` columns, after a blank where there is one near the end. */
function wrap(text: string, room: number, most: number): string[] {
  const pieces: string[] = [];
  for (const line of text.split("\n", most + 1)) {
    let rest = visible(line);
    do {
      if (pieces.length >= most) return pieces;
      let piece = leading(rest, room) || rest;
      const blank = piece.lastIndexOf(" ") + 1;
      if (piece.length < rest.length && blank > piece.length * 0.7) piece = piece.slice(0, blank);
      pieces.push(piece);
      rest = rest.slice(piece.length);
    } while (rest !== "");
  }
  return pieces;
}
