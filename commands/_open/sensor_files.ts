/**
 * Reads files of sensors to their ends, in the order of their times.
 *
 * @module
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Batch, Event } from "../../pipeline/event.ts";
import { Sensors } from "../../pipeline/sensors/mod.ts";
import { forgetLines, SensorLines, type SensorRecord } from "../../protocols/sensor/mod.ts";
import { Failure } from "../_exit.ts";
import { readLines } from "./lines.ts";

/** Events of a batch, and files that are open at once. */
const BATCH = 1000, FILES = 512;
const NAME = /\.(?:ndjson|jsonl|log)(?:\.gz)?$/;

/** Counts of what no event was made of. */
export interface Unread {
  lines: number;
}

/** The events of a file, or of a folder's files. */
export async function* sensorEvents(
  path: string,
  source: string,
  unread: Unread,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Batch> {
  const sensors = new Sensors({ source, maxProcesses: 65_536, maxSessions: 65_536 });
  const heads: Head[] = [];
  for (const file of await filesOf(path)) {
    const head: Head = { records: records(file, unread, onBytes), record: undefined, time: 0 };
    if (await advance(head)) heads.push(head);
  }
  let out: Event[] = [];
  while (heads.length > 0) {
    const head = heads.reduce((first, other) => other.time < first.time ? other : first);
    sensors.record(head.record!, { time: head.time }, head.time, out);
    if (!await advance(head)) heads.splice(heads.indexOf(head), 1);
    if (out.length < BATCH) continue;
    yield out;
    out = [];
  }
  sensors.end(out);
  yield out;
}

interface Head {
  readonly records: AsyncGenerator<SensorRecord>;
  record: SensorRecord | undefined;
  time: number;
}

async function advance(head: Head): Promise<boolean> {
  const next = await head.records.next();
  if (next.done === true) return false;
  head.record = next.value;
  head.time = next.value.time ?? head.time;
  return true;
}

async function* records(file: string, unread: Unread, onBytes: (bytes: number) => void): AsyncGenerator<SensorRecord> {
  const lines = new SensorLines("auto", {});
  for await (const line of readLines(file, onBytes)) {
    forgetLines();
    const record = line === undefined ? "too_deep" : lines.read(line, 0, line.length);
    if (typeof record === "object") yield record;
    else if (record !== "blank") unread.lines++;
  }
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => NAME.test(name)).sort();
  if (names.length === 0) throw new Failure(`the folder ${path} has no files *.ndjson or *.jsonl`);
  if (names.length > FILES) throw new Failure(`the folder ${path} has more than ${FILES} files; name one of them`);
  return names.map((name) => join(path, name));
}
