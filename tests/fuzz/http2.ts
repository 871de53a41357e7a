/** The HTTP/2 reader under any bytes: its ranges and counts, the order of its calls, and that cuts change nothing. */
import { looksLikeHttp2 } from "../../protocols/http2/mod.ts";
import { ascii, concat, frame, indexed, literal, PREFACE, SETTINGS, uint32 } from "../protocols/http2/_bytes.ts";
import { read, type Told } from "../protocols/http2/_recorder.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const PATH = literal(":path", "/mcp");
const LIMITS = { maxHeaderBlock: 200, maxHeaders: 8, maxStreams: 4, maxTable: 300 };
const SEEDS = [
  concat(
    PREFACE,
    SETTINGS,
    frame(1, 4, 1, PATH, indexed("x-a", "1")),
    frame(0, 1, 1, ascii("{}")),
    frame(1, 5, 3, [0xbe]),
  ),
  concat(
    SETTINGS,
    frame(1, 0, 1, [0x88]),
    frame(9, 0, 1),
    frame(9, 4, 1, PATH),
    frame(0, 9, 1, [3], ascii("data"), [0, 0, 0]),
  ),
  concat(frame(5, 0x0c, 1, [1], uint32(2), PATH, [0]), frame(3, 0, 1, uint32(8)), frame(7, 0, 0, uint32(1), uint32(0))),
  concat(ascii("}} late"), frame(0, 0, 5, ascii("data: 1\n\n")), frame(8, 0, 0, uint32(9)), frame(1, 5, 5, PATH)),
  concat(
    SETTINGS,
    frame(1, 0x2d, 1, [2], uint32(3), [16], PATH, [0, 0]),
    frame(6, 0, 0, new Uint8Array(8)),
    PATH,
    SETTINGS,
  ),
];

export default {
  name: "http2",
  // The first byte says how to cut, the second what to lose.
  seeds: SEEDS.flatMap((seed) => [[0, 0], [3, 0], [13, 5]].map((how) => concat(how, seed))),
  run(data) {
    const [cut = 0, lose = 0] = data, bytes = data.subarray(2);
    looksLikeHttp2(bytes, 0, bytes.length);
    const pieces: (Uint8Array | number)[] = [];
    for (let at = 0, k = 0; at < bytes.length; k++) {
      const size = cut === 0 ? bytes.length : 1 + (cut * (k + 1) & 31);
      if (lose > 0 && k % lose === lose - 1) pieces.push(1 + (k & 15));
      pieces.push(bytes.subarray(at, at + size));
      at += size;
    }
    check(read(pieces, LIMITS), bytes.length);
    // Where a connection begins with its preface the writes do not matter, as long as no frame is to be looked for.
    const whole = read([concat(PREFACE, bytes)], LIMITS);
    if (whole.some(([what, id]) => what === "problem" && id === 0)) return;
    const one = JSON.stringify(whole), other = JSON.stringify(read([PREFACE, ...pieces.filter(isBytes)], LIMITS));
    if (one !== other) throw new Error(`${one} became ${other}`);
  },
} satisfies FuzzTarget;

function isBytes(piece: Uint8Array | number): piece is Uint8Array {
  return typeof piece !== "number";
}

function check(told: readonly Told[], length: number): void {
  let bytes = 0;
  const ended = new Set<number>();
  for (const one of told) {
    if (one[0] === "problem" && one[1] === 0) ended.clear();
    if (one[0] === "headers" && one[2].length > LIMITS.maxHeaders) throw new Error("too many headers");
    if (one[0] === "data") {
      bytes += one[2].length;
      if (ended.has(one[1])) throw new Error("data after the end");
    }
    if (one[0] !== "end") continue;
    if (ended.has(one[1])) throw new Error("ended twice");
    ended.add(one[1]);
    if (ended.size >= LIMITS.maxStreams) ended.clear();
  }
  if (bytes > length) throw new Error(`${bytes} bytes told of ${length}`);
}
