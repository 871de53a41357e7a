import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Gather } from "../../../pipeline/output/gather.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

function setup() {
  const parts: string[] = [];
  const gather = new Gather((bytes) => parts.push(decoder.decode(bytes)));
  const text = () => {
    gather.drain();
    return parts.splice(0).join("");
  };
  return { gather, text, parts };
}

/** ASCII that is different everywhere. */
function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, k) => 0x21 + (k * 31 + (k >> 8)) % 90);
}

describe("Gather", () => {
  it("puts pieces together in their order", () => {
    const { gather, text } = setup();
    const hello = gather.constant(encoder.encode("hello "));
    gather.put(hello);
    gather.splice(encoder.encode("a big world"), 6, 11);
    gather.text(", né ");
    gather.integer(0);
    gather.integer(2147483647);
    gather.text(" ");
    gather.integer(2147483648);
    gather.digits(42, 6);
    gather.put(hello);
    expect(text()).toBe("hello world, né 02147483647 2147483648000042hello ");
    expect(text()).toBe("");
  });

  it("hands on nothing before it must, and large pieces by themselves", () => {
    const { gather, text, parts } = setup();
    gather.text("abc");
    expect(gather.length).toBe(3);
    expect(parts).toEqual([]);
    const large = bytes(100_000);
    gather.splice(large, 10, 90_000);
    expect(parts.length).toBe(2);
    expect(text()).toBe(`abc${decoder.decode(large.subarray(10, 90_000))}`);
    const many = "0123456789".repeat(20_000);
    gather.text(many);
    expect(text()).toBe(many);
  });

  it("copies ahead", () => {
    const { gather, text } = setup();
    const buffer = bytes(200_000);
    let expected = "";
    for (let at = 0; at + 700 <= buffer.length; at += 700) {
      gather.ahead(buffer, at, at + 700);
      gather.splice(buffer, at + 3, at + 690);
      gather.splice(buffer, Math.max(0, at - 40_000), at + 5); // behind the window, or partly in it
      expected += decoder.decode(buffer.subarray(at + 3, at + 690)) +
        decoder.decode(buffer.subarray(Math.max(0, at - 40_000), at + 5));
    }
    expect(text()).toBe(expected);
  });

  it("remembers what was spoken of, and nothing that followed it, once told to forget", () => {
    const { gather, text } = setup();
    const buffer = bytes(200_000);
    gather.ahead(buffer, 0, 10);
    gather.ahead(buffer, 10, 20);
    const before = decoder.decode(buffer.subarray(10, 20));
    buffer.fill(0x78, 20);
    gather.forget();
    gather.splice(buffer, 10, 20);
    gather.ahead(buffer, 20, 30);
    gather.splice(buffer, 20, 30);
    gather.ahead(buffer, 30, 40);
    gather.splice(buffer, 30, 40);
    gather.splice(buffer, 15, 25); // in two windows
    expect(text()).toBe(`${before}${"x".repeat(20)}${before.slice(5)}xxxxx`);
  });

  it("finds what was copied a while ago as long as it is there", () => {
    const { gather, text } = setup();
    let expected = "";
    const add = (buffer: Uint8Array, start: number, end: number) => {
      gather.ahead(buffer, start, end);
      gather.splice(buffer, start, end);
      expected += decoder.decode(buffer.subarray(start, end));
    };
    const buffers = Array.from({ length: 12 }, (_, k) => bytes(65_536 + k).map((byte) => byte ^ (k & 1)));
    buffers.forEach((buffer, k) => {
      for (let at = 0; at + 900 <= buffer.length; at += 900) {
        add(buffer, at, at + 900);
        const back = buffers[k - at % 5] ?? buffer;
        gather.splice(back, at % 30_000, at % 30_000 + 300);
        expected += decoder.decode(back.subarray(at % 30_000, at % 30_000 + 300));
        if (at % 7 === 0) {
          gather.forget();
          expect(text() + decoder.decode(gather.take())).toBe(expected);
          expected = "";
        }
      }
    });
    expect(text()).toBe(expected);
  });

  it("releases constants only after they were used", () => {
    const { gather, text } = setup();
    const kept = gather.constant(encoder.encode("kept"));
    const { constants } = gather;
    const gone = gather.constant(encoder.encode("gone"));
    gather.put(kept);
    gather.put(gone);
    gather.release(constants);
    expect(gather.constants).toBe(constants);
    gather.put(gather.constant(encoder.encode("next")));
    gather.put(kept);
    expect(text()).toBe("keptgonenextkept");
    const large = gather.constant(bytes(3_000_000)); // takes more memory
    gather.put(kept);
    gather.text("!");
    expect(text()).toBe("kept!");
    expect(large.length).toBe(3_000_000);
  });

  it("writes what was noted, whatever the pieces", () => {
    const { gather, text } = setup();
    const buffers = [bytes(50), bytes(5000), bytes(70_000)];
    const constants = [0, 1, 15, 16, 17, 511, 512, 513, 4000].map((length) => {
      const content = bytes(length);
      return { constant: gather.constant(content), text: decoder.decode(content) };
    });
    const piece = fc.oneof(
      fc.record({ kind: fc.constant("put" as const), which: fc.nat(constants.length - 1) }),
      fc.record({
        kind: fc.constantFrom("splice" as const, "ahead" as const),
        which: fc.nat(2),
        from: fc.nat(69_999),
        length: fc.oneof(fc.nat(40), fc.nat(2000), fc.nat(40_000)),
      }),
      fc.record({ kind: fc.constant("digits" as const), value: fc.nat(999_999) }),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let expected = "";
      for (const piece of pieces) {
        if (piece.kind === "put") {
          gather.put(constants[piece.which]!.constant);
          expected += constants[piece.which]!.text;
        } else if (piece.kind === "digits") {
          gather.digits(piece.value, 6);
          expected += String(piece.value).padStart(6, "0");
        } else {
          const buffer = buffers[piece.which]!;
          const from = piece.from % buffer.length, to = Math.min(buffer.length, from + piece.length);
          if (piece.kind === "ahead") gather.ahead(buffer, from, to);
          gather.splice(buffer, from, to);
          expected += decoder.decode(buffer.subarray(from, to));
        }
      }
      expect(text()).toBe(expected);
    }));
  });
});
