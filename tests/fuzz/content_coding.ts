/** The decoders under any bytes: nothing thrown, nothing beyond the limits, the same however it is cut. */
import { Buffer } from "node:buffer";
import * as zlib from "node:zlib";
import { decodeBody, StreamDecoder } from "../../protocols/content_coding/mod.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const CODINGS = ["gzip", "deflate", "br", "zstd", "gzip, br", "identity", "unknown"];
const LIMITS = { maxBytes: 20_000, maxRatio: 100 };
const text = Buffer.from("data: hello world, hello again\n\n".repeat(20));
const bomb = new Uint8Array(1 << 20);
/** The first byte says which coding, the second how to cut. */
const seed = (coding: number, cut: number, body: Uint8Array) => Buffer.concat([Uint8Array.of(coding, cut), body]);

export default {
  name: "content_coding",
  seeds: [text, bomb].flatMap((plain, k) => [
    seed(0, k, zlib.gzipSync(plain)),
    seed(1, 7, zlib.deflateSync(plain)),
    seed(1, 0, zlib.deflateRawSync(plain)),
    seed(2, 3, zlib.brotliCompressSync(plain)),
    seed(3, 5, zlib.zstdCompressSync(plain)),
    seed(4, 0, zlib.brotliCompressSync(zlib.gzipSync(plain))),
  ]),
  run(data) {
    const [coding = 0, cut = 0] = data, body = data.subarray(2);
    const codings = CODINGS[coding % CODINGS.length]!;
    const whole = decodeBody(codings, body, LIMITS);
    if (whole.body.length > LIMITS.maxBytes) throw new Error(`${whole.body.length} bytes came out`);
    const decoder = new StreamDecoder(codings, LIMITS), parts: Uint8Array[] = [];
    const size = 1 + cut % 97;
    for (let at = 0; at < body.length; at += size) {
      parts.push(decoder.write(body, at, Math.min(body.length, at + size)));
    }
    const problem = decoder.close(), all = Buffer.concat(parts);
    if (whole.problem === undefined && problem === undefined && !all.equals(whole.body)) throw new Error("they differ");
    const bad = [whole.problem, problem].filter((one) => one === "bad_coding" || one === "truncated").length;
    // In pieces libzstd does not hold the size that a frame claims against an empty last block.
    if (codings !== "zstd" && bad === 1 && [whole.problem, problem].includes(undefined)) {
      throw new Error(`${whole.problem} or ${problem}`);
    }
    if (all.length > Math.max(65_536, body.length * LIMITS.maxRatio)) throw new Error(`${all.length} bytes came out`);
  },
} satisfies FuzzTarget;
