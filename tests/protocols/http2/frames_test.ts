import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeHttp2 } from "../../../protocols/http2/mod.ts";
import { ascii, concat, frame, literal, PREFACE, SETTINGS } from "./_bytes.ts";

const HEADERS = frame(1, 4, 1, literal(":path", "/"));
const DATA = frame(0, 1, 1, ascii('{"jsonrpc":"2.0"}'));

describe("looksLikeHttp2", () => {
  it.each<[string, Uint8Array, string | undefined]>([
    ["the preface", PREFACE, "preface"],
    ["the preface with more", concat(PREFACE, SETTINGS), "preface"],
    ["most of the preface", PREFACE.subarray(0, 18), "preface"],
    ["a method of its own", ascii("PRI /x HTTP/1.1\r\n\r\n"), undefined],
    ["a server's first SETTINGS", SETTINGS, "frames"],
    ["SETTINGS and its acknowledgement", concat(SETTINGS, frame(4, 1, 0)), "frames"],
    ["one frame", HEADERS, "frames"],
    ["frames, the last of them cut", concat(HEADERS, DATA).subarray(0, HEADERS.length + 12), "frames"],
    ["a header by itself", DATA.subarray(0, 9), "frames"],
    ["a frame that is cut", DATA.subarray(0, 12), undefined],
    ["a frame and other bytes", concat(HEADERS, ascii("GET / HTTP/1.1\r\n")), undefined],
    ["flags that DATA has not", frame(0, 4, 1, [1]), undefined],
    ["DATA of no stream", frame(0, 1, 0, [1]), undefined],
    ["SETTINGS of a stream", frame(4, 0, 1), undefined],
    ["CONTINUATION of another stream", concat(frame(1, 0, 1, [0x82]), frame(9, 4, 3, [0x82])), undefined],
    ["CONTINUATION", concat(frame(1, 0, 1, [0x82]), frame(9, 4, 1, [0x82])), "frames"],
    ["an unknown type", frame(0x2a, 0, 1, [1]), undefined],
    ["the end of a header and some text", concat(DATA.subarray(4, 9), ascii("data")), undefined],
    ["zeros", new Uint8Array(100), undefined],
    ["HTTP/1.1", ascii("POST /mcp HTTP/1.1\r\nHost: x\r\n\r\n"), undefined],
    ["a TLS record", concat([22, 3, 1, 0, 5], ascii("hello")), undefined],
    ["a PostgreSQL startup", concat([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]), undefined],
    ["nothing", new Uint8Array(), undefined],
  ])("knows %s", (_name, bytes, expected) => {
    const inside = concat([1, 2, 3], bytes, [0]);
    expect(looksLikeHttp2(inside, 3, 3 + bytes.length)).toBe(expected);
  });

  it("does not take random bytes for frames", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 200 }), (bytes) => {
        expect(looksLikeHttp2(bytes, 0, bytes.length)).toBe(undefined);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
