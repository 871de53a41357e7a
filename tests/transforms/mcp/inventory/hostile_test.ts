import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { McpServer } from "../../../../pipeline/context.ts";
import { ProtocolChecks } from "../../../../transforms/mcp/checks/mod.ts";
import { context, inventory, message, session, stdio } from "../_messages.ts";

const METHODS = [
  ...["initialize", "server/discover", "ping", "tools/call", "notifications/initialized", "roots/list", "x/y"],
  ...["tools/list", "prompts/list", "resources/list", "resources/templates/list"],
];
const NAMES = ["a", "b", "", "__proto__", "constructor", "\ud800", "x".repeat(300)];

/** JSON, often of the shapes that lists and schemas have. */
const json = fc.jsonValue({ maxDepth: 4 });
const schema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    json,
    fc.dictionary(
      fc.constantFrom(
        "type",
        "properties",
        "items",
        "allOf",
        "anyOf",
        "$ref",
        "$defs",
        "enum",
        "pattern",
        "not",
        "required",
        "const",
        "additionalProperties",
        "minimum",
        "$schema",
        "if",
        "__proto__",
      ),
      fc.oneof(
        tie("schema"),
        fc.array(tie("schema"), { maxLength: 3 }),
        fc.constantFrom("object", "string", "#", "#/$defs/a", "#/properties/a", "(a+)+$", "^[a-z]+$"),
      ),
    ),
  ),
})).schema;
const entry = fc.oneof(
  json,
  fc.record({
    name: fc.constantFrom(...NAMES),
    uri: fc.constantFrom(...NAMES),
    uriTemplate: fc.constantFrom(...NAMES),
    description: fc.oneof(fc.string(), json),
    inputSchema: schema,
  }, { requiredKeys: [] }),
);
const list = fc.array(entry, { maxLength: 8 });
const result = fc.oneof(
  json,
  fc.record({
    tools: fc.oneof(list, json),
    prompts: fc.oneof(list, json),
    resources: fc.oneof(list, json),
    resourceTemplates: fc.oneof(list, json),
    nextCursor: fc.oneof(fc.constantFrom("1", "2"), json),
    serverInfo: fc.oneof(fc.record({ name: fc.constantFrom(...NAMES), version: json }), json),
    capabilities: json,
    instructions: fc.oneof(fc.string(), json),
    _meta: json,
  }, { requiredKeys: [] }),
);
const params = fc.oneof(
  json,
  fc.record({
    name: fc.constantFrom(...NAMES),
    arguments: json,
    cursor: fc.constantFrom("1", "2", 3),
    protocolVersion: fc.constantFrom("2025-11-25", "2026-07-28", "1", 5),
  }, { requiredKeys: [] }),
);
const exchange = fc.record({ method: fc.constantFrom(...METHODS), params, result, isError: fc.boolean() });

const LIMITS = { servers: 4, entries: 5, entrySize: 400, size: 3000, listSize: 1500 };

describe("the inventory and the checks, on anything that servers say", () => {
  it("never throw, and keep to their bounds", async () => {
    const checks = new ProtocolChecks();
    await checks.load();
    fc.assert(
      fc.property(
        fc.array(exchange, { maxLength: 12 }),
        fc.constantFrom("2025-11-25", "2026-07-28", undefined),
        (all, era) => {
          const inv = inventory(LIMITS);
          const of = session(inv.server(stdio()), { era });
          for (const { method, params, result, isError } of all) {
            const asked = message(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }), "client");
            checks.check(asked, context(of, "client"));
            const body = isError ? { error: result } : { result };
            const answered = message(JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }), "server");
            answered.request = asked;
            inv.observe(answered, of);
            checks.check(answered, context(of, "server"));
          }
          for (const server of inv.servers) {
            let size = 0;
            for (const entries of listsOf(server)) {
              expect(entries.size).toBeLessThanOrEqual(LIMITS.entries);
              for (const { value } of entries.values()) size += JSON.stringify(value).length;
            }
            expect(size).toBeLessThanOrEqual(4 * LIMITS.entries * LIMITS.entrySize);
            expect(typeof server.name).toBe("string");
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("judge by any schema in bounded time", async () => {
    const checks = new ProtocolChecks();
    await checks.load();
    fc.assert(
      fc.property(schema, json, (inputSchema, args) => {
        const inv = inventory();
        const of = session(inv.server(stdio()));
        const asked = message(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }), "client");
        const listed = message(
          JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: [{ name: "a", inputSchema }] } }),
          "server",
        );
        listed.request = asked;
        inv.observe(listed, of);
        const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "a", arguments: args } };
        const begun = performance.now();
        checks.check(message(JSON.stringify(call), "client"), context(of, "client"));
        expect(performance.now() - begun).toBeLessThan(2000);
      }),
      { numRuns: 200 },
    );
  });
});

function listsOf({ tools, prompts, resources, resourceTemplates }: McpServer) {
  return [tools, prompts, resources, resourceTemplates];
}
