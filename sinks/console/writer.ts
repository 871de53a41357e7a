/**
 * Where lines go.
 *
 * @module
 */
import { write } from "node:fs";
import { Buffer } from "node:buffer";

/** Takes bytes; resolves when they are handed over. */
export interface Writer {
  write(bytes: Uint8Array): Promise<void>;
}

/** How long to wait, in milliseconds, before a full non-blocking descriptor is tried again. */
const RETRY = 5;

/** Writes to a file descriptor without blocking the event loop, however slow the reader. */
export function descriptorWriter(descriptor: number): Writer {
  return {
    async write(bytes) {
      for (let from = 0; from < bytes.length;) {
        from += await writeSome(descriptor, bytes.subarray(from));
      }
    },
  };
}

/** Whether an error says that the reader has gone away (`| head`). */
export function isClosed(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "EBADF");
}

function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === "EAGAIN") setTimeout(() => resolve(0), RETRY);
      else reject(error);
    });
  });
}
