import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteBuffer } from "../../../pipeline/output/byte_buffer.ts";

const textOf = (buffer: ByteBuffer) => new TextDecoder().decode(buffer.bytes.subarray(0, buffer.length));

describe("ByteBuffer", () => {
  it("holds what was put into it, wherever it came from and however much", () => {
    const large = new Uint8Array(100_000).map((_, k) => (k * 7919) & 0xff);
    const view = new Uint8Array(large.buffer, 13, 50_000);
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.constantFrom(large, view, large.slice(0, 999)), fc.nat(700), fc.nat(400))),
      (pieces) => {
        const out = new ByteBuffer(16), expected: number[] = [];
        for (const [from, start, length] of pieces) {
          const end = Math.min(from.length, start + length);
          out.reserve(Math.max(0, end - start));
          if (end < start) continue;
          out.splice(from, start, end);
          expected.push(...from.subarray(start, end));
        }
        expect([...out.bytes.subarray(0, out.length)]).toEqual(expected);
      },
    ));
  });

  it("writes text and numbers", () => {
    const out = new ByteBuffer(0);
    out.text("ünï✓");
    out.reserve(100);
    out.put(new TextEncoder().encode(" "));
    for (const n of [0, 9, 10, 1234567890123, Number.MAX_SAFE_INTEGER]) {
      out.integer(n);
      out.put(new TextEncoder().encode(" "));
    }
    out.digits(7, 3);
    expect(textOf(out)).toBe("ünï✓ 0 9 10 1234567890123 9007199254740991 007");
  });

  it("makes one line", () => {
    const out = new ByteBuffer(0);
    out.text("a\nb\n\rc");
    out.flatten(2);
    expect(textOf(out)).toBe("a\nb  c");
  });
});
