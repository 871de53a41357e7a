import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import {
  asObject,
  Field,
  forgetPeeked,
  META,
  peek,
  peekedFrom,
  peekedTo,
  readJson,
} from "../../../protocols/mcp/mod.ts";

const encoder = new TextEncoder();

/** Where each field's value is in the parsed object. */
const NAMES: readonly (readonly [keyof typeof Field, boolean, string])[] = [
  ["meta", false, "_meta"],
  ["task", false, "task"],
  ["taskId", false, "taskId"],
  ["status", false, "status"],
  ["requestState", false, "requestState"],
  ["inputResponses", false, "inputResponses"],
  ["inputRequests", false, "inputRequests"],
  ["resultType", false, "resultType"],
  ["isError", false, "isError"],
  ["progressToken", false, "progressToken"],
  ["requestId", false, "requestId"],
  ["name", false, "name"],
  ["uri", false, "uri"],
  ["metaProgressToken", true, META.progressToken],
  ["metaTraceparent", true, META.traceparent],
  ["metaTracestate", true, META.tracestate],
  ["metaProtocolVersion", true, META.protocolVersion],
  ["metaClientInfo", true, META.clientInfo],
  ["metaClientCapabilities", true, META.clientCapabilities],
  ["metaServerInfo", true, META.serverInfo],
  ["metaRelatedTask", true, META.relatedTask],
];

/** What is found in the text, parsed. */
function found(text: string, before = ""): Record<string, Json> {
  const bytes = encoder.encode(before + text);
  const start = encoder.encode(before).length;
  const mask = peek(bytes, start, bytes.length);
  const values: Record<string, Json> = {};
  for (const [field] of NAMES) {
    if ((mask & 1 << Field[field]) === 0) continue;
    values[field] = readJson(bytes, peekedFrom(Field[field]), peekedTo(Field[field]));
  }
  return values;
}

/** The same by JSON.parse. */
function expected(text: string): Record<string, Json> {
  const object = asObject(JSON.parse(text) as Json) ?? {};
  const values: Record<string, Json> = {};
  for (const [field, isMeta, name] of NAMES) {
    const holder = isMeta ? asObject(object._meta) ?? {} : object;
    if (Object.hasOwn(holder, name)) values[field] = holder[name]!;
  }
  return values;
}

const names = fc.constantFrom(...NAMES.map(([, , name]) => name), "x", "_met", "_metaa", "", "isErro");
const scalar = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, -1.5e-7, "", '"', "\\", "}{][", '\\"', "_meta", "é✓😀", "\n\u0000"),
  fc.string() as fc.Arbitrary<Json>,
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }) as fc.Arbitrary<Json>,
    fc.dictionary(names, tie("value"), { maxKeys: 5 }) as fc.Arbitrary<Json>,
  ),
}));

describe("peek", () => {
  it("finds what JSON.parse finds, whatever is around it", () => {
    const object = fc.dictionary(names, value, { maxKeys: 8 });
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, "\t", "\r\n "), fc.nat(200), (object, indent, pad) => {
        const text = JSON.stringify(object, null, indent);
        expect(found(text, " ".repeat(pad))).toEqual(expected(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("reads names that are written with escapes, as JSON.parse does", () => {
    const text = String
      .raw`{"\u005fmeta":{"io.modelcontextprotocol\/protocolVersion":"a","progress\u0054oken":1},"is\u0045rror":true,"na\tme":2}`;
    expect(found(text)).toEqual(expected(text));
    expect(found(text)).toEqual({
      meta: { "io.modelcontextprotocol/protocolVersion": "a", progressToken: 1 },
      metaProtocolVersion: "a",
      metaProgressToken: 1,
      isError: true,
    });
  });

  it("takes the last of two members of a name", () => {
    const text =
      '{"_meta":{"progressToken":1,"traceparent":"x"},"isError":true,"_meta":{"tracestate":"y"},"isError":false}';
    expect(found(text)).toEqual(expected(text));
    const gone = '{"_meta":{"progressToken":1},"_meta":null}';
    expect(found(gone)).toEqual({ meta: null });
  });

  it("finds nothing in what is no object", () => {
    for (const text of ["[]", '["_meta"]', '"_meta"', "1", "null", "{}", "{ }"]) expect(found(text)).toEqual({});
  });

  it("reads messages of any length, in large buffers and small, one after the other", () => {
    const texts = [1, 63, 64, 65, 500, 40_000, 200_000].map((n) =>
      JSON.stringify({ content: ['"\\'.repeat(n)], isError: true, _meta: { progressToken: n } })
    );
    for (const text of texts) expect(found(text)).toEqual(expected(text));
    const bytes = encoder.encode(texts.join(""));
    for (let round = 0; round < 2; round++) {
      let at = 0;
      for (const text of texts) {
        const end = at + encoder.encode(text).length;
        expect(peek(bytes, at, end)).toBe(1 << Field.meta | 1 << Field.metaProgressToken | 1 << Field.isError);
        expect(bytes[peekedFrom(Field.isError)]).toBe(0x74);
        at = end;
      }
      forgetPeeked();
    }
  });

  it("does not fail, nor run on, whatever bytes it is given", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      peek(Uint8Array.of(0x7b, ...bytes), 0, bytes.length + 1);
    }));
    const parts = fc.array(fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", '"_meta"', " ", "1"), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(parts, (parts) => void peek(encoder.encode(`{${parts.join("")}`), 0, parts.join("").length + 1)),
    );
  });
});
