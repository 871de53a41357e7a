/**
 * A file with one JSON-RPC message a line as a source: as if a client and a server had written it to each other.
 *
 * @module
 */
import { z } from "zod";
import { defineSource, path, type SourceComponent } from "../../pipeline/component.ts";
import type { ChunkEvent, Stream } from "../../pipeline/event.ts";

/** Bytes read at once. */
const PIECE = 64 * 1024;
const options = z.strictObject({ path: path() });

/** True if the file begins as a JSON object does; false too if it cannot be read: `replay` says why. */
export async function isLines(file: string): Promise<boolean> {
  try {
    using opened = await Deno.open(file);
    const bytes = new Uint8Array(64);
    const read = await opened.read(bytes) ?? 0;
    return /^\s*\{\s*"/.test(new TextDecoder().decode(bytes.subarray(0, read)));
  } catch {
    return false;
  }
}

/** The source. */
export const lines: SourceComponent<typeof options> = defineSource({
  type: "lines",
  summary: "Reads messages, one a line",
  options,
  create: ({ path }) => read(path),
});

async function* read(path: string): AsyncGenerator<ChunkEvent[]> {
  const down: Stream = { id: 1, medium: "pipe", reverse: undefined };
  const up: Stream = { id: 2, medium: "pipe", reverse: down };
  down.reverse = up;
  const encoder = new TextEncoder();
  let time = Date.now();
  const chunk = (line: string): ChunkEvent => {
    const buffer = encoder.encode(`${line}\n`);
    const isAnswer = !/"method"\s*:/.test(line.slice(0, 256)) && /"(?:result|error)"\s*:/.test(line);
    const stream = isAnswer ? up : down;
    return {
      kind: "chunk",
      time: time++,
      source: "file",
      stream,
      buffer,
      start: 0,
      end: buffer.length,
      lost: 0,
      eof: false,
    };
  };
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  let rest = "";
  for (const bytes = new Uint8Array(PIECE);;) {
    const length = await file.read(bytes);
    const text = rest + decoder.decode(bytes.subarray(0, length ?? 0), { stream: length !== null });
    const whole = text.split("\n");
    rest = length === null ? "" : whole.pop() ?? "";
    yield whole.filter((line) => line.trim() !== "").map(chunk);
    if (length === null) return;
  }
}
