import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import { isHarmless } from "../../../pipeline/baseline/harmless.ts";
import { isSpelling } from "../../../pipeline/baseline/spelling.ts";

describe("isSpelling", () => {
  it.each([
    ["Gives the wheather of a city.", "Gives the weather of a city."],
    ["Sends mail.", "Sends a mail."],
    ["Run a SELECT.", "Runs a SELECT."],
    ["Sends an email", "Sends an e-mail."],
    ["Reads  the\nuser's file", "Reads the user\u2019s file"],
    ["Gives the the weather", "Gives the weather"],
    ["Me\u0301te\u0301o", "Meteo"],
    ["See https://a.example/x, then go", "See https://a.example/x; then go"],
  ])("takes %j and %j for the same", (before, after) => {
    expect(isSpelling(before, after)).toBe(true);
    expect(isSpelling(after, before)).toBe(true);
  });

  it.each([
    ["Sends a mail.", "Sends a mail to us."],
    ["Reads a file.", "Deletes a file."],
    ["Include all.", "Exclude all."],
    ["Do this now.", "Do this not."],
    ["Mail to a@corp.example", "Mail to a@corq.example"],
    ["At most 10 rows", "At most 100 rows"],
    ["Uses get_item", "Uses set_item"],
    ["Sends a mail.", "Sends a mail.\u{e0061}\u{e0062}"],
    ["Sends a mail.", "Sends a m\u0430il."],
    ["Reads a file of the project", "Read off tile on thy prospect"],
    ["", "Something"],
  ])("takes %j and %j for something else", (before, after) => expect(isSpelling(before, after)).toBe(false));

  it("does not compare endlessly", () => {
    const long = "word ".repeat(700), other = "ward ".repeat(700);
    const started = performance.now();
    expect(isSpelling(long, other)).toBe(false);
    expect(isSpelling("x".repeat(100_000), "y".repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("isHarmless", () => {
  const schema = { type: "object", properties: { title: { type: "string", maxLength: 9 } }, required: ["title"] };
  const tool = { name: "t", description: "Does it.", inputSchema: schema, annotations: { readOnlyHint: true } };
  const like = (more: Record<string, Json>) => ({ ...tool, ...more });
  const input = (more: Record<string, Json>) => like({ inputSchema: { ...schema, ...more } });

  it.each<[string, { [member: string]: Json }]>([
    ["another order", { annotations: { readOnlyHint: true }, inputSchema: schema, name: "t", description: "Does it." }],
    ["icons and _meta", like({ icons: [{ src: "x" }], _meta: { v: 2 } })],
    ["a dialect", input({ $schema: "x" })],
    ["no further members", input({ additionalProperties: false })],
    ["a narrower bound", input({ properties: { title: { type: "string", maxLength: 5 } } })],
    ["annotations that promise less", like({ annotations: { readOnlyHint: false, destructiveHint: true } })],
    ["no annotations", { name: "t", description: "Does it.", inputSchema: schema }],
  ])("lets pass %s", (_, after) => expect(isHarmless(tool, after)).toBe(true));

  it.each<[string, { [member: string]: Json }]>([
    ["another name", like({ name: "u" })],
    ["a title", like({ title: "New" })],
    ["a wider bound", input({ properties: { title: { type: "string", maxLength: 99 } } })],
    ["no bound", input({ properties: { title: { type: "string" } } })],
    ["another property", input({ properties: { title: { type: "string", maxLength: 9 }, _meta: {} } })],
    ["a property of the same name and another type", input({ properties: { title: "x" } })],
    ["something more required", input({ required: ["title", "key"] })],
    ["annotations that promise more", like({ annotations: { readOnlyHint: true, destructiveHint: false } })],
    ["an output schema", like({ outputSchema: {} })],
  ])("does not let pass %s", (_, after) => expect(isHarmless(tool, after)).toBe(false));

  it("is not led into the depth", () => {
    let before: Json = 1, after: Json = 2;
    for (let i = 0; i < 5000; i++) [before, after] = [{ a: before }, { a: after }];
    expect(isHarmless({ a: before }, { a: after })).toBe(false);
  });
});
