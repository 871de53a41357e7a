/** No secret that was planted comes out of any sink, wherever it stands and however it is written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Batch, ChunkEvent, Json } from "../../../pipeline/event.ts";
import { ANY, expectHidden, FORMED, NAMES, written } from "./_outputs.ts";
import { chunk, events, type Options, redacted, session } from "./_redact.ts";

/** A value that has the secret in it, and all around it things that are none. */
type Wrap = (inner: Json) => Json;
const WRAP: fc.Arbitrary<Wrap> = fc.array(
  fc.constantFrom<Wrap>(
    (inner) => [1, "two", inner, null],
    (inner) => ({ note: "plain", inner, more: [true] }),
    (inner) => JSON.stringify({ inner, n: 1.5e3 }),
    (inner) => JSON.stringify([inner]),
    (inner) => ({ content: [{ type: "text", text: inner }] }),
  ),
  { maxLength: 5 },
).map((wraps): Wrap => (inner) => wraps.reduce((value, wrap) => wrap(value), inner))
  .filter((wrap) => textsIn(wrap(1)) <= 3);

/** How many texts are in one another. */
function textsIn(value: Json): number {
  if (typeof value === "string") {
    return value.startsWith("{") || value.startsWith("[") ? 1 + textsIn(JSON.parse(value)) : 0;
  }
  if (typeof value !== "object" || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(textsIn));
}

/** The secret in a place: as a value, in a text, as a name. */
const FORMED_IN: fc.Arbitrary<(secret: string) => Json> = fc.constantFrom<(secret: string) => Json>(
  (secret) => secret,
  (secret) => `see ${secret}, then go on`,
  (secret) => ({ [secret]: 1 }),
  (secret) => `https://example.org/${secret}?a=1#b`,
  (secret) => `line one\n${secret}\nline three`,
);

/** JSON in whose strings any character may be written as an escape. */
function escaped(text: string, random: () => boolean): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replace(/\\.|[^\\]/g, (piece, at: number) => {
      if (piece === "\\/" || piece.length > 1 || at === 0 || at === string.length - 1 || !random()) return piece;
      return piece === "/" ? "\\/" : `\\u${piece.charCodeAt(0).toString(16).padStart(4, "0")}`;
    }));
}

/** All that the sinks write. */
async function outputs(batches: Batch[], options: Options): Promise<string> {
  return await written(await events(redacted(batches, options)));
}

/** The bytes of lines, cut anywhere into chunks. */
function chunks(lines: readonly string[], cuts: readonly number[], fromClient: boolean): ChunkEvent[] {
  const { down, up } = session();
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const places = [...new Set(cuts.map((cut) => Math.floor(cut * bytes.length)))].sort((a, b) => a - b);
  const ends = [...places, bytes.length];
  return ends.map((end, k) => chunk(fromClient ? down : up, bytes.slice(k === 0 ? 0 : ends[k - 1], end), fromClient))
    .filter(({ buffer }) => buffer.length > 0);
}

const SHAPE = fc.constantFrom<(value: Json) => object>(
  (value) => ({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "x", arguments: { value } } }),
  (value) => ({ jsonrpc: "2.0", id: 1, result: { value } }),
  (value) => ({ jsonrpc: "2.0", id: 1, error: { code: -1, message: "no", data: value } }),
  (value) => ({ jsonrpc: "2.0", method: "notifications/message", params: { data: value } }),
  (value) => ({ jsonrpc: "1.0", id: [1], method: "tools/call", params: { value } }), // malformed
);

/** Each run makes sinks of its own, which takes a while under Node. */
const RUNS = 100, PATIENCE = 120_000;

describe("redact, whatever comes", () => {
  it("shows no secret that is known by its form", () =>
    fc.assert(
      fc.asyncProperty(
        ...[
          FORMED,
          FORMED_IN,
          WRAP,
          SHAPE,
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
          fc.infiniteStream(fc.boolean()),
          fc.boolean(),
        ] as const,
        async (secret, place, wrap, shape, cuts, random, escape) => {
          const text = JSON.stringify(shape(wrap(place(secret))));
          const line = escape ? escaped(text, () => random.next().value) : text;
          expectHidden(await outputs([chunks([line], cuts, true)], {}), secret);
        },
      ),
      { numRuns: RUNS },
    ), PATIENCE);
  it("shows nothing that stands under a name that tells", () =>
    fc.assert(
      fc.asyncProperty(
        ...[
          ANY,
          NAMES,
          WRAP,
          SHAPE,
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
          fc.infiniteStream(fc.boolean()),
          fc.boolean(),
        ] as const,
        async (secret, name, wrap, shape, cuts, random, escape) => {
          const text = JSON.stringify(shape(wrap({ [name]: secret, other: 1 })));
          const line = escape ? escaped(text, () => random.next().value) : text;
          expectHidden(await outputs([chunks([line], cuts, true)], {}), secret);
        },
      ),
      { numRuns: RUNS },
    ), PATIENCE);
  it("shows the same token for the same secret wherever it stands", () =>
    fc.assert(
      fc.asyncProperty(
        FORMED,
        fc.array(fc.tuple(FORMED_IN, WRAP, SHAPE), { minLength: 2, maxLength: 4 }),
        async (secret, places) => {
          const lines = places.map(([place, wrap, shape]) => JSON.stringify(shape(wrap(place(secret)))));
          const out = await outputs([chunks(lines, [], true)], {});
          expectHidden(out, secret);
          expect(new Set(out.match(/:hash:[0-9a-f]{12}>/g)).size).toBe(1);
        },
      ),
      { numRuns: RUNS },
    ), PATIENCE);
  it(
    "shows no secret however deep it stands, whatever characters are around it, and which names come twice",
    () =>
      fc.assert(
        fc.asyncProperty(
          ...[
            FORMED,
            ANY,
            NAMES,
            fc.constantFrom(0, 1, 3, 100, 250, 300),
            fc.constantFrom("", "\u{1f511}", "\\ud83d\\udd11", "\\ud83d", "é", "\\\\", '\\"', "\\n", "%F0", "\xff"),
            fc.constantFrom("", " ", "\t"),
            SHAPE,
          ] as const,
          async (formed, any, name, depth, around, space, shape) => {
            const string = (value: string) => JSON.stringify(value);
            const members = [
              `${string(name)}${space}:${space}${string(any)}`,
              `"note"${space}:"${around} ${formed} ${around}"`,
              `"${around}":"${around}"`,
              `${string(name)}:${space}${string(any)}`,
              `"${around} ${formed}":[1,"${formed}"]`,
              `${string(name)}:{"a":[1,${string(any)}],"b":${string(any)}}`,
            ];
            const value = `${"[".repeat(depth)}{${members.join(`${space},`)}}${"]".repeat(depth)}`;
            const line = JSON.stringify(shape("HERE")).replace('"HERE"', () => value);
            const text = new TextEncoder().encode(line);
            const bytes = text.map((byte, k) => byte === 0xc3 && text[k + 1] === 0xbf ? 0xff : byte); // no UTF-8 any more
            const { down } = session();
            const out = await outputs([[chunk(down, Uint8Array.from([...bytes, 10]), true)]], {});
            expectHidden(out, formed);
            expectHidden(out, any);
          },
        ),
        { numRuns: 2 * RUNS },
      ),
    PATIENCE,
  );
  it("shows names of schemas, and no secret that is their default", () =>
    fc.assert(
      fc.asyncProperty(FORMED, ANY, NAMES, fc.constantFrom("default", "const"), async (formed, any, name, keyword) => {
        const properties = { [name]: { type: "string", [keyword]: any }, other: { type: "string", [keyword]: formed } };
        const inputSchema = { type: "object", properties, required: [name] };
        const list = { jsonrpc: "2.0", id: 1, result: { tools: [{ name: "x", inputSchema }] } };
        const out = await outputs([chunks([JSON.stringify(list)], [], true)], {});
        expectHidden(out, formed);
        expectHidden(out, any);
        expect(out).toContain(`"required":[${JSON.stringify(name)}]`);
        expect(out).toContain(`{${JSON.stringify(name)}:{"type":"string"`);
      }),
      { numRuns: RUNS },
    ), PATIENCE);
  it("leaves every byte of a message in which nothing is to be hidden", () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), WRAP, SHAPE, async (value, wrap, shape) => {
        const text = JSON.stringify(shape(wrap(value as Json)));
        for await (
          const batch of redacted([chunks([text], [], true)], { builtin: { kinds: ["github_token", "password"] } })
        ) {
          for (const event of batch) if (event.kind === "mcp") expect(event.raw).toBe(text);
        }
      }),
      { numRuns: RUNS },
    ), PATIENCE);
});
