/**
 * The codings that are known.
 *
 * @module
 */
import { brotli } from "./_brotli.ts";
import type { Decompressor } from "./_decompressor.ts";
import { deflate, gzip, Inflater, zstd } from "./_inflater.ts";

const CODINGS = new Map<string, () => Decompressor | undefined>([
  ["gzip", () => new Inflater(gzip)],
  ["x-gzip", () => new Inflater(gzip)],
  ["deflate", () => new Inflater(deflate)],
  ["br", brotli],
  ["zstd", () => zstd && new Inflater(zstd)],
]);
/** Makes the decompressors of these codings; undefined if one of them is not known, or not to this runtime. */
export function open(names: readonly string[]): Decompressor[] | undefined {
  const all: Decompressor[] = [];
  for (const name of names) {
    const made = CODINGS.get(name)?.();
    if (made === undefined) return undefined;
    all.push(made);
  }
  return all;
}
