/** A buffer in a folder of its own, and what it tells. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DiskBuffer, type DiskBufferOptions, type Portion } from "../../../pipeline/disk_buffer/mod.ts";

export const KIB = 1024;
const decoder = new TextDecoder(), encoder = new TextEncoder();

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mcpsonde-buffer-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a buffer has told. */
export interface Told {
  readonly dropped: Record<string, number>;
  readonly problems: string[];
}

/** Opens the buffer of a folder. It is closed after the test. */
export function open(
  dir: string,
  more: Partial<DiskBufferOptions> = {},
  told: Told = { dropped: {}, problems: [] },
): DiskBuffer & { readonly told: Told } {
  const buffer = DiskBuffer.open({
    dir,
    format: "test/1",
    maxBytes: 1024 * KIB,
    maxAgeMs: 1e15,
    maxRecordBytes: 64 * KIB,
    whenFull: "block",
    sync: false,
    onDropped: (reason, records) => told.dropped[reason] = (told.dropped[reason] ?? 0) + records,
    onProblem: (message) => told.problems.push(message),
    ...more,
  });
  onTestFinished(() => buffer.close());
  return Object.assign(buffer, { told });
}

/** Adds records of these texts and commits. */
export function add(buffer: DiskBuffer, ...texts: readonly string[]): boolean {
  return texts.every((text) => buffer.append(encoder.encode(text), Date.now())) && buffer.commit();
}

/** The texts of a portion. */
export function texts({ records }: Portion): string[] {
  return records.map(({ bytes }) => decoder.decode(bytes));
}

/** Reads all that is there, and acknowledges it if that is asked for. */
export function drain(buffer: DiskBuffer, acknowledge = true): string[] {
  const all: string[] = [];
  for (;;) {
    const portion = buffer.read(100, 64 * KIB, Date.now());
    if (portion.records.length === 0) return all;
    all.push(...texts(portion));
    if (acknowledge) buffer.acknowledge(portion);
  }
}

/** `prefix0`, `prefix1`, … */
export function numbered(count: number, prefix = "record "): string[] {
  return Array.from({ length: count }, (_, k) => `${prefix}${k}`);
}
