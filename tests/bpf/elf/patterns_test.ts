import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { BORINGSSL_PATTERNS } from "../../../bpf/elf/boringssl_patterns.ts";
import {
  findPatterns,
  parsePattern,
  type Pattern,
  type PatternImage,
  type PatternRange,
  worthScanning,
} from "../../../bpf/elf/patterns.ts";

const MIB = 1 << 20;

/** A file in memory; `segments` is all of it unless said otherwise. */
function image(bytes: Uint8Array, segments?: PatternRange[]): PatternImage {
  return {
    segments: segments ?? [{ offset: 0, size: bytes.length }],
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Fills in a pattern's wildcards. */
function instance(pattern: string, fill: number): Uint8Array {
  return Uint8Array.from(parsePattern(pattern), (byte) => byte < 0 ? fill : byte);
}

function pattern(fn: Pattern["fn"], bytes: string, from = "test"): Pattern {
  return { fn, machine: "x86_64", bytes, from };
}

const READ = pattern("SSL_read", "55 48 89 e5 e8 ?? ?? ?? ?? 31 c0 5d c3 90 90 90");
const WRITE = pattern("SSL_write", "55 48 89 e5 ff 15 ?? ?? ?? ?? 31 db 5d c3 90 90");
const TABLE = [READ, WRITE];

describe("findPatterns", () => {
  it("finds each function at its first byte, whatever stands for the wildcards", async () => {
    const bytes = new Uint8Array(4096);
    bytes.set(instance(READ.bytes, 0xaa), 64);
    bytes.set(instance(WRITE.bytes, 0x55), 512);
    expect(await findPatterns(image(bytes), TABLE)).toEqual([
      { fn: "SSL_read", offset: 64, from: "test" },
      { fn: "SSL_write", offset: 512, from: "test" },
    ]);
  });

  it("finds functions that lie across the borders of slices and at a segment's ends", async () => {
    const positions = fc.uniqueArray(
      fc.oneof(
        fc.constantFrom(0, MIB - 16, MIB, 2 * MIB - 16),
        fc.integer({ min: 0, max: (3 * MIB) / 16 - 1 }).map((k) => k * 16),
      ),
      { minLength: 2, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(positions, async ([read = 0, write = 0]) => {
        const bytes = new Uint8Array(3 * MIB);
        bytes.set(instance(READ.bytes, 1), read);
        bytes.set(instance(WRITE.bytes, 2), write);
        const found = await findPatterns(image(bytes), TABLE);
        expect(found?.find((match) => match.fn === "SSL_read")?.offset).toBe(read);
        expect(found?.find((match) => match.fn === "SSL_write")?.offset).toBe(write);
      }),
      { numRuns: 20 },
    );
  });

  it("searches only the segments, and reads views at odd offsets", async () => {
    const bytes = new Uint8Array(4096 + 1).subarray(1);
    bytes.set(instance(READ.bytes, 0), 0);
    bytes.set(instance(READ.bytes, 0), 1024);
    bytes.set(instance(WRITE.bytes, 0), 2048);
    const found = await findPatterns(
      image(bytes, [{ offset: 1024, size: 512 }, { offset: 2048, size: 64 }]),
      TABLE,
    );
    expect(found?.map((match) => match.offset)).toEqual([1024, 2048]);
  });

  it("refuses a function that is there twice", async () => {
    const bytes = new Uint8Array(4096);
    bytes.set(instance(READ.bytes, 0), 64);
    bytes.set(instance(WRITE.bytes, 0), 512);
    bytes.set(instance(READ.bytes, 9), 1024);
    expect(await findPatterns(image(bytes), TABLE)).toBeUndefined();
  });

  it("refuses one half of a conversation", async () => {
    const bytes = new Uint8Array(4096);
    bytes.set(instance(WRITE.bytes, 0), 512);
    expect(await findPatterns(image(bytes), TABLE)).toBeUndefined();
  });

  it("takes two patterns at the same place for one function", async () => {
    const bytes = new Uint8Array(4096);
    bytes.set(instance(READ.bytes, 0), 64);
    bytes.set(instance(WRITE.bytes, 0), 512);
    const shorter = pattern("SSL_read", READ.bytes.slice(0, -6), "shorter");
    expect((await findPatterns(image(bytes), [...TABLE, shorter]))?.length).toBe(2);
  });

  it("ends at the end of a file that was cut, and takes an empty table or file", async () => {
    const cut = image(new Uint8Array(100), [{ offset: 0, size: 8 * MIB }]);
    expect(await findPatterns(cut, TABLE)).toBeUndefined();
    expect(await findPatterns(image(new Uint8Array(0)), TABLE)).toBeUndefined();
    expect(await findPatterns(cut, [])).toBeUndefined();
  });

  it("lets the event loop have its turns", async () => {
    let rests = 0;
    await findPatterns(image(new Uint8Array(3 * MIB)), TABLE, () => void rests++ as undefined);
    expect(rests).toBe(3);
  });
});

describe("parsePattern", () => {
  it("reads digits and wildcards over several lines", () => {
    expect([...parsePattern("\n  0f ??\n  A0 ")]).toEqual([0x0f, -1, 0xa0]);
  });
  it("refuses anything else", () => {
    for (const text of ["0", "0g", "0?", "123", ""]) expect(() => parsePattern(text)).toThrow(SyntaxError);
  });
});

describe("worthScanning", () => {
  const code = [{ offset: 0, size: 40 * MIB }];
  const withText = (text: string, at: number): PatternImage => {
    const bytes = new Uint8Array(3 * MIB);
    bytes.set(new TextEncoder().encode(text), at);
    return image(bytes);
  };

  it("knows BoringSSL by its source's name, also across slices", async () => {
    const text = "vendor/boringssl/ssl/ssl_lib.cc\0";
    for (const at of [0, MIB - 5, MIB - 25, 3 * MIB - text.length]) {
      expect(await worthScanning(code, withText(text, at))).toBe(true);
    }
  });
  it("leaves OpenSSL alone", async () => {
    expect(await worthScanning(code, withText("ssl/ssl_lib.c\0", 77))).toBe(false);
  });
  it("leaves small programs alone, unread", async () => {
    const unreadable: PatternImage = {
      segments: [{ offset: 0, size: MIB }],
      read: () => {
        throw new Error("read");
      },
    };
    expect(await worthScanning([{ offset: 0, size: MIB }], unreadable)).toBe(false);
  });
});

describe("the table of BoringSSL", () => {
  it("has long patterns that are anchored in fixed bytes, and every function for each architecture", () => {
    for (const { bytes, fn, from } of BORINGSSL_PATTERNS) {
      const parsed = parsePattern(bytes);
      expect(parsed[0], `${fn} of ${from}`).toBeGreaterThanOrEqual(0);
      expect(parsed.filter((byte) => byte >= 0).length, `${fn} of ${from}`).toBeGreaterThanOrEqual(64);
    }
    const kinds = new Set(BORINGSSL_PATTERNS.map(({ fn, machine }) => `${fn} ${machine}`));
    expect([...kinds].sort()).toEqual([
      "SSL_free aarch64",
      "SSL_free x86_64",
      "SSL_read aarch64",
      "SSL_read x86_64",
      "SSL_write aarch64",
      "SSL_write x86_64",
    ]);
  });

  it("has no two patterns that match the same bytes, so each tells its build", () => {
    for (const a of BORINGSSL_PATTERNS) {
      for (const b of BORINGSSL_PATTERNS) {
        if (a === b) continue;
        const [left, right] = [parsePattern(a.bytes), parsePattern(b.bytes)];
        const common = Math.min(left.length, right.length);
        let differ = false;
        for (let i = 0; i < common; i++) differ ||= left[i]! >= 0 && right[i]! >= 0 && left[i] !== right[i];
        expect(differ, `${a.fn} of ${a.from} and ${b.fn} of ${b.from}`).toBe(true);
      }
    }
  });

  it("is found among random code", async () => {
    for (const machine of ["x86_64", "aarch64"] as const) {
      const table = BORINGSSL_PATTERNS.filter((entry) => entry.machine === machine);
      const bytes = Uint8Array.from({ length: 2 * MIB }, (_, i) => Math.imul(i, 2654435761) >>> 24);
      const read = table.find((entry) => entry.fn === "SSL_read")!;
      const write = table.find((entry) => entry.fn === "SSL_write")!;
      bytes.set(instance(read.bytes, 0x90), MIB - 32);
      bytes.set(instance(write.bytes, 0x90), MIB + 4096);
      expect(await findPatterns(image(bytes), table)).toEqual([
        { fn: "SSL_read", offset: MIB - 32, from: read.from },
        { fn: "SSL_write", offset: MIB + 4096, from: write.from },
      ]);
    }
  });
});
