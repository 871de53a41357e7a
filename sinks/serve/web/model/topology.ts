/**
 * Where the parties of a picture stand: columns from who asks to who is asked, and in a column so that few lines cross.
 *
 * @module
 */
import type { LinkRow } from "../../../../pipeline/store/rows.ts";

/** A party. */
export interface Party {
  /** `process:PID` or `host:ADDRESS`. */
  readonly id: string;
  readonly name: string;
  readonly kind: "process" | "host" | "server";
  /** The server's key, if it is one. */
  readonly server: string | undefined;
  /** Of all its links. */
  readonly calls: number;
  readonly errors: number;
  readonly findings: number;
  /** From 0, the leftmost. */
  readonly column: number;
  /** From 0, the topmost. */
  readonly row: number;
}

/** The picture. */
export interface Layout {
  readonly parties: readonly Party[];
  readonly links: readonly LinkRow[];
  readonly columns: number;
  /** Of the longest column. */
  readonly rows: number;
  /** Parties that are left out, as there are too many. */
  readonly left: number;
}

/** Parties that are drawn at most. */
export const MOST_PARTIES = 60;
/** Columns at most; what lies deeper stands in the last. */
const MOST_COLUMNS = 5;
/** How often the order within columns is improved. */
const SWEEPS = 6;

interface Draft {
  id: string;
  name: string;
  server: string | undefined;
  calls: number;
  errors: number;
  findings: number;
  column: number;
  row: number;
}

/** Lays out. */
export function layOut(links: readonly LinkRow[]): Layout {
  const all = new Map<string, Draft>();
  const party = (id: string, name: string): Draft => {
    let draft = all.get(id);
    if (draft === undefined) {
      draft = { id, name, server: undefined, calls: 0, errors: 0, findings: 0, column: 0, row: 0 };
      all.set(id, draft);
    }
    return draft;
  };
  for (const { from, to, from_name, to_name, server, calls, errors, findings } of links) {
    party(from, from_name).calls += calls;
    const target = party(to, to_name);
    target.calls += calls;
    target.errors += errors;
    target.findings += findings;
    target.server ??= server;
  }
  const drawn = [...all.values()].sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1)).slice(0, MOST_PARTIES);
  const ids = new Set(drawn.map(({ id }) => id));
  const kept = merged(links.filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to));
  setColumns(drawn, kept);
  const rows = setRows(drawn, kept);
  return {
    parties: drawn.map((draft) => ({
      ...draft,
      kind: draft.server !== undefined ? "server" : draft.id.startsWith("host:") ? "host" : "process",
    })),
    links: kept,
    columns: Math.max(0, ...drawn.map(({ column }) => column + 1)),
    rows,
    left: all.size - drawn.length,
  };
}

/** One link for all servers in one process. */
function merged(links: readonly LinkRow[]): readonly LinkRow[] {
  const out = new Map<string, LinkRow>();
  for (const link of links) {
    const key = JSON.stringify([link.from, link.to, link.transport]);
    const known = out.get(key);
    out.set(
      key,
      known === undefined ? link : {
        ...known,
        calls: known.calls + link.calls,
        errors: known.errors + link.errors,
        findings: known.findings + link.findings,
      },
    );
  }
  return [...out.values()];
}

/** Each stands right of all who ask it, but for links that close a circle. */
function setColumns(parties: readonly Draft[], links: readonly LinkRow[]): void {
  const asks = new Map(parties.map(({ id }) => [id, links.filter(({ from }) => from === id).map(({ to }) => to)]));
  const byId = new Map(parties.map((party) => [party.id, party]));
  const isAsked = new Set(links.map(({ to }) => to));
  const onTheWay = new Set<string>();
  const push = (party: Draft, column: number): void => {
    if (onTheWay.has(party.id)) return;
    party.column = Math.max(party.column, Math.min(column, MOST_COLUMNS - 1));
    if (column >= MOST_COLUMNS) return;
    onTheWay.add(party.id);
    for (const to of asks.get(party.id) ?? []) {
      const next = byId.get(to);
      if (next !== undefined && next.column <= column) push(next, column + 1);
    }
    onTheWay.delete(party.id);
  };
  for (const party of parties) party.column = -1;
  for (const party of parties) if (!isAsked.has(party.id)) push(party, 0);
  for (const party of parties) if (party.column < 0) push(party, 0);
}

/** Orders each column by where its neighbours stand. Gives the length of the longest. */
function setRows(parties: readonly Draft[], links: readonly LinkRow[]): number {
  const columns: Draft[][] = [];
  for (const party of parties) (columns[party.column] ??= []).push(party);
  const longest = Array.from(columns).reduce((most, column) => Math.max(most, column?.length ?? 0), 0);
  const settle = (column: Draft[]) => {
    const above = (longest - column.length) / 2;
    column.forEach((party, k) => party.row = above + k);
  };
  const byId = new Map(parties.map((party) => [party.id, party]));
  for (const column of columns) if (column) settle(column);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      if (!column) continue;
      const wish = new Map(column.map((party) => {
        const rows = links.flatMap(({ from, to }) => {
          const other = from === party.id ? byId.get(to) : to === party.id ? byId.get(from) : undefined;
          return other === undefined ? [] : [other.row];
        });
        return [party, rows.length === 0 ? party.row : rows.reduce((sum, row) => sum + row, 0) / rows.length];
      }));
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      settle(column);
    }
  }
  return longest;
}
