/**
 * What differs between two captures.
 *
 * @module
 */
import { type FieldChange, fieldChanges } from "../../pipeline/baseline/text_diff.ts";
import type { Json } from "../../pipeline/event.ts";
import type { FindingRow, ServerRow, ToolRow } from "../../pipeline/store/rows.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { type CallStats, callStats } from "./stats.ts";

/** A server of either capture, or of both. */
export interface ServerDiff {
  readonly name: string;
  readonly kind: "added" | "removed" | "same" | "changed";
  readonly key: string;
  /** Version, package, instructions and the like. */
  readonly fields: readonly FieldChange[];
  readonly tools: readonly ToolDiff[];
}

/** An entry of a server's lists that differs. */
export interface ToolDiff {
  readonly kind: "added" | "removed" | "changed";
  readonly what: ToolRow["kind"];
  readonly name: string;
  readonly fields: readonly FieldChange[];
}

/** Calls of one kind in both. */
export interface CallDiff {
  readonly server: string;
  readonly method: string;
  readonly name: string | undefined;
  readonly before: CallStats | undefined;
  readonly after: CallStats | undefined;
}

/** Findings that only one of them has. */
export interface FindingDiff {
  readonly kind: "new" | "gone";
  readonly rule: string;
  readonly severity: FindingRow["severity"];
  readonly server: string | undefined;
  readonly count: number;
  /** Of the first. */
  readonly message: string;
}

/** All of it. */
export interface Difference {
  readonly servers: readonly ServerDiff[];
  readonly calls: readonly CallDiff[];
  readonly findings: readonly FindingDiff[];
}

/** Compares. */
export function compare(before: Store, after: Store): Difference {
  const pairs = paired(before.servers(), after.servers());
  const names = new Map(pairs.flatMap(({ a, b }) => a === undefined || b === undefined ? [] : [[a.key, b.key]]));
  const toolsBefore = byServer(before.tools(true)), toolsAfter = byServer(after.tools(true));
  const servers = pairs.map(({ a, b }): ServerDiff => {
    const one = (b ?? a)!;
    if (a === undefined || b === undefined) {
      const kind = a === undefined ? "added" : "removed";
      return { name: one.name, key: one.key, kind, fields: [], tools: [] };
    }
    const fields = fieldChanges(shownOf(a), shownOf(b));
    const tools = compareTools(toolsBefore.get(a.key) ?? [], toolsAfter.get(b.key) ?? []);
    return { name: b.name, key: b.key, kind: fields.length + tools.length > 0 ? "changed" : "same", fields, tools };
  });
  return { servers, calls: compareCalls(before, after, names), findings: compareFindings(before, after) };
}

interface Pair {
  readonly a: ServerRow | undefined;
  readonly b: ServerRow | undefined;
}

/** By key; those that are left by name, as command lines and ports differ from machine to machine. */
function paired(before: readonly ServerRow[], after: readonly ServerRow[]): Pair[] {
  const left = new Map(after.map((server) => [server.key, server]));
  const pairs: Pair[] = [], alone: ServerRow[] = [];
  for (const a of before) {
    const b = left.get(a.key);
    if (b === undefined) alone.push(a);
    else pairs.push({ a, b });
    left.delete(a.key);
  }
  for (const a of alone) {
    const namesakes = [...left.values()].filter(({ name }) => name === a.name);
    const b = namesakes.find(({ transport }) => transport === a.transport) ?? namesakes[0];
    if (b !== undefined) left.delete(b.key);
    pairs.push({ a, b });
  }
  return [...pairs, ...[...left.values()].map((b): Pair => ({ a: undefined, b }))];
}

function shownOf({ version, package: from, instructions, executable_hash: hash, eras, transport }: ServerRow): Json {
  return {
    ...(version === undefined ? {} : { version }),
    ...(from === undefined ? {} : { package: from }),
    ...(hash === undefined ? {} : { executable_hash: hash }),
    ...(instructions === undefined ? {} : { instructions }),
    eras: [...eras].sort().join(", "),
    transport,
  };
}

function byServer(tools: readonly ToolRow[]): ReadonlyMap<string, readonly ToolRow[]> {
  return Map.groupBy(tools, ({ server }) => server);
}

function compareTools(before: readonly ToolRow[], after: readonly ToolRow[]): ToolDiff[] {
  const id = ({ kind, name }: ToolRow) => `${kind}\0${name}`;
  const left = new Map(after.map((tool) => [id(tool), tool]));
  const found: ToolDiff[] = [];
  for (const tool of before) {
    const other = left.get(id(tool));
    left.delete(id(tool));
    const { kind: what, name } = tool;
    if (other === undefined) found.push({ kind: "removed", what, name, fields: [] });
    else if (other.hash !== tool.hash) {
      found.push({ kind: "changed", what, name, fields: fieldChanges(tool.definition, other.definition) });
    }
  }
  const added = [...left.values()].map(({ kind: what, name }): ToolDiff => ({ kind: "added", what, name, fields: [] }));
  return [...added, ...found];
}

function compareCalls(before: Store, after: Store, names: ReadonlyMap<string, string>): CallDiff[] {
  const found = new Map<string, { -readonly [K in keyof CallDiff]: CallDiff[K] }>();
  const add = (store: Store, side: "before" | "after") => {
    for (const { server, serverKey, method, name, stats } of callStats(store)) {
      const key = [side === "before" ? names.get(serverKey) ?? serverKey : serverKey, method, name].join("\0");
      const known = found.get(key);
      if (known !== undefined) known[side] = stats;
      else found.set(key, { server, method, name, before: undefined, after: undefined, [side]: stats });
    }
  };
  add(before, "before");
  add(after, "after");
  return [...found.values()].sort((a, b) =>
    order(a.server, b.server) || order(a.method, b.method) || order(a.name, b.name)
  );
}

function order(a: string | undefined, b: string | undefined): number {
  return a === b ? 0 : (a ?? "") < (b ?? "") ? -1 : 1;
}

function compareFindings(before: Store, after: Store): FindingDiff[] {
  const a = grouped(before), b = grouped(after);
  const only = (kind: "new" | "gone", of: typeof a, others: typeof a): FindingDiff[] =>
    [...of].flatMap(([key, one]) => others.has(key) ? [] : [{ kind, ...one }]);
  return [...only("new", b, a), ...only("gone", a, b)];
}

function grouped(store: Store): Map<string, Omit<FindingDiff, "kind">> {
  const found = new Map<
    string,
    { rule: string; severity: FindingRow["severity"]; server: string | undefined; count: number; message: string }
  >();
  for (const { rule, severity, server_name: server, message, details } of store.reader.each("findings")) {
    const about = details?.["tool"] ?? details?.["prompt"] ?? "";
    const key = [rule, server, String(about)].join("\0");
    const known = found.get(key);
    if (known === undefined) found.set(key, { rule, severity, server, count: 1, message });
    else known.count++;
  }
  return found;
}
