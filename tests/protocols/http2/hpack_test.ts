import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HpackDecoder, type HpackLimits } from "../../../protocols/http2/hpack/decoder.ts";
import type { Field } from "../../../protocols/http2/hpack/static_table.ts";
import { concat, hex, indexed } from "./_bytes.ts";
import { OracleEncoder } from "./_hpack_js.ts";
import { SimpleEncoder, type Step } from "./_simple_encoder.ts";

const LIMITS: HpackLimits = { maxFields: 256, maxBytes: 262144, maxTable: 65536 };

function decoder(limits: Partial<HpackLimits> = {}): HpackDecoder {
  const made = new HpackDecoder({ ...LIMITS, ...limits });
  made.begin();
  return made;
}

function decode(to: HpackDecoder, block: Uint8Array): readonly Field[] {
  return to.decode(block, 0, block.length, false);
}

/** RFC 7541 appendix C: table size, then blocks and their fields. */
const VECTORS: readonly [string, number, readonly (readonly [string, string])[]][] = [
  ["C.2.1 literal with indexing", 4096, [[
    "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
    "custom-key: custom-header",
  ]]],
  ["C.2.2 literal without indexing", 4096, [["040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path"]]],
  ["C.2.3 never indexed", 4096, [["1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret"]]],
  ["C.2.4 indexed", 4096, [["82", ":method: GET"]]],
  ["C.3 requests without Huffman", 4096, [
    [
      "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com",
    ],
    [
      "8286 84be 5808 6e6f 2d63 6163 6865",
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache",
    ],
    [
      "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value",
    ],
  ]],
  ["C.4 requests with Huffman", 4096, [
    [
      "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com",
    ],
    [
      "8286 84be 5886 a8eb 1064 9cbf",
      ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache",
    ],
    [
      "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value",
    ],
  ]],
  ["C.5 responses without Huffman", 256, [
    [
      "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 54" +
      "6e17 6874 7470 733a 2f2f 7777 772e 6578 616d 706c 652e 636f 6d",
      ":status: 302\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com",
    ],
    [
      "4803 3330 37c1 c0bf",
      ":status: 307\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com",
    ],
    [
      "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d" +
      "4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572" +
      "7369 6f6e 3d31",
      ":status: 200\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n" +
      "content-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ],
  ]],
  ["C.6 responses with Huffman", 256, [
    [
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b" +
      "97c8 e9ae 82ae 43d3",
      ":status: 302\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com",
    ],
    [
      "4883 640e ffc1 c0bf",
      ":status: 307\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com",
    ],
    [
      "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf" +
      "cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ":status: 200\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n" +
      "content-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ],
  ]],
];

/** Fields of `name: value` lines. */
function fieldsOf(text: string): [string, string][] {
  return text.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
}

describe("HpackDecoder", () => {
  it.each<[string, number, readonly (readonly [string, string])[]]>(VECTORS)(
    "reads RFC 7541 %s",
    (_name, table, blocks) => {
      const of = decoder();
      // A table of 256 bytes, as the examples say, is set by a size update.
      if (table !== 4096) decode(of, hex("3fe101"));
      for (const [block, fields] of blocks) {
        expect(decode(of, hex(block))).toEqual(fieldsOf(fields));
        expect([of.complete, of.problem]).toEqual([true, undefined]);
      }
    },
  );

  const text = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 90,
  });
  const name = fc.oneof(
    fc.constantFrom(":path", "content-type", "x-a", "x-b", "mcp-session-id", "cookie"),
    text.map((part) => `x-${part}`),
  );
  const field = fc.record({
    name,
    value: fc.oneof(text, fc.constantFrom("a", "b", "application/json")),
    huffman: fc.boolean(),
    incremental: fc.boolean(),
    neverIndex: fc.boolean(),
  });

  it("reads what hpack.js writes", () => {
    fc.assert(
      fc.property(fc.array(fc.array(field, { maxLength: 12 }), { maxLength: 12 }), fc.boolean(), (blocks, resets) => {
        const encoder = new OracleEncoder(4096), of = decoder();
        for (const fields of blocks) {
          const block = concat(resets && fields.length > 6 ? encoder.reset() : [], encoder.encode(fields));
          expect(decode(of, block)).toEqual(fields.map(({ name, value }) => [name, value]));
          expect([of.complete, of.problem]).toEqual([true, undefined]);
        }
      }),
    );
  });

  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ name, value: text, how: fc.constantFrom("add", "literal"), byName: fc.boolean() }),
    },
    { weight: 5, arbitrary: fc.record({ pick: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ size: fc.constantFrom(0, 50, 200, 1000, 4096, 20_000) }) },
  );

  it("joins anywhere: whatever it tells is right, and what came after the join is told", () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 12 }), fc.nat(11), (blocks, join) => {
        const encoder = new SimpleEncoder(), late = new HpackDecoder(LIMITS);
        for (const [k, steps] of blocks.entries()) {
          const { block, fields } = encoder.encode(steps, k >= join);
          if (k < join) continue;
          const told = decode(late, block);
          const known = fields.filter(({ known }) => known).map(({ field }) => field);
          expect(late.problem).toBe(undefined);
          // What is known to be there by the rules must be told; nothing else can be.
          expect(told).toEqual(known);
          expect(late.complete).toBe(known.length === fields.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("counts entries with unknown names, so that later ones have their right index", () => {
    const late = new HpackDecoder(LIMITS);
    // Two entries with names from before (indices 62 and 63), then one that is whole.
    const block = concat(
      [0x40 | 62, 1, 0x61],
      [0x7f, 0, 10, ...new Uint8Array(10).fill(0x62)],
      indexed("x-new", "1"),
    );
    expect(decode(late, block)).toEqual([["x-new", "1"]]);
    expect([late.complete, late.problem]).toEqual([false, undefined]);
    expect(decode(late, hex("be"))).toEqual([["x-new", "1"]]);
    expect(late.complete).toBe(true);
    for (const index of ["bf", "c0", "c1"]) {
      expect(decode(late, hex(index))).toEqual([]);
      expect([late.complete, late.problem]).toEqual([false, undefined]);
    }
  });

  it("knows the table after a size update to 0", () => {
    const late = new HpackDecoder(LIMITS);
    expect(decode(late, concat(hex("20 3fe11f"), indexed("x-a", "1")))).toEqual([["x-a", "1"]]);
    decode(late, hex("bf"));
    expect(late.problem).toBe("bad_hpack");
  });

  it("takes the receiver's limit once it is acknowledged, if it knows no other", () => {
    const late = new HpackDecoder(LIMITS), early = decoder();
    for (const one of [late, early]) {
      decode(one, indexed("x-a", "1"));
      one.offer(50);
      decode(one, hex("bf"));
      expect(one.problem).toBe(one === early ? "bad_hpack" : undefined);
    }
    early.begin();
    for (const one of [late, early]) {
      one.acknowledge();
      decode(one, concat(indexed("x-b", "2"), indexed("x-c", "3")));
      expect(decode(one, hex("bebf"))).toEqual(one === early ? [["x-c", "3"], ["x-b", "2"]] : [["x-c", "3"]]);
      expect(one.problem).toBe(one === late ? "bad_hpack" : undefined); // there is room for one entry only
    }
  });

  it("leaves out a literal that is not in the Huffman code, and reads on", () => {
    const of = decoder();
    decode(of, indexed("x-a", "1"));
    // EOS; padding of eight ones; padding of zeros.
    for (const bad of ["01 61 84 ffffffff", "01 61 82 1fff", "01 61 81 18"]) {
      expect(decode(of, concat([0], hex(bad), hex("be")))).toEqual([["x-a", "1"]]);
      expect([of.complete, of.problem]).toEqual([false, "bad_hpack"]);
    }
    expect(decode(of, hex("be"))).toEqual([["x-a", "1"]]);
  });

  it.each([
    ["index 0", "80"],
    ["an index beyond the table", "bf"],
    ["a literal cut short", "0003 6162"],
    ["a literal without its value", "0001 61"],
    ["an integer without end", "ff ffffffff ffffffff ff"],
    ["a length beyond reason", "007f ffffff 7f"],
  ])("counts the table as unknown after %s", (_name, block) => {
    const of = decoder();
    decode(of, indexed("x-a", "1"));
    expect(decode(of, concat([0x82], hex(block)))).toEqual([[":method", "GET"]]);
    expect([of.complete, of.problem]).toEqual([false, "bad_hpack"]);
    expect(decode(of, hex("82be"))).toEqual([[":method", "GET"]]);
    expect([of.complete, of.problem]).toEqual([false, undefined]);
    expect(decode(of, concat(indexed("x-b", "2"), hex("be")))).toEqual([["x-b", "2"], ["x-b", "2"]]);
  });

  it("bounds what a block becomes, and keeps the table right", () => {
    const bomb = decoder({ maxBytes: 10_000 });
    const big = "b".repeat(100);
    const block = concat(indexed("x-big", big), new Uint8Array(5000).fill(0xbe), indexed("x-after", "1"));
    expect(decode(bomb, block)).toHaveLength(Math.floor(10_000 / (32 + 105)));
    expect([bomb.complete, bomb.problem]).toEqual([false, "header_block_too_large"]);
    expect(decode(bomb, hex("bebf"))).toEqual([["x-after", "1"], ["x-big", big]]);
    const many = decoder({ maxFields: 10 });
    expect(decode(many, new Uint8Array(11).fill(0x82))).toHaveLength(10);
    expect([many.complete, many.problem]).toEqual([false, "too_many_headers"]);
  });

  it("holds no more of the table than it may, whatever the sender does", () => {
    const of = decoder({ maxTable: 100 });
    decode(of, concat(hex("3fe1ff03"), indexed("x-a", "1"), indexed("x-b", "2"), indexed("x-c", "3")));
    expect(decode(of, hex("bebfc0"))).toEqual([["x-c", "3"], ["x-b", "2"]]);
    expect([of.complete, of.problem]).toEqual([false, undefined]);
  });

  it("throws at no bytes", () => {
    const of = decoder();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (block) => void decode(of, block)), { numRuns: 500 });
  });
});
