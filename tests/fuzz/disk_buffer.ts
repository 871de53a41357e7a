/**
 * Disk buffers whose files hold any bytes: they are opened, or refused by a sentence; records come in order and each once,
 * those that are whole among them; and what is added afterwards is there.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { DiskBuffer } from "../../pipeline/disk_buffer/mod.ts";
import { HEADER_BYTES } from "../../pipeline/disk_buffer/header.ts";
import type { FuzzTarget } from "./_fuzz.ts";

/** The files that an input holds: for each a length of two bytes, then its bytes. */
const NAMES = ["position", "00000000000000.segment", "00000000000004.segment", "00000000000008.segment"] as const;
const MOST = 1000;
const base = mkdtempSync(join(tmpdir(), "mcpsonde-fuzz-"));
globalThis.addEventListener("unload", () => rmSync(base, { recursive: true, force: true }));
const text = new TextEncoder();

function open(dir: string): DiskBuffer {
  return DiskBuffer.open({
    dir,
    format: "fuzz/1",
    maxBytes: 1 << 20,
    maxAgeMs: 1e300,
    maxRecordBytes: 4096,
    segmentBytes: 230, // four of the seeds' records
    whenFull: "drop_oldest",
    sync: false,
    onDropped: (_, records) => check(records > 0 && Number.isSafeInteger(records), `dropped ${records}`),
    onProblem: () => {},
  });
}

/** Reads all; gives the payloads by number. */
function readAll(buffer: DiskBuffer): Map<number, string> {
  const all = new Map<number, string>();
  let last = -1;
  for (;;) {
    const portion = buffer.read(3, 100, 0);
    if (portion.records.length === 0) return all;
    for (const { id, bytes, time } of portion.records) {
      const number = Number(id.split("-")[1]);
      check(number > last && Number.isSafeInteger(number), `${number} comes after ${last}`);
      check(typeof time === "number" && bytes.length <= 4096, "a record is none");
      all.set(last = number, new TextDecoder().decode(bytes));
      check(all.size < MOST, "there is no end");
    }
    buffer.acknowledge(portion);
  }
}

function fill(dir: string, records: number, acknowledged: number): void {
  const buffer = open(dir);
  for (let k = 0; k < records; k++) {
    buffer.append(text.encode(`record ${k}`), k);
    buffer.commit();
  }
  if (acknowledged > 0) buffer.acknowledge(buffer.read(acknowledged, 1e9, 0));
  buffer.close();
}

function seed(records: number, acknowledged: number): Uint8Array {
  const dir = join(base, "seed");
  rmSync(dir, { recursive: true, force: true });
  fill(dir, records, acknowledged);
  const there = readdirSync(dir);
  const files = NAMES.map((name) => there.includes(name) ? readFileSync(join(dir, name)) : new Uint8Array(0));
  return new Uint8Array(files.flatMap((bytes) => [bytes.length & 255, bytes.length >> 8, ...bytes]));
}

function unpack(data: Uint8Array, dir: string): void {
  let at = 0;
  for (const name of NAMES) {
    const length = (data[at] ?? 0) | (data[at + 1] ?? 0) << 8;
    at += 2;
    const bytes = data.slice(at, at + length);
    if ((data.at(-1) ?? 0) & 1) repair(bytes);
    if (length > 0) writeFileSync(join(dir, name), bytes);
    at += length;
  }
}

/** Makes the checksums of the headers right, so that what they say is believed. */
function repair(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + HEADER_BYTES <= Math.min(bytes.length, 2 * HEADER_BYTES); at += HEADER_BYTES) {
    const isHeader = new TextDecoder().decode(bytes.subarray(at, at + 6)) === "mcpbuf";
    if (isHeader) view.setUint32(at + HEADER_BYTES - 4, crc32(bytes.subarray(at, at + HEADER_BYTES - 4)), true);
  }
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const target: FuzzTarget = {
  name: "disk_buffer",
  seeds: [seed(3, 0), seed(6, 1), seed(12, 5), seed(10, 10)],
  run(data) {
    const dir = join(base, "run");
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    unpack(data, dir);
    let buffer: DiskBuffer;
    try {
      buffer = open(dir);
    } catch (error) {
      check(error instanceof Error && /another (version|kind)/.test(error.message), String(error));
      return;
    }
    const before = readAll(buffer);
    for (const payload of before.values()) check(/^record \d+$/.test(payload), `${payload} was never written`);
    check(buffer.append(text.encode("new"), 0) && buffer.commit(), "nothing can be added");
    buffer.close();
    buffer = open(dir);
    const after = readAll(buffer);
    check([...after.values()].join() === "new", `then there is ${[...after.values()].join()}`);
    check(Math.max(-1, ...before.keys()) < Math.max(...after.keys()), "a number comes twice");
    buffer.close();
  },
};
export default target;
