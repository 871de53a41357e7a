/**
 * Baselines and what differs from them, for people.
 *
 * @module
 */
import type { Palette, Style } from "../../sinks/console/palette.ts";
import { BASELINE_LISTS, type BaselineServer, compareLists, type Drift } from "../../pipeline/baseline/mod.ts";
import { table } from "../_table.ts";
import { shown, timeOf } from "./describe.ts";

/** How to show it. */
export interface TextOptions {
  readonly palette: Palette;
  readonly columns: number;
  /** Milliseconds since the epoch: days are left out if they are today. */
  readonly now: number;
}

/** A server with its key. */
export type Entry = readonly [key: string, server: BaselineServer];

/** Digits of a hash; characters of names and of texts. */
const DIGITS = 12, NAME = 40, TEXT = 300;

/** The differences of a server from what was accepted, by list. */
export function driftsOf({ accepted, seen }: Pick<BaselineServer, "accepted" | "seen">): readonly [string, Drift][] {
  return BASELINE_LISTS.flatMap((list) => {
    const before = accepted[list], after = seen[list];
    const drift = before === undefined || after === undefined ? undefined : compareLists(before, after);
    return drift === undefined ? [] : [[list, drift] as [string, Drift]];
  });
}

/** How many entries differ. */
export function differences(drifts: readonly [string, Drift][]): number {
  return drifts.reduce(
    (sum, [, { added, removed, changed, renamed }]) =>
      sum + added.length + removed.length + changed.length + renamed.length,
    0,
  );
}

/** A line for each server. */
export function serversText(servers: readonly Entry[], { palette, columns, now }: TextOptions): string {
  const rows = servers.map(([key, server]) => {
    const count = differences(driftsOf(server));
    return [
      palette.strong(shown(server.name, NAME)),
      String(server.accepted.tools?.size ?? ""),
      String(server.accepted.prompts?.size ?? ""),
      timeOf(server.acceptedAt, now),
      count === 0 ? "as accepted" : palette.warn(`${count} changed ${timeOf(server.seenAt, now)}`),
      shown(key, 200),
    ];
  });
  return table([["SERVER", "TOOLS", "PROMPTS", "ACCEPTED", "SEEN", "KEY"].map(palette.dim), ...rows], columns);
}

/** A server's accepted definitions. */
export function definitionsText([key, server]: Entry, { palette, columns }: TextOptions): string {
  let text = `${palette.strong(shown(server.name, NAME))}  ${palette.dim(shown(key, TEXT))}\n`;
  for (const list of BASELINE_LISTS) {
    const entries = server.accepted[list];
    if (entries === undefined || entries.size === 0) continue;
    const rows = [...entries].map(([name, { hash, value }]) => {
      const description = value?.["description"];
      return [
        `  ${shown(name, NAME)}`,
        hash.slice(0, DIGITS),
        typeof description === "string" ? shown(description, TEXT) : "",
      ];
    });
    text += table([[`  ${list.toUpperCase()}`, "SHA-256", "DESCRIPTION"].map(palette.dim), ...rows], columns);
  }
  return text;
}

/** What differs of a server, or that nothing does. */
export function driftText([key, server]: Entry, { palette }: TextOptions): string {
  const drifts = driftsOf(server);
  const title = `${palette.strong(shown(server.name, NAME))}  ${palette.dim(shown(key, TEXT))}`;
  if (drifts.length === 0) return `${title}\n  as accepted\n`;
  const lines: string[] = [title];
  const add = (style: Style, line: string) => lines.push(palette[style](`  ${line}`));
  for (const [list, { added, removed, changed, renamed }] of drifts) {
    const one = list === "instructions" ? "server's" : list.slice(0, -1);
    for (const name of removed) add("bad", `- ${one} ${shown(name, NAME)}`);
    for (const name of added) add("good", `+ ${one} ${shown(name, NAME)}`);
    for (const { from, to, fields } of renamed) {
      add("warn", `~ ${one} ${shown(from, NAME)} → ${shown(to, NAME)}`);
      lines.push(...fieldLines(fields, palette));
    }
    for (const { name, fields } of changed) {
      add("warn", `~ ${one} ${shown(name, NAME)}`);
      lines.push(...fieldLines(fields, palette));
    }
  }
  return `${lines.join("\n")}\n`;
}

function fieldLines(fields: Drift["changed"][number]["fields"], palette: Palette): string[] {
  return fields.flatMap(({ path, before, after }) => [
    `    ${shown(path, TEXT)}`,
    ...(before === undefined ? [] : [palette.bad(`      - ${shown(before, TEXT)}`)]),
    ...(after === undefined ? [] : [palette.good(`      + ${shown(after, TEXT)}`)]),
  ]);
}
