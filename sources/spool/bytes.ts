/**
 * The bytes of a file, plain or compressed.
 *
 * @module
 */
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { createGunzip } from "node:zlib";

/** Where bytes come from, one after the other. */
export interface Bytes {
  /** Fills `buffer[at, end)` as far as it can: the number of bytes, 0 at the end that the file has now. Throws if it is damaged. */
  read(buffer: Uint8Array, at: number, end: number): number | Promise<number>;
  /** Lets go of the file. */
  close(): void;
}

/** Opens a file that is a plain one: no link, no pipe, no device. Throws what the system says. */
export function openFile(path: string): { readonly fd: number; readonly stats: Stats } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, stats };
  closeSync(fd);
  throw new Error("it is no plain file");
}

/** An open file, from an offset on. */
export class PlainBytes implements Bytes {
  readonly fd: number;
  #offset: number;

  constructor(fd: number, offset: number) {
    this.fd = fd;
    this.#offset = offset;
  }

  read(buffer: Uint8Array, at: number, end: number): number {
    const read = readSync(this.fd, buffer, at, end - at, this.#offset);
    this.#offset += read;
    return read;
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** A gzip file; an offset counts its bytes when unpacked. */
export class GzipBytes implements Bytes {
  readonly #stream: AsyncIterator<Uint8Array>;
  readonly #close: () => void;
  #skip: number;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(path: string, offset: number) {
    const file = createReadStream(path), gunzip = createGunzip();
    file.on("error", (error) => gunzip.destroy(error));
    this.#stream = file.pipe(gunzip)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#skip = offset;
    this.#close = () => {
      file.destroy();
      gunzip.on("error", () => {}).destroy();
    };
  }

  async read(buffer: Uint8Array, at: number, end: number): Promise<number> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#stream.next();
      if (done) return 0;
      const skipped = Math.min(this.#skip, value.length);
      this.#skip -= skipped;
      this.#rest = value.subarray(skipped);
    }
    const taken = this.#rest.subarray(0, end - at);
    buffer.set(taken, at);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  close(): void {
    this.#close();
  }
}
