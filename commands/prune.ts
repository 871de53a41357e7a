/**
 * `mcpsonde prune FILE`: deletes what is old or too much from a database.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";

interface Flags {
  readonly maxAge?: number;
  readonly maxBytes?: number;
  readonly vacuum: boolean;
}

/** Prunes. */
export const prune: Command<CliContext> = buildCommand<Flags, [string], CliContext>({
  docs: {
    brief: "Delete what is old, or too much, from a database of the sqlite sink",
    fullDescription:
      `Deletes the oldest calls, messages and the rest, some thousand at a time: what is older than --max-age, and until the rest takes no
more than --max-bytes. The sink may write meanwhile. The space is used for what comes; --vacuum gives it back to the disk, for
which no other program may have the file open.

  mcpsonde prune mcp.sqlite --max-age 30d
  mcpsonde prune mcp.sqlite --max-bytes 2GiB --vacuum`,
  },
  parameters: {
    positional: { kind: "tuple", parameters: [{ parse: String, placeholder: "FILE", brief: "The database" }] },
    flags: {
      maxAge: {
        kind: "parsed",
        parse: age,
        optional: true,
        placeholder: "TIME",
        brief: "Keep what is younger: 30d, 12h, 90m",
      },
      maxBytes: {
        kind: "parsed",
        parse: size,
        optional: true,
        placeholder: "SIZE",
        brief: "Keep so much: 500MB, 2GiB",
      },
      vacuum: { kind: "boolean", default: false, withNegated: false, brief: "Give free space back to the disk" },
    },
  },
  async func({ maxAge, maxBytes, vacuum }, file) {
    if (maxAge === undefined && maxBytes === undefined && !vacuum) {
      throw new Failure("expected --max-age, --max-bytes or --vacuum", EXIT.usage);
    }
    const { kindOf } = await import("./_open/kind.ts");
    const { Store } = await import("../pipeline/store/store.ts");
    const { StoreError } = await import("../pipeline/store/error.ts");
    const { bytes, count } = await import("../sinks/console/units.ts");
    const { statSync } = await import("node:fs");
    if (await kindOf(file) !== "database") throw new Failure(`${file} is no database: there is nothing to prune in it`);
    try {
      const store = await Store.open(file);
      const before = statSync(file).size;
      try {
        const all = { calls: 0, messages: 0, http: 0, events: 0, findings: 0 };
        const retention = { before: maxAge === undefined ? undefined : Date.now() - maxAge, maxBytes };
        for (let some = store.pruned(retention); some !== undefined; some = store.pruned(retention)) {
          for (const [kind, rows] of Object.entries(some) as [keyof typeof all, number][]) all[kind] += rows;
        }
        if (vacuum) store.vacuum();
        const parts = Object.entries(all).filter(([, rows]) => rows > 0).map(([kind, rows]) =>
          `${count(rows)} ${kind === "http" ? "HTTP exchanges" : kind}`
        );
        this.process.stdout.write(
          `${parts.length === 0 ? "nothing had to go" : `deleted ${parts.join(", ")}`}\n` +
            `${bytes(store.usedBytes)} are in use; the file had ${bytes(before)}`,
        );
      } finally {
        store.close();
      }
      this.process.stdout.write(` and has ${bytes(statSync(file).size)}\n`);
    } catch (error) {
      throw error instanceof StoreError ? new Failure(error.message) : error;
    }
  },
});

const AGES: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** Milliseconds. */
function age(text: string): number {
  const [, number, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])$/.exec(text) ?? [];
  if (number === undefined) throw new Failure(`"${text}" is no age; expected such as 30d, 12h or 90m`, EXIT.usage);
  return Number(number) * AGES[unit]!;
}

/** Bytes. */
function size(text: string): number {
  const [, number, unit = ""] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{0,3})$/.exec(text.toLowerCase()) ?? [];
  const factor = SIZES[unit];
  if (number === undefined || factor === undefined) {
    throw new Failure(`"${text}" is no size; expected such as 500MB or 2GiB`, EXIT.usage);
  }
  return Number(number) * factor;
}
