import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ByteFile, ElfError, MemoryFile } from "../../../bpf/elf/file.ts";
import { Pace } from "../../../bpf/elf/pace.ts";
import { examine } from "../../../sources/ebpf/tls/examine.ts";
import { library } from "./_binaries.ts";

/** A file with other bytes in some places. */
class Patched implements ByteFile {
  readonly size: number;
  constructor(
    readonly bytes: Uint8Array<ArrayBuffer>,
    readonly patches: readonly (readonly [number, number])[],
    size: number,
  ) {
    this.size = Math.min(size, bytes.length);
  }
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const part = this.bytes.slice(offset, Math.min(offset + length, this.size));
    for (const [at, value] of this.patches) if (at >= offset && at < offset + part.length) part[at - offset] = value;
    return part;
  }
}

/** Resolves if the file is read, or refused with an ElfError. */
async function survives(file: ByteFile): Promise<void> {
  try {
    await examine(file, new Pace());
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
  }
}

const small = library("libssl.so.3") ?? library("libgnutls.so.30");
const bytes = small === undefined ? new Uint8Array(0) : new Uint8Array(readFileSync(small));

describe("hostile ELF files", () => {
  it("are refused when they are too short or something else", async () => {
    for (
      const text of [
        "",
        "\x7fELF",
        "#!/bin/sh\n",
        "\x7fELF\x01\x01".padEnd(64, "\0"),
        "\x7fELF\x02\x02".padEnd(64, "\0"),
      ]
    ) {
      await expect(examine(new MemoryFile(new TextEncoder().encode(text)), new Pace())).rejects.toThrow(ElfError);
    }
  });

  it("do no harm when all is noise behind the magic", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 64, maxLength: 4096 }), async (noise) => {
        noise.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
        noise.set([3, 0, 62, 0], 16);
        noise.set([56, 0], 54);
        noise.set([64, 0], 58);
        await survives(new MemoryFile(new Uint8Array(noise)));
      }),
      { numRuns: 500 },
    );
  });

  it.skipIf(bytes.length === 0)("do no harm when a real one is cut or changed", async () => {
    const tables = fc.oneof(
      fc.nat(63), // the header
      fc.integer({ min: 64, max: 1024 }), // segments
      fc.integer({ min: Math.max(0, bytes.length - 2048), max: bytes.length - 1 }), // sections
      fc.nat(Math.max(0, bytes.length - 1)),
    );
    const patches = fc.array(fc.tuple(tables, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 12 });
    const size = fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length));
    await fc.assert(
      fc.asyncProperty(patches, size, async (patches, size) => {
        const start = performance.now();
        await survives(new Patched(bytes, patches, size));
        expect(performance.now() - start).toBeLessThan(2000);
      }),
      { numRuns: 200 },
    );
  });
});
