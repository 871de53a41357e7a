/**
 * The body of an answer, as far as it is kept.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { ANSWER_LIMIT } from "./types.ts";

/** Bytes beyond the limit that are read past to keep the connection; with more it is closed. */
const PATIENCE = ANSWER_LIMIT;

const DECODERS: Readonly<Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array>> = {
  "gzip": gunzipSync,
  "x-gzip": gunzipSync,
  "deflate": inflateSync,
  "br": brotliDecompressSync,
};

/** Reads it. Rejects if the connection breaks before its end. A body that cannot be decompressed is an empty one, cut. */
export async function answerBody(
  response: IncomingMessage,
  encoding: string | undefined,
): Promise<{ readonly body: Uint8Array; readonly cut: boolean }> {
  const { bytes, cut } = await collect(response);
  const decode = encoding === undefined ? undefined : DECODERS[encoding.trim().toLowerCase()];
  if (decode === undefined || bytes.length === 0) return { body: bytes, cut };
  try {
    return { body: decode(bytes, { maxOutputLength: ANSWER_LIMIT }), cut };
  } catch {
    return { body: new Uint8Array(0), cut: true };
  }
}

function collect(response: IncomingMessage): Promise<{ readonly bytes: Uint8Array; readonly cut: boolean }> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let length = 0, kept = 0;
    const done = () => resolve({ bytes: Buffer.concat(pieces), cut: length > kept });
    response.on("data", (piece: Uint8Array) => {
      length += piece.length;
      const room = ANSWER_LIMIT - kept;
      if (room > 0) {
        const part = piece.length > room ? piece.subarray(0, room) : piece;
        pieces.push(part);
        kept += part.length;
      }
      if (length <= ANSWER_LIMIT + PATIENCE) return;
      done();
      response.destroy();
    });
    response.on("end", () => response.complete ? done() : reject(new Error("the answer breaks off")));
    response.on("error", reject);
    response.on("aborted", () => reject(new Error("the answer breaks off")));
    response.on("close", () => reject(new Error("the answer breaks off")));
  });
}
