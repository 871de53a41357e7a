import * as fc from "fast-check";
import { Buffer } from "node:buffer";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBody, StreamDecoder } from "../../../protocols/content_coding/mod.ts";

const LIMITS = { maxBytes: 1 << 20, maxRatio: 2000 };
const HELLO = new TextEncoder().encode("data: hello world, hello again\n\n".repeat(20));
/** Node 20 has no zstd, so it cannot be tested there; codings of that name are unknown_coding. */
const ZSTD = typeof zlib.zstdCompressSync === "function";

const encoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: zlib.gzipSync,
  "x-gzip": zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  ...(ZSTD ? { zstd: zlib.zstdCompressSync } : {}),
};
const names = Object.keys(encoders);

function encode(codings: readonly string[], bytes: Uint8Array): Uint8Array {
  return codings.reduce((coded, name) => encoders[name]!(coded), bytes);
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("decodeBody", () => {
  it.each(names)("undoes %s", (name) => {
    expect(decodeBody(name.toUpperCase(), encode([name], HELLO), LIMITS)).toEqual({ body: HELLO, problem: undefined });
    expect(decodeBody(name, encode([name], new Uint8Array(0)), LIMITS).problem).toBeUndefined();
    expect(decodeBody(name, new Uint8Array(0), LIMITS)).toMatchObject({ problem: undefined });
  });

  it.each(names)("undoes %s of any length", (name) => {
    let text = "";
    for (let i = 0; text.length < 400_000; i++) text += Math.imul(i, 0x9e3779b1) >>> 0;
    const all = new TextEncoder().encode(text);
    for (const length of [1000, 16_384, 46_000, 100_000, 131_072, 200_000, 400_000]) {
      const bytes = all.subarray(0, length);
      const { body, problem } = decodeBody(name, encode([name], bytes), LIMITS);
      expect([problem, body.length], `${length} bytes`).toEqual([undefined, length]);
      expect(Buffer.compare(body, bytes)).toBe(0);
    }
  });

  it.skipIf(!ZSTD)("undoes zstd in a window of up to 8 MiB; skipped where node:zlib has no zstd, as in Node 20", () => {
    const windowed = (log: number) =>
      zlib.zstdCompressSync(HELLO, { params: { [zlib.constants.ZSTD_c_windowLog]: log } });
    expect(decodeBody("zstd", windowed(20), LIMITS)).toEqual({ body: HELLO, problem: undefined });
  });

  it.skipIf(!ZSTD)("takes a zstd of several frames, some of which are to be skipped; skipped itself as above", () => {
    const hidden = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4); // RFC 8878, section 3.1.2
    const parts = [HELLO, zlib.gzipSync(HELLO), new Uint8Array(0), HELLO];
    const coded = Buffer.concat([hidden, ...parts.flatMap((part) => [zlib.zstdCompressSync(part), hidden])]);
    for (const size of [1, 7, 100, coded.length]) {
      const decoder = new StreamDecoder("zstd", LIMITS), out: Uint8Array[] = [];
      for (let at = 0; at < coded.length; at += size) {
        out.push(decoder.write(coded, at, Math.min(coded.length, at + size)));
      }
      expect(decoder.close(), `in pieces of ${size}`).toBeUndefined();
      expect(Buffer.concat(out).equals(Buffer.concat(parts))).toBe(true);
    }
    expect(decodeBody("zstd", coded.subarray(0, -3), LIMITS).problem).toBe("truncated");
  });

  it.skipIf(ZSTD)("says that zstd is not known to this runtime", () => {
    expect(decodeBody("zstd", HELLO, LIMITS)).toMatchObject({ problem: "unknown_coding" });
  });

  it("undoes raw deflate", () => {
    expect(text(decodeBody("deflate", zlib.deflateRawSync(HELLO), LIMITS).body)).toBe(text(HELLO));
  });

  it("undoes several in a row, and leaves identity alone", () => {
    const body = encode(["gzip", "br", "deflate"], HELLO);
    expect(text(decodeBody("gzip, identity,br , deflate", body, LIMITS).body)).toBe(text(HELLO));
    for (const none of ["", "identity", "Identity, "]) expect(decodeBody(none, HELLO, LIMITS).body).toEqual(HELLO);
  });

  it("takes a gzip of several members", () => {
    const body = Buffer.concat([zlib.gzipSync(HELLO.subarray(0, 99)), zlib.gzipSync(HELLO.subarray(99))]);
    expect(decodeBody("gzip", body, LIMITS)).toEqual({
      body: HELLO,
      problem: undefined,
    });
  });

  it("does not know every coding", () => {
    for (const name of ["compress", "gzip, aes128gcm", "gzip,".repeat(5), "constructor"]) {
      expect(decodeBody(name, HELLO, LIMITS)).toEqual({ body: new Uint8Array(0), problem: "unknown_coding" });
    }
  });

  it.each(names)("gives what there is of a cut %s", (name) => {
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, k) => `${(k * 2654435761) >>> 7} `).join(""));
    const coded = encode([name], noise);
    const { body, problem } = decodeBody(name, coded.subarray(0, coded.length >> 1), LIMITS);
    expect(problem).toBe("truncated");
    expect(noise.subarray(0, body.length).equals(body)).toBe(true);
    if (name !== "zstd") expect(body.length).toBeGreaterThan(1000); // zstd gives whole blocks of up to 128 KiB
    for (const cut of [1, 2, coded.length - 1]) {
      expect(decodeBody(name, coded.subarray(0, cut), LIMITS).problem).toBe("truncated");
    }
  });

  it.each(names)("finds bytes that are no %s", (name) => {
    const { body, problem } = decodeBody(name, Buffer.from("this is not coded at all, and will not do"), LIMITS);
    expect(problem).toBe("bad_coding");
    expect(body.length).toBe(0);
  });

  it("does not take bytes after a br, nor one that is bad from its first bytes on", () => {
    const more = Buffer.concat([zlib.brotliCompressSync(HELLO), Uint8Array.of(1)]);
    expect(decodeBody("br", more, LIMITS)).toEqual({ body: HELLO, problem: "bad_coding" });
    const bad = Buffer.from("1b7f029024055874602207ec85ede478d880034ad371dd70ec099a85e335d0", "hex");
    for (const size of [1, 4, bad.length]) {
      const decoder = new StreamDecoder("br", LIMITS);
      for (let at = 0; at < bad.length; at += size) decoder.write(bad, at, Math.min(bad.length, at + size));
      expect(decoder.close()).toBe("bad_coding");
    }
  });

  it("gives what came before a fault", () => {
    let x = 1;
    const noise = Uint8Array.from({ length: 100_000 }, () => (x = Math.imul(x, 69069) + 1) >>> 24);
    const coded = zlib.gzipSync(noise, { level: 1 });
    coded.fill(0xff, 70_000, 90_000);
    const { body, problem } = decodeBody("gzip", coded, LIMITS);
    expect(problem).toBe("bad_coding");
    expect(body.length).toBeGreaterThan(30_000);
    expect(Buffer.from(noise.subarray(0, 30_000)).equals(body.subarray(0, 30_000))).toBe(true);
  });

  it.each(names)("does not let a %s bomb grow", (name) => {
    const bomb = encode([name], new Uint8Array(8 << 20));
    const bytes = decodeBody(name, bomb, { maxBytes: 1 << 20, maxRatio: Infinity });
    expect(bytes.problem).toBe("too_large");
    expect(bytes.body.length).toBeLessThanOrEqual(1 << 20);
    const ratio = decodeBody(name, bomb, { maxBytes: Infinity, maxRatio: 20 });
    expect(ratio.problem).toBe("too_large");
    expect(ratio.body.length).toBeLessThanOrEqual(Math.max(65_536, bomb.length * 20));
    const twice = decodeBody(`${name}, ${name}`, encode([name], bomb), { maxBytes: 1 << 20, maxRatio: 1000 });
    expect(twice.problem).toBe("too_large");
  });

  it("takes what is small however well it is compressed", () => {
    expect(decodeBody("gzip", zlib.gzipSync(new Uint8Array(60_000)), { maxBytes: 1 << 20, maxRatio: 2 }).problem)
      .toBeUndefined();
  });
});

describe("StreamDecoder", () => {
  /** An event stream as a server compresses it: flushed after each event. */
  async function flushed(create: () => zlib.Gzip | zlib.BrotliCompress, events: readonly string[]) {
    const stream = create(), pieces: Uint8Array[] = [];
    stream.on("data", (piece: Uint8Array) => pieces.push(piece));
    const writes: Uint8Array[] = [];
    for (const event of events) {
      stream.write(event);
      await new Promise<void>((done) => stream.flush(() => done()));
      writes.push(Buffer.concat(pieces.splice(0)));
    }
    await new Promise((done) => stream.end().on("end", done));
    return { writes, rest: Buffer.concat(pieces) };
  }

  const makers: [string, () => zlib.Gzip | zlib.BrotliCompress][] = [
    ["gzip", () => zlib.createGzip()],
    ["deflate", () => zlib.createDeflate()],
    ["deflate", () => zlib.createDeflateRaw()],
    ["br", () => zlib.createBrotliCompress()],
  ];
  if (ZSTD) makers.push(["zstd", () => zlib.createZstdCompress()]);

  it.each(makers)("gives each event of a %s stream at once", async (name, create) => {
    const events = Array.from({ length: 50 }, (_, k) => `data: event ${k}\n\n`);
    const { writes, rest } = await flushed(create, events);
    const decoder = new StreamDecoder(name, LIMITS);
    expect(writes.map((piece) => text(decoder.write(piece, 0, piece.length)))).toEqual(events);
    decoder.write(rest, 0, rest.length);
    expect(decoder.close()).toBeUndefined();
    const cut = new StreamDecoder(name, LIMITS);
    expect(text(cut.write(writes[0]!, 0, writes[0]!.length))).toBe(events[0]);
    expect(cut.close()).toBe("truncated");
    expect(cut.close()).toBe("truncated");
  });

  it("bounds each write, and all of them by the ratio", () => {
    const bomb = zlib.gzipSync(new Uint8Array(10 << 20));
    const decoder = new StreamDecoder("gzip", { maxBytes: 1 << 20, maxRatio: 50 });
    let out = 0;
    for (let at = 0; at < bomb.length; at += 100) {
      out += decoder.write(bomb, at, Math.min(bomb.length, at + 100)).length;
    }
    expect(decoder.problem).toBe("too_large");
    expect(out).toBeLessThanOrEqual(bomb.length * 50);
    expect(decoder.write(bomb, 0, 10).length).toBe(0);
    expect(decoder.close()).toBe("too_large");
  });

  it("bounds the windows of all br streams together, until they are closed", () => {
    const large = Uint8Array.of(0x0f, 0); // 16 MiB
    const open = () => {
      const decoder = new StreamDecoder("br", LIMITS);
      decoder.write(large, 0, large.length);
      return decoder;
    };
    const decoders = Array.from({ length: 40 }, open);
    expect(decoders.map(({ problem }) => problem)).toEqual(decoders.map((_, k) => k < 32 ? undefined : "too_large"));
    for (const decoder of decoders) decoder.close();
    expect(open().close()).toBe("truncated");
  });

  it("gives the same however the bytes are cut", () => {
    fc.assert(fc.property(
      fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      fc.uint8Array({ maxLength: 3000 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (codings, bytes, sizes) => {
        const coded = encode(codings, bytes);
        const decoder = new StreamDecoder(codings.join(", "), LIMITS);
        const parts: Uint8Array[] = [];
        for (let at = 0, k = 0; at < coded.length; k++) {
          const end = Math.min(coded.length, at + sizes[k % sizes.length]!);
          parts.push(decoder.write(coded, at, end));
          at = end;
        }
        expect(decoder.close()).toBeUndefined();
        expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      },
    ));
  });

  it("takes any bytes without throwing", () => {
    fc.assert(fc.property(
      fc.constantFrom(...names),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 5 }),
      (name, junk, changes) => {
        decodeBody(name, junk, LIMITS);
        const coded = Buffer.from(encode([name], HELLO));
        for (const [at, value] of changes) coded[at % coded.length] = value;
        expect(decodeBody(name, coded, LIMITS).body.length).toBeLessThanOrEqual(LIMITS.maxBytes);
      },
    ));
  });
});
