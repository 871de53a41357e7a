/** The HPACK decoder under any bytes: its bounds, and that no block harms the ones after it for longer than it must. */
import { HpackDecoder } from "../../protocols/http2/hpack/decoder.ts";
import { concat, hex, indexed, literal } from "../protocols/http2/_bytes.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const LIMITS = { maxFields: 20, maxBytes: 2000, maxTable: 500 };
/** From RFC 7541 appendix C, and what is special: size updates, bombs, unknown names. */
const SEEDS = [
  hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"),
  hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff"),
  concat(hex("20 3fe11f"), indexed("x-a", "1"), hex("be bf")),
  concat(indexed("x-big", "b".repeat(100)), new Uint8Array(60).fill(0xbe)),
  concat([0x7e, 1, 0x61, 0x7f, 0, 1, 0x62], literal("x-b", "2"), hex("be bf c0")),
  hex("0084 ffffffff 00 1003 616263 ff ffffff 7f"),
];

export default {
  name: "hpack",
  // The first byte: 1 knows the table from the start, 2 is cut. A block of so many bytes as the second says, then the rest.
  seeds: SEEDS.flatMap((seed) => [concat([1, 255], seed), concat([0, 12], seed), concat([3, 5], seed, seed)]),
  run(data) {
    const [how = 0, first = 0] = data, decoder = new HpackDecoder(LIMITS);
    if ((how & 1) !== 0) decoder.begin();
    const middle = Math.min(data.length, 2 + first);
    for (const [start, end] of [[2, middle], [middle, data.length]] as const) {
      if (start > end) continue;
      const fields = decoder.decode(data, start, end, (how & 2) !== 0);
      if (fields.length > LIMITS.maxFields) throw new Error(`${fields.length} fields`);
      const bytes = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
      if (bytes > LIMITS.maxBytes) throw new Error(`${bytes} bytes`);
      if (decoder.problem !== undefined && decoder.complete) throw new Error(`complete in spite of ${decoder.problem}`);
    }
    const after = concat(hex("3fe11f"), indexed("x-after", "1"), hex("82 be"));
    const told = JSON.stringify(decoder.decode(after, 0, after.length, false));
    if (told !== '[["x-after","1"],[":method","GET"],["x-after","1"]]' || !decoder.complete) throw new Error(told);
  },
} satisfies FuzzTarget;
