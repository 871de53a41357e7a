/**
 * The whole screen, line by line.
 *
 * @module
 */
import { count, plural } from "../../sinks/console/units.ts";
import { width } from "../../sinks/console/width.ts";
import { droppedIn, rate } from "./documents/health.ts";
import { helpLines } from "./help.ts";
import { BINDINGS } from "./keys.ts";
import { type Line, type Piece, piece, piecesWidth, spread } from "./line.ts";
import { promptLines } from "./prompt_lines.ts";
import { type Top, type ViewName, VIEWS } from "./top.ts";

/** The smallest screen that something can be seen on. */
export const SMALLEST = { columns: 40, rows: 10 };

/** The screen: exactly `rows` lines. */
export function frame(top: Top, columns: number, rows: number): Line[] {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(columns, rows);
  top.listView?.update();
  const head = [titleLine(top, columns), tabLine(top, columns)];
  const foot = top.prompt === undefined
    ? [statusLine(top, columns), hintLine(top, columns)]
    : promptLines(top.prompt, columns, Math.max(2, Math.min(10, rows - 6)));
  const height = rows - head.length - foot.length;
  const body = bodyLines(top, columns, height).slice(0, height);
  const filler = Array.from({ length: height - body.length }, (): Line => ({ pieces: [] }));
  return [...head, ...body, ...filler, ...foot];
}

function tooSmall(columns: number, rows: number): Line[] {
  const text = [`too small: ${columns}x${rows},`, `needs ${SMALLEST.columns}x${SMALLEST.rows}; q quits`];
  const lines = text.slice(0, rows).map((line): Line => ({ pieces: [["warn", line]] }));
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => ({ pieces: [] }))];
}

function titleLine(top: Top, columns: number): Line {
  const { mode, isPaused, title } = top;
  const state: Piece = isPaused ? ["mark", " PAUSED "] : mode === "file" ? ["dim", "recording"] : ["good", mode];
  const left: Piece[] = [["strong", " mcpsonde "], ["dim", "top  "], piece("plain", title)];
  return { pieces: spread(left, [state, ["plain", " "]], columns) };
}

const TABS: Readonly<Record<ViewName, string>> = {
  calls: "Calls",
  servers: "Servers",
  findings: "Findings",
  detail: "Detail",
  health: "Health",
};

function tabLine(top: Top, columns: number): Line {
  const { calls, findings } = top.data;
  const counts: Readonly<Partial<Record<ViewName, string>>> = {
    calls: `${count(calls.rows().length)}${calls.more ? "+" : ""}`,
    servers: count(top.data.servers.length),
    findings: `${count(findings.rows().length)}${findings.more ? "+" : ""}`,
  };
  const isBad = droppedIn(top.data.health) > 0 || top.data.trouble !== undefined;
  const tabs = (withCounts: boolean, withNumbers: boolean): Piece[] =>
    VIEWS.flatMap((view, i): Piece[] => {
      const number = withNumbers ? `${i + 1} ` : "";
      const total = withCounts && counts[view] !== undefined ? ` ${counts[view]}` : "";
      if (view === top.view) return [["tab", ` ${number}${TABS[view]}${total} `], ["plain", " "]];
      return [
        ["dim", ` ${number}`],
        [view === "health" && isBad ? "bad" : "plain", TABS[view]],
        [view === "findings" && counts.findings !== "0" ? "warn" : "dim", `${total} `],
        ["plain", " "],
      ];
    });
  const ways = [tabs(true, true), tabs(false, true), tabs(false, false)];
  return { pieces: ways.find((pieces) => piecesWidth(pieces) <= columns) ?? ways.at(-1)! };
}

function bodyLines(top: Top, columns: number, height: number): Line[] {
  if (top.showsHelp) return helpLines(columns, height);
  const { listView, documentView } = top;
  if (documentView !== undefined) {
    if (documentView.document !== undefined) return documentView.lines(columns, height);
    return message([
      top.view === "health" ? "one moment …" : "nothing is chosen: Enter in a list opens what is under the cursor",
    ]);
  }
  const lines = listView!.lines(columns, height, top.now());
  return lines.length > 1 ? lines : [...lines, ...message(nothing(top))];
}

function message(lines: readonly string[]): Line[] {
  return [{ pieces: [] }, ...lines.map((line): Line => ({ pieces: [piece("dim", `   ${line}`)] }))];
}

function nothing({ rows, listView, mode, data }: Top): string[] {
  const { empty } = listView!.table;
  if (data.trouble !== undefined) return [data.trouble, "trying again …"];
  if (rows !== undefined && rows.filter !== "") return [`${empty} match  ${rows.filter}`, "Esc takes the filter off"];
  return mode === "file" ? [`${empty} in this recording`] : [`${empty} yet: waiting for MCP traffic …`];
}

function statusLine(top: Top, columns: number): Line {
  const { notice, data, listView, documentView, rows, mode } = top;
  if (notice !== undefined) return { pieces: [["plain", " "], piece(notice.look, notice.text)] };
  const left: Piece[] = [["plain", " "]];
  const list = (listView ?? documentView)!.list;
  if (list.rows.length > 0) {
    left.push(["plain", count(list.index + 1)], ["dim", ` of ${count(list.rows.length)}`]);
    if (rows?.more) left.push(["dim", "+"]);
  }
  if (listView !== undefined && mode !== "file" && list.follows) left.push(["good", "  following"]);
  if (rows !== undefined && rows.waiting > 0) {
    left.push(["warn", `  ${plural(rows.waiting, "new")}`.replace(/news$/, "new")]);
  }
  if (rows !== undefined && rows.filter !== "") left.push(["dim", "  filter "], piece("ask", rows.filter));
  if (data.trouble !== undefined) left.push(piece("bad", `  ${data.trouble}`));
  return { pieces: spread(left, [...figures(top, columns), ["plain", " "]], columns) };
}

/** Rates and losses; of a recording what there is in all. */
function figures({ data, mode, now }: Top, columns: number): Piece[] {
  const dropped = droppedIn(data.health);
  const lost: Piece[] = [
    [dropped > 0 ? "bad" : "dim", `${count(dropped)} dropped`],
    ...(data.gaps > 0 ? [["warn", `  ${plural(data.gaps, "gap")}`] as Piece] : []),
  ];
  if (mode === "file") return [];
  const time = now();
  const calls = rate(data.callMeter.rate(time)).replace("/s", " calls/s");
  if (columns < 60) return [["plain", calls], ...(dropped > 0 ? [["plain", "  "] as Piece, ...lost] : [])];
  const { eventRate } = data;
  const events = eventRate === undefined ? "" : `${rate(eventRate).replace("/s", " events/s")}  `;
  return [["plain", `${events}${calls}  `], ...lost];
}

function hintLine(top: Top, columns: number): Line {
  const where = top.listView === undefined ? "documents" : "lists";
  const hints = BINDINGS.filter((one) =>
    one.hint !== undefined && (one.where === where || one.where === "everywhere") &&
    (!one.live || top.mode !== "file") &&
    (top.view !== "servers" || (one.action !== "filter" && one.action !== "follow"))
  );
  const pieces = (from: typeof hints): Piece[] => [
    ["plain", " "],
    ...from.flatMap(({ shown, hint = "", action }): Piece[] => [
      ["key", shown],
      ["dim", ` ${action === "pause" && top.isPaused ? "go on" : hint}  `],
    ]),
  ];
  // help and quit stay
  let shown = hints;
  while (shown.length > 2 && lineWidth(pieces(shown)) > columns + 2) shown = shown.toSpliced(shown.length - 3, 1);
  return { pieces: pieces(shown) };
}

function lineWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, [, text]) => sum + width(text), 0);
}
