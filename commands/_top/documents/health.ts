/**
 * How the pipeline is: rates, counters of its stages, what they said.
 *
 * @module
 */
import type { MetricsSnapshot, NodeSnapshot } from "../../../pipeline/metrics.ts";
import type { RateRow } from "../../../pipeline/store/rows.ts";
import { count, duration } from "../../../sinks/console/units.ts";
import type { Data } from "../data.ts";
import type { DocumentSource, Node } from "../document.ts";
import { fit, type Look, type Piece, piece } from "../line.ts";
import { section } from "./parts.ts";

/** Reasons why events are dropped as the user wants them to be. */
const WANTED: ReadonlySet<string> = new Set(["filtered", "sampled"]);
const BARS = "▁▂▃▄▅▆▇█";
/** Columns of a chart's name, and of its largest value. */
const LABEL = 10, MOST = 12;

/** The document. `log`: what stages said, oldest first. */
export function healthDocument(data: Data, log: readonly string[]): DocumentSource {
  return {
    key: "health",
    title: "health",
    value: { metrics: data.health, rates: data.rates, log },
    build: (columns) => {
      const nodes = stages(data, columns);
      return [
        { key: "what", pieces: [["strong", "Health"], ["dim", `  ${since(data)}`]] },
        ...trouble(data),
        ...section("rates", "Rates", rates(data, columns), true),
        ...section("pipeline", "Pipeline", nodes, true),
        ...section("log", "What stages said", log.map((text, i) => said(text, i)), true),
      ];
    },
  };
}

/** Events that were dropped though nobody wanted that. */
export function droppedBy({ dropped }: NodeSnapshot): number {
  return Object.entries(dropped).reduce((sum, [reason, events]) => WANTED.has(reason) ? sum : sum + events, 0);
}

/** Likewise, of a whole pipeline. */
export function droppedIn(metrics: MetricsSnapshot | undefined): number {
  return metrics?.nodes.reduce((sum, node) => sum + droppedBy(node), 0) ?? 0;
}

function since({ health }: Data): string {
  return health === undefined
    ? "no pipeline feeds this: it is a recording"
    : `the pipeline runs for ${duration(health.uptime_ms)}`;
}

function trouble({ trouble, gaps }: Data): Node[] {
  return [
    ...(trouble === undefined ? [] : [{ key: "trouble", pieces: [piece("bad", trouble)] } satisfies Node]),
    ...(gaps === 0 ? [] : [
      {
        key: "gaps",
        pieces: [["warn", `${count(gaps)} gaps: something could not be seen`]],
      } satisfies Node,
    ]),
  ];
}

function rates({ rates, rateStep }: Data, columns: number): Node[] {
  if (rates.length === 0) return [];
  const step = (ms: number) => Math.round(ms / rateStep);
  const from = rates[0]!.time;
  const series = (
    look: Look,
    label: string,
    of: (row: RateRow) => number | undefined,
    said: (most: number) => string,
  ) => {
    const values: number[] = [];
    for (const row of rates) values[Math.min(step(row.time - from), 200)] = of(row) ?? 0;
    const filled = Array.from(values, (value = 0) => value);
    const most = filled.reduce((max, value) => Math.max(max, value), 0);
    if (most === 0) return [];
    const bars = filled.map((value) => value === 0 ? " " : BARS[Math.min(7, Math.floor(value / most * 7.99))]).join("");
    const shown = bars.slice(-Math.max(8, columns - INDENT - LABEL - MOST - 1));
    const pieces: Piece[] = [["dim", label.padEnd(LABEL)], ...fit([["plain", said(most)]], MOST), ["plain", " "], [
      look,
      shown,
    ]];
    return [{ key: label, pieces } satisfies Node];
  };
  const perSecond = (most: number) => rateStep >= 1000 ? `≤ ${rate(most * 1000 / rateStep)}` : `≤ ${count(most)}`;
  return [
    ...series("party0", "calls", ({ calls }) => calls, perSecond),
    ...series("bad", "errors", ({ errors }) => errors, perSecond),
    ...series("warn", "findings", ({ findings }) => findings, perSecond),
    ...series("party1", "p50", ({ p50_ms }) => p50_ms, (most) => `≤ ${duration(most)}`),
    ...series("party1", "p95", ({ p95_ms }) => p95_ms, (most) => `≤ ${duration(most)}`),
  ];
}

/** `1,204/s`. */
export function rate(perSecond: number): string {
  return `${perSecond < 9.95 && perSecond > 0 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`;
}

/** Columns of the terminal: STAGE has what is left. */
const COLUMNS = [
  { title: "STAGE", width: 0, align: "left", isNarrow: true },
  { title: "TYPE", width: 9, align: "left", isNarrow: false },
  { title: "IN", width: 9, align: "right", isNarrow: false },
  { title: "OUT", width: 9, align: "right", isNarrow: true },
  { title: "DROPPED", width: 8, align: "right", isNarrow: true },
  { title: "ERRORS", width: 6, align: "right", isNarrow: false },
  { title: "BUSY", width: 5, align: "right", isNarrow: false },
] as const;
/** What stands to the left of a stage, and widest name of one. */
const INDENT = 5, WIDEST = 34;

function stages({ health, healthBefore }: Data, columns: number): Node[] {
  if (health === undefined) return [];
  const ms = healthBefore === undefined ? health.uptime_ms : health.time - healthBefore.time;
  const before = new Map(healthBefore?.nodes.map((node) => [node.node, node]));
  const shown = COLUMNS.filter(({ isNarrow }) => columns >= 72 || isNarrow);
  const room = columns - INDENT - shown.reduce((sum, { width }) => sum + width + 1, 0);
  const row = (cells?: Readonly<Record<typeof COLUMNS[number]["title"], Piece>>): Piece[] =>
    shown.flatMap(({ title, width, align }) => [
      ...fit([cells?.[title] ?? ["heading", title]], width === 0 ? Math.min(room, WIDEST) : width, align),
      ["plain", " "] as Piece,
    ]);
  const perSecond = (now: number, then = 0): Piece =>
    now === 0 || ms <= 0 ? ["dim", "–"] : ["plain", rate(Math.max(0, now - then) * 1000 / ms)];
  const bad = (value: number): Piece => value === 0 ? ["dim", "–"] : ["bad", count(value)];
  return [
    { key: "stages", pieces: row() },
    ...health.nodes.map((node): Node => {
      const old = before.get(node.node);
      const busy = ms <= 0 ? 0 : Math.max(0, node.busy_ms - (old?.busy_ms ?? 0)) / ms;
      const inside = insides(node);
      return {
        key: `stage ${node.node}`,
        pieces: row({
          STAGE: piece("plain", node.node),
          TYPE: piece("dim", node.type),
          IN: perSecond(node.received, old?.received),
          OUT: perSecond(node.sent, old?.sent),
          DROPPED: bad(droppedBy(node)),
          ERRORS: bad(Object.values(node.errors).reduce((sum, value) => sum + value, 0)),
          BUSY: ["dim", `${Math.round(Math.min(1, busy) * 100)} %`],
        }),
        ...(inside.length === 0 ? {} : { children: () => inside }),
      };
    }),
  ];
}

function insides(node: NodeSnapshot): Node[] {
  const list = (what: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]): Node => ({
      key: `${node.node} ${what} ${name}`,
      pieces: [piece("dim", `${what === "" ? "" : `${what}: `}${name}  `), ["plain", count(value)]],
    }));
  return [
    ...list("in all", { received: node.received, sent: node.sent }),
    ...list("dropped", node.dropped),
    ...list("errors", node.errors),
    ...list("", node.gauges),
  ];
}

function said(text: string, i: number): Node {
  return { key: `log ${i}`, pieces: [piece("plain", text)], text: () => text };
}
