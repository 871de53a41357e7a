/**
 * What kind of capture a file is, by its first bytes.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { open, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { HEADER_BYTES, readHeader } from "../../protocols/capture/mod.ts";
import { Failure } from "../_exit.ts";

/**
 * `database`: of the `sqlite` sink. `capture`: what `record` wrote. `jsonl`: what the `jsonl` sink wrote. `sensors`: lines of
 * sensors, MCPSpy or mcpsnoop, or a folder of them.
 */
export type CaptureKind = "database" | "capture" | "jsonl" | "sensors";

/** What is looked at, in bytes: a first line may be long. */
const LOOKED = 1024 * 1024;
/** Values of `kind` in the lines of the `jsonl` sink. */
const KINDS: ReadonlySet<unknown> = new Set(["mcp", "http", "finding", "sensor", "gap", "chunk"]);
const EXPECTED =
  "expected what mcpsonde record, the jsonl or the sqlite sink wrote, or lines of a sensor, MCPSpy or mcpsnoop";

/**
 * Looks at the file.
 *
 * @throws {Failure} a sentence, if it is none of these or cannot be read.
 */
export async function kindOf(path: string): Promise<CaptureKind> {
  const info = await stat(path).catch((error: unknown) => {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new Failure(missing ? `there is no file ${path}` : `${path} cannot be read: ${text(error)}`);
  });
  if (info.isDirectory()) return "sensors";
  const head = await beginning(path);
  if (head.length === 0) throw new Failure(`${path} is empty; ${EXPECTED}`);
  if (head.subarray(0, 16).toString("latin1") === "SQLite format 3\0") return "database";
  if (typeof readHeader(head.subarray(0, HEADER_BYTES)) !== "string") return "capture";
  const lines = unzipped(head).toString("utf8");
  const line = lines.split("\n", 64).find((line) => line.trim() !== "") ?? "";
  if (!line.trimStart().startsWith("{")) throw new Failure(`${path} is no capture; ${EXPECTED}`);
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return KINDS.has(value["kind"]) && typeof value["timestamp"] === "string" && "source" in value
      ? "jsonl"
      : "sensors";
  } catch {
    if (lines.length < LOOKED) throw new Failure(`${path} is no capture: its first line is no JSON; ${EXPECTED}`);
    return /^\{"kind":"(?:mcp|http|finding|sensor|gap|chunk)",/.test(line) ? "jsonl" : "sensors";
  }
}

async function beginning(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw new Failure(`${path} cannot be read: ${text(error)}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED), 0, LOOKED, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unzipped(head: Buffer): Buffer {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head;
  try { // as much as can be had of what may go on
    return gunzipSync(head, { finishFlush: 2, maxOutputLength: 64 * LOOKED });
  } catch {
    return Buffer.alloc(0);
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
