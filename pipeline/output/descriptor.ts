/**
 * Standard output, without holding up the event loop.
 *
 * @module
 */
import { write } from "node:fs";

/** How long to wait before a full pipe is tried again where the runtime does not wait itself, in milliseconds. */
const AGAIN_MS = 5;

/** Writes all bytes to an open descriptor. Rejects with the error of `node:fs`, e.g. `EPIPE`. */
export async function writeDescriptor(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const written = await writeSome(fd, bytes, at);
    if (written === 0) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    at += written;
  }
}

function writeSome(fd: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) =>
    write(fd, bytes, at, bytes.length - at, null, (error, written) => {
      if (error === null || error === undefined) resolve(written);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(error);
    })
  );
}
