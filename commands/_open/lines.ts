/**
 * Reads a file line by line.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";

/** Longest line, in bytes. A longer one is passed over. */
const LONGEST = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A line without its newline; undefined for one that is too long. Its bytes stay as they are. */
export async function* readLines(path: string, onBytes?: (bytes: number) => void): AsyncGenerator<Buffer | undefined> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  file.on("data", (chunk) => onBytes?.(chunk.length));
  const stream = isZipped(path) ? file.pipe(createGunzip()) : file;
  if (stream !== file) file.on("error", (error) => stream.destroy(error));
  let parts: Buffer[] = [], length = 0, isSkipping = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      if (isSkipping) yield undefined;
      else yield parts.length === 0 ? chunk.subarray(from, to) : Buffer.concat([...parts, chunk.subarray(from, to)]);
      parts = [];
      length = 0;
      isSkipping = false;
      from = to + 1;
    }
    if (isSkipping || from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length <= LONGEST) continue;
    isSkipping = true;
    parts = [];
  }
  if (isSkipping) yield undefined;
  else if (length > 0) yield Buffer.concat(parts);
}

function isZipped(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(2);
    return readSync(fd, bytes, 0, 2, 0) === 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  } finally {
    closeSync(fd);
  }
}
