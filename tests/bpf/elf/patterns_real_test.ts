/** The table of BoringSSL against programs that are on this machine: Bun as the end-to-end tests have it, Node, Deno, libraries. */
import process from "node:process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { BORINGSSL_PATTERNS } from "../../../bpf/elf/boringssl_patterns.ts";
import { OpenFile } from "../../../bpf/elf/file.ts";
import { ElfImage, PF_W, PF_X, PT_LOAD } from "../../../bpf/elf/image.ts";
import { findPatterns, type PatternMatch, worthScanning } from "../../../bpf/elf/patterns.ts";
import { library, program } from "./_binaries.ts";

const PEERS = process.env.MCPSONDE_PEERS ??
  `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/mcpsonde-ci/peers`;
const BUN = ["x64", "x64-baseline", "aarch64"]
  .map((build) => `${PEERS}/bun/node_modules/@oven/bun-linux-${build}/bin/bun`)
  .find((path) => existsSync(path));
const OTHERS = new Set(
  [process.execPath, program("node"), library("libLLVM"), library("libssl.so"), library("libgnutls.so")]
    .filter((path) => path !== undefined),
);

interface Scan {
  readonly worth: boolean;
  readonly matches: readonly PatternMatch[] | undefined;
}

/** Scans a program for the patterns given, whether it is worth it or not. */
async function scan(path: string, patterns = BORINGSSL_PATTERNS): Promise<Scan> {
  const file = new OpenFile(path);
  try {
    const image = new ElfImage(file);
    const loaded = image.segments.filter(({ type }) => type === PT_LOAD);
    const read = (offset: number, length: number): Uint8Array => file.read(offset, length);
    const code = loaded.filter(({ flags }) => (flags & PF_X) !== 0);
    const constants = loaded.filter(({ flags }) => (flags & (PF_X | PF_W)) === 0);
    return {
      worth: await worthScanning(code, { segments: constants, read }),
      matches: await findPatterns(
        { segments: code, read },
        patterns.filter(({ machine }) => machine === image.machine),
      ),
    };
  } finally {
    file.close();
  }
}

describe("patterns in real programs", () => {
  it.skipIf(BUN === undefined, "Bun is not installed")("finds BoringSSL in Bun", async () => {
    const { worth, matches } = await scan(BUN!);
    expect(worth).toBe(true);
    expect(matches?.map(({ fn }) => fn).sort()).toEqual(["SSL_free", "SSL_read", "SSL_write"]);
  });

  for (const path of OTHERS) {
    it(`finds nothing in ${path}`, async () => {
      expect(await scan(path)).toEqual({ worth: false, matches: undefined });
      // Nor half of it: under both names a single match would be a result.
      const half = BORINGSSL_PATTERNS.flatMap((one) =>
        [{ ...one, fn: "SSL_read" }, { ...one, fn: "SSL_write" }] as const
      );
      expect((await scan(path, half)).matches).toBeUndefined();
    }, 60_000);
  }
});
