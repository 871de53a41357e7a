/**
 * The disk buffer: how fast events are appended, and how fast a full one is there again.
 *
 * Records of 400 B are appended in batches of 256, each committed, as a sink does; nothing waits for the disk (`fsync` is
 * `none`, the default). Baselines of the same run: the same bytes by `fs.writeSync`, a batch a call, without headers or
 * checksums; and reading a file of the same size by `fs.readSync`. Files are in the page cache.
 */
import { Buffer } from "node:buffer";
import { closeSync, fsyncSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DiskBuffer } from "../pipeline/disk_buffer/mod.ts";
import { report } from "./_bench.ts";

const BYTES = 400, BATCH = 256, ROUNDS = 5;
const GIB = 1024 ** 3;
/** 400 MB. */
const APPENDED = 1_000_000;
/** 1 GiB with its headers. */
const RECOVERED = Math.floor(GIB / (BYTES + 24));

const record = Buffer.alloc(BYTES, '{"kind":"mcp","method":"tools/call"},');

function open(dir: string): DiskBuffer {
  return DiskBuffer.open({
    dir,
    format: "bench/1",
    maxBytes: 2 * GIB,
    maxAgeMs: 1e15,
    maxRecordBytes: GIB / 64,
    whenFull: "block",
    sync: false,
    onDropped: (reason) => {
      throw new Error(`dropped: ${reason}`);
    },
    onProblem: (message) => {
      throw new Error(message);
    },
  });
}

function append(buffer: DiskBuffer, records: number): void {
  for (let k = 0; k < records; k++) {
    if (!buffer.append(record, k)) throw new Error("full");
    if (k % BATCH === BATCH - 1) buffer.commit();
  }
  buffer.commit();
}

/** Seconds that it takes. */
function time(body: () => void): number {
  const began = performance.now();
  body();
  return (performance.now() - began) / 1000;
}

function plainWrite(path: string, records: number): void {
  const fd = openSync(path, "w"), block = Buffer.concat(Array.from({ length: BATCH }, () => record));
  for (let k = 0; k < records; k += BATCH) writeSync(fd, block, 0, Math.min(BATCH, records - k) * BYTES);
  closeSync(fd);
}

function plainRead(path: string): void {
  const fd = openSync(path, "r"), chunk = Buffer.alloc(1024 * 1024);
  while (readSync(fd, chunk, 0, chunk.length, null) > 0);
  closeSync(fd);
}

const base = await Deno.makeTempDir();
try {
  let appendSeconds = Infinity, plainSeconds = Infinity, syncSeconds = Infinity, plainSyncSeconds = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const dir = join(base, "buffer"), path = join(base, "plain");
    const buffer = open(dir);
    appendSeconds = Math.min(appendSeconds, time(() => append(buffer, APPENDED)));
    buffer.close();
    rmSync(dir, { recursive: true });
    plainSeconds = Math.min(plainSeconds, time(() => plainWrite(path, APPENDED)));
    rmSync(path);
  }

  // Each batch on the disk before the next.
  const BATCHES = 100;
  {
    const dir = join(base, "synced"), buffer = open(dir), path = join(base, "plain-synced");
    const began = performance.now();
    for (let k = 0; k < BATCHES; k++) {
      append(buffer, BATCH);
      await buffer.sync();
    }
    syncSeconds = (performance.now() - began) / 1000;
    buffer.close();
    const fd = openSync(path, "w"), block = Buffer.concat(Array.from({ length: BATCH }, () => record));
    plainSyncSeconds = time(() => {
      for (let k = 0; k < BATCHES; k++) {
        writeSync(fd, block);
        fsyncSync(fd);
      }
    });
    closeSync(fd);
  }

  const full = join(base, "full");
  const path = join(base, "plain-full");
  plainWrite(path, RECOVERED);
  let openSeconds = Infinity, readSeconds = Infinity, plainReadSeconds = Infinity;
  for (let round = 0; round < 3; round++) {
    const filling = open(full);
    append(filling, RECOVERED);
    filling.close();
    let buffer: DiskBuffer | undefined;
    openSeconds = Math.min(openSeconds, time(() => buffer = open(full)));
    const seconds = time(() => {
      let records = 0;
      for (;;) {
        const portion = buffer!.read(1000, GIB / 256, 0);
        if (portion.records.length === 0) break;
        records += portion.records.length;
        buffer!.acknowledge(portion);
      }
      if (records !== RECOVERED) throw new Error(`${records} of ${RECOVERED} records`);
    });
    readSeconds = Math.min(readSeconds, seconds);
    buffer!.close();
    plainReadSeconds = Math.min(plainReadSeconds, time(() => plainRead(path)));
  }

  const rate = (records: number, seconds: number) =>
    `${Math.round(records / seconds / 1000).toLocaleString("en")},000/s`;
  const perSecond = APPENDED / appendSeconds;
  report("disk_buffer", [
    {
      what: `Disk buffer: events of ${BYTES} B appended, one core`,
      measured: rate(APPENDED, appendSeconds),
      baseline: `${rate(APPENDED, plainSeconds)}, fs.writeSync of the same bytes`,
      target: "≥ 250,000/s",
      ok: perSecond >= 250_000,
    },
    {
      what: `… each ${BATCH} of them on the disk before the next (fsync)`,
      measured: rate(BATCHES * BATCH, syncSeconds),
      baseline: `${rate(BATCHES * BATCH, plainSyncSeconds)}, fs.fsyncSync`,
    },
    {
      what: `… ${
        (statSync(path).size / 1e9).toFixed(1)
      } GB left by an earlier run: opened, and all of it read, checked and acknowledged`,
      measured: `${(openSeconds * 1000).toFixed(0)} ms, and ${readSeconds.toFixed(1)} s`,
      baseline: `${plainReadSeconds.toFixed(1)} s, fs.readSync`,
      target: "< 10 s",
      ok: openSeconds + readSeconds < 10,
    },
  ]);
} finally {
  await Deno.remove(base, { recursive: true });
}
