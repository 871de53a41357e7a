/**
 * The inventory for people.
 *
 * @module
 */
import type { Definition, McpServer } from "../../pipeline/context.ts";
import { render, type Span, wrapped } from "../../sinks/console/line.ts";
import type { Palette } from "../../sinks/console/palette.ts";
import { table } from "../_table.ts";
import { descriptionOf, placeOf, shown, timeOf, titleOf, tokensOf } from "./describe.ts";
import { several } from "../../pipeline/wording.ts";

/** How to show it. */
export interface TextOptions {
  readonly palette: Palette;
  readonly columns: number;
  /** Milliseconds since the epoch: days are left out if they are today. */
  readonly now: number;
  /** Whether to list tools. */
  readonly tools: boolean;
}

/** Digits of a hash that are shown. */
const DIGITS = 12;
/** Longest name of a tool. */
const NAME = 40;
/** Lines that a command line or an address may take. */
const LINES = 3;
/** Columns that the table may take where the terminal is narrower: it is not wrapped. */
const WIDEST = 160;

/** All servers, with tools if they are wanted. */
export function inventoryText(servers: readonly McpServer[], options: TextOptions): string {
  const { palette, columns } = options;
  if (servers.length === 0) return "No MCP server was seen.\n";
  const head = ["SERVER", "VIA", "PROTOCOL", "TOOLS", "TOKENS", "FIRST SEEN", "LAST SEEN"];
  const rows = servers.map((server) => row(server, options));
  // no cell is wider than its column, so each row is a line
  const [title = "", ...lines] = table([head.map(palette.dim), ...rows], Math.max(columns, WIDEST)).split("\n");
  const shown = servers.map((server, i) => `${lines[i]}\n${place(server, options)}`).join("");
  const tools = options.tools ? servers.map((server) => toolsText(server, options)).join("") : "";
  return `${title}\n${shown}${tools}\n${sum(servers)}\n`;
}

/** How it is reached and where it comes from, on lines of their own: both may be long. */
function place(server: McpServer, { palette, columns }: TextOptions): string {
  const spans: Span[] = [["plain", placeOf(server)]];
  if (server.package !== undefined) spans.push(["dim", `  ${shown(server.package, 100)}`]);
  const lines = wrapped([["plain", "  "], ...spans], columns, "    ", LINES);
  return lines.map((line) => `${render(line, columns, palette)}\n`).join("");
}

function row(server: McpServer, { palette, now }: TextOptions): string[] {
  const { tools, eras, transport, firstSeen, lastSeen } = server;
  return [
    palette.strong(titleOf(server)),
    transport === "http" && server.remote ? "http, far" : transport,
    shown(eras.join(", "), 34) || "?",
    tools.size === 0 ? "" : String(tools.size),
    tools.size === 0 ? "" : number(tokensOf(tools)),
    timeOf(firstSeen, now),
    timeOf(lastSeen, now),
  ];
}

function toolsText(server: McpServer, { palette, columns }: TextOptions): string {
  const title = `\n${palette.strong(titleOf(server))}`;
  if (server.tools.size === 0) return `${title}: its tools were not asked for\n`;
  const rows = [...server.tools.values()].map((tool) => [
    `  ${shown(tool.name, NAME)}`,
    number(tool.tokens),
    hash(tool),
    descriptionOf(tool),
  ]);
  return `${title}\n${table([["  TOOL", "TOKENS", "SHA-256", "DESCRIPTION"].map(palette.dim), ...rows], columns)}`;
}

function sum(servers: readonly McpServer[]): string {
  let tools = 0, tokens = 0;
  for (const server of servers) {
    tools += server.tools.size;
    tokens += tokensOf(server.tools);
  }
  const take = tools === 0 ? "" : `, which take ${number(tokens)} tokens of a model's context`;
  return `${several(servers.length, "server")}, ${several(tools, "tool")}${take}`;
}

function hash({ hash }: Definition): string {
  return hash.slice(0, DIGITS);
}

/** About so many: an estimate. */
function number(count: number): string {
  return Number.isNaN(count) ? "?" : count.toLocaleString("en-GB");
}
