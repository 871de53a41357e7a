import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelope, Flag, forget, Found, IdKind, scanMember, scanMessage } from "../../../protocols/jsonrpc/mod.ts";

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function scan(text: string | Uint8Array, depth = 256): Found {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  forget();
  return scanMessage(bytes, 0, bytes.length, depth);
}

/** What the scan of `text` found, as text. */
function members(text: string): Record<string, string> {
  const bytes = encoder.encode(text);
  expect(scan(bytes)).toBe(Found.object);
  const e = envelope;
  const spans: [string, number, number][] = [
    ["id", e.idStart, e.idEnd],
    ["method", e.methodStart, e.methodEnd],
    ["params", e.paramsStart, e.paramsEnd],
    ["result", e.resultStart, e.resultEnd],
    ["error", e.errorStart, e.errorEnd],
  ];
  return Object.fromEntries(
    spans.filter(([, start]) => start >= 0).map((
      [name, start, end],
    ) => [name, strict.decode(bytes.subarray(start, end))]),
  );
}

/** What JSON.parse makes of the bytes, in the scanner's words. */
function oracle(bytes: Uint8Array): { found: number; value?: unknown } {
  try {
    const text = strict.decode(bytes);
    const start = /^[ \t\r\n]*/.exec(text)![0].length;
    if (start === text.length) return { found: Found.blank };
    if (text[start] !== "{" && text[start] !== "[") return { found: Found.other };
    const value: unknown = JSON.parse(text);
    return { found: Array.isArray(value) ? Found.array : Found.object, value };
  } catch {
    return { found: Found.invalidJson };
  }
}

function agree(bytes: Uint8Array): void {
  const found = scan(bytes);
  const expected = oracle(bytes);
  if (expected.found >= 0) expect(found).toBe(expected.found);
  else expect([Found.invalidJson, Found.invalidUtf8, Found.other]).toContain(found);
}

describe("scanMessage", () => {
  it("finds the members of a message", () => {
    expect(members(' {"jsonrpc":"2.0", "id" : 7,"method":"tools/call","params":{"a":[1,{"b":"}"}]}}\r')).toEqual({
      id: "7",
      method: '"tools/call"',
      params: '{"a":[1,{"b":"}"}]}',
    });
    expect(envelope.version).toBe(1);
    expect([envelope.idKind, envelope.id]).toEqual([IdKind.integer, 7]);
  });

  it("knows a name however it is escaped", () => {
    expect(members('{"\\u0069d":1,"m\\u0065thod":"x","\\u006a\\u0073onrpc":"2\\u002e0"}')).toEqual({
      id: "1",
      method: '"x"',
    });
    expect(envelope.version).toBe(1);
    expect(members('{"\\u0049d":1,"i\\u0064x":2,"\\u01069":3,"i\\td":4}')).toEqual({});
    expect(envelope.flags & Flag.extra).toBe(Flag.extra);
  });

  it("lets the last of two members count, and says so", () => {
    expect(members('{"id":1,"id":"two","method":7,"method":"x"}')).toEqual({ id: '"two"', method: '"x"' });
    expect(envelope.flags).toBe(Flag.duplicate);
    expect(envelope.idKind).toBe(IdKind.string);
    members('{"id":1,"\\u0069d":2}');
    expect(envelope.flags).toBe(Flag.duplicate);
  });

  it.each([
    ["0", IdKind.integer],
    ["999999999", IdKind.integer],
    ["1234567890", IdKind.number],
    ["-1", IdKind.number],
    ["1.0", IdKind.number],
    ['""', IdKind.string],
    ["null", IdKind.null],
    ["true", IdKind.bad],
    ["{}", IdKind.bad],
    ["[1]", IdKind.bad],
  ])("tells what kind of id %s is", (text, kind) => {
    members(`{"id":${text}}`);
    expect(envelope.idKind).toBe(kind);
  });

  it("numbers method names by their bytes", () => {
    const number = (name: string) => {
      members(`{"method":"${name}"}`);
      return envelope.method;
    };
    expect(number("tools/call")).toBe(number("tools/call"));
    expect(new Set(["tools/call", "tools/cal", "tools/calL", "a", "", "abcdefgh", "abcdefghi"].map(number)).size).toBe(
      7,
    );
    expect(number("x".repeat(49))).toBe(-1);
  });

  it("takes names until its table is full, and then goes on without", () => {
    for (let k = 0; k < 2000; k++) members(`{"method":"name${k}"}`);
    expect(members('{"method":"one more"}')).toEqual({ method: '"one more"' });
    expect(envelope.method).toBe(-1);
    members('{"method":"tools/call"}');
    expect(envelope.method).toBeGreaterThanOrEqual(0);
  });

  it("tells of line breaks inside, not around", () => {
    const breaks = (text: string) => (members(text), (envelope.flags & Flag.breaks) !== 0);
    expect(breaks('\r\n{"id":1}\r\n')).toBe(false);
    expect(breaks('{"params":"\\r\\n"}')).toBe(false);
    expect(breaks('{"id":\r1}')).toBe(true);
    expect(breaks('{"params":{"a":[1,\n2]}}')).toBe(true);
  });

  it.each([
    ['{"a":"\u0000"}', Found.invalidJson],
    ['{"a":1}\u0000', Found.invalidJson],
    ["{", Found.invalidJson],
    ['{"a":01}', Found.invalidJson],
    ['{"a":1,}', Found.invalidJson],
    ['{"a":1}}', Found.invalidJson],
    ["{'a':1}", Found.invalidJson],
    ['{"a":"\\x"}', Found.invalidJson],
    ['{"a":"\\ud800"}', Found.object],
    ["[]", Found.array],
    ["[1,]", Found.invalidJson],
    ["", Found.blank],
    ["hello", Found.other],
    ['\ufeff{"a":1}', Found.other],
  ])("takes %j for what JSON.parse does", (text, found) => {
    expect(scan(text)).toBe(found);
  });

  it.each([
    ["c0 80", "overlong"],
    ["e0 80 80", "overlong"],
    ["f0 80 80 80", "overlong"],
    ["ed a0 80", "a surrogate"],
    ["f4 90 80 80", "beyond U+10FFFF"],
    ["f8 88 80 80 80", "five bytes"],
    ["80", "a lone continuation"],
    ["c3", "cut"],
    ["e2 82", "cut"],
    ["ff", "no lead byte"],
  ])("refuses the bytes %s in a string (%s)", (hex) => {
    const middle = hex.split(" ").map((byte) => parseInt(byte, 16));
    const bytes = Uint8Array.of(...encoder.encode('{"params":"'), ...middle, ...encoder.encode('"}'));
    expect(scan(bytes)).toBe(Found.invalidUtf8);
  });

  it("bounds the depth without recursion", () => {
    const nested = (depth: number) => '{"params":' + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    expect(scan(nested(256))).toBe(Found.object);
    expect(scan(nested(257))).toBe(Found.tooDeep);
    expect(scan(nested(4096), 1e9)).toBe(Found.object);
    expect(scan("[".repeat(1_000_000), 1e9)).toBe(Found.tooDeep);
    expect(scan('{"a":'.repeat(1_000_000), 1e9)).toBe(Found.tooDeep);
    expect(scan("{}", 0)).toBe(Found.tooDeep);
  });

  it("does not look beyond the end", () => {
    const bytes = encoder.encode('{"id":1}    ,"method":"x"}');
    forget();
    expect(scanMessage(bytes, 0, 8, 256)).toBe(Found.object);
    for (let end = 1; end < 8; end++) {
      forget();
      expect(scanMessage(bytes, 0, end, 256)).toBe(Found.invalidJson);
    }
  });

  it("finds the same in a large buffer as in a small one", () => {
    const text = encoder.encode('{"jsonrpc":"2.0","id":1,"params":["✓"]}');
    const large = new Uint8Array(200_000);
    const places: number[] = [];
    for (let at = 7; at + text.length < large.length; at += 997) {
      large.set(text, at);
      places.push(at);
    }
    forget();
    for (const at of places) {
      expect(scanMessage(large, at, at + text.length, 256)).toBe(Found.object);
      expect([envelope.start - at, envelope.idStart - at, envelope.paramsEnd - at]).toEqual([0, 22, text.length - 1]);
    }
    const huge = encoder.encode(`{"params":"${"x".repeat(5_000_000)}"}`);
    expect(scan(huge)).toBe(Found.object);
  });

  it("agrees with JSON.parse on any JSON, however it is written", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (text, indent) => {
      agree(encoder.encode(text));
      agree(encoder.encode(JSON.stringify(JSON.parse(text), undefined, indent)));
      agree(encoder.encode(`{"id":${text},"method":"x","params":[${text}]}`));
    }));
  });

  it("agrees with JSON.parse on JSON with bytes changed", () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...'{}[]",:\\u0 \n')),
    });
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4, stringUnit: "binary" }),
        fc.array(change, { maxLength: 4 }),
        (text, changes) => {
          const bytes = encoder.encode(`{"jsonrpc":"2.0","id":1,"params":${text}}`);
          for (const { at, byte } of changes) {
            bytes[at % bytes.length] = typeof byte === "number" ? byte : byte.charCodeAt(0);
          }
          agree(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("agrees with JSON.parse on short texts out of JSON's own characters", () => {
    const piece = fc.constantFrom(
      ...'{}[]",:\\/u01.-+eEtfn \n\t'.split(""),
      "true",
      "false",
      "null",
      '"a"',
      "\\u00e9",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        agree(encoder.encode(pieces.join("")));
        agree(encoder.encode(`[${pieces.join("")}]`));
        agree(encoder.encode(`{"a":${pieces.join("")}}`));
      }),
      { numRuns: 3000 },
    );
  });

  it("agrees with JSON.parse on what the members are", () => {
    const name = fc.constantFrom(
      "id",
      "method",
      "params",
      "result",
      "error",
      "jsonrpc",
      "x",
      "__proto__",
      "\\u0069d",
      "ID",
    );
    const space = fc.constantFrom("", " ", "\t", "\r\n", "  ");
    const member = fc.tuple(space, name, space, space, fc.json({ maxDepth: 2 }), space)
      .map(([a, key, b, c, value, d]) => `${a}"${key}"${b}:${c}${value}${d}`);
    fc.assert(fc.property(fc.array(member, { minLength: 1, maxLength: 8 }), (list) => {
      const text = `{${list.join(",")}}`;
      const value = JSON.parse(text) as Record<string, unknown>;
      const found = Object.entries(members(text)).map(([key, json]) => [key, JSON.parse(json)]);
      const known = ["id", "method", "params", "result", "error"].filter((key) => Object.hasOwn(value, key));
      expect(found).toEqual(known.map((key) => [key, value[key]]));
    }));
  });
});

describe("scanMember", () => {
  it("walks over a batch", () => {
    const bytes = encoder.encode(' [ {"id":1} , 7 ,{"id":2},[{"id":3}]  ] ');
    forget();
    expect(scanMessage(bytes, 0, bytes.length, 256)).toBe(Found.array);
    const found: [number, string][] = [];
    let at = envelope.start;
    for (let kind: Found; (kind = scanMember(bytes, at, bytes.length, 256)) !== Found.blank; at = envelope.end) {
      found.push([kind, strict.decode(bytes.subarray(envelope.start, envelope.end))]);
    }
    expect(found).toEqual([[1, '{"id":1}'], [3, "7"], [1, '{"id":2}'], [3, '[{"id":3}]']]);
  });

  it("walks over any array as JSON.parse does", () => {
    fc.assert(fc.property(fc.array(fc.json({ maxDepth: 2 })), fc.constantFrom("", " ", "\n"), (values, space) => {
      const bytes = encoder.encode(`[${space}${values.join(`${space},${space}`)}${space}]`);
      expect(scan(bytes)).toBe(Found.array);
      const found: unknown[] = [];
      for (let at = envelope.start; scanMember(bytes, at, bytes.length, 256) !== Found.blank; at = envelope.end) {
        found.push(JSON.parse(strict.decode(bytes.subarray(envelope.start, envelope.end))));
      }
      expect(found).toEqual(values.map((value) => JSON.parse(value)));
    }));
  });
});
