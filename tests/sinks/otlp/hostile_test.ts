import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask, follow, Talk } from "../../transforms/mcp/_talk.ts";
import { courierFor, send, shifted } from "./_sent.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constant("\ud800"),
  fc.constant("x".repeat(3000)),
);
const id = fc.oneof(fc.integer(), fc.double(), text, fc.constant(null), fc.constant("__proto__"));
const method = fc.oneof(
  fc.constantFrom("tools/call", "prompts/get", "resources/read", "initialize", "tasks/get", "subscriptions/listen"),
  text,
);
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }));
const params = fc.oneof(
  fc.record({
    name: value,
    uri: value,
    arguments: value,
    _meta: fc.record({
      traceparent: fc.oneof(text, fc.constant("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")),
      tracestate: text,
      progressToken: id,
    }),
  }, { requiredKeys: [] }),
  value,
);
const outcome = fc.oneof(
  fc.record({ result: value }),
  fc.record({ result: fc.record({ isError: value, resultType: value, inputRequests: value, task: value }) }),
  fc.record({ error: fc.oneof(value, fc.record({ code: fc.oneof(fc.double(), text), message: value })) }),
);
const call = fc.record({ id, method, params, outcome, told: fc.option(fc.record({ method: text, params })) });

describe("what is sent of hostile messages", () => {
  it("can be read, and is the same in both encodings", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 6 }), async (calls) => {
        const talk = new Talk();
        for (const { id, method, params, outcome, told } of calls) {
          talk.client(ask(id, method, params));
          if (told !== null) talk.server({ jsonrpc: "2.0", ...told });
          talk.server({ jsonrpc: "2.0", id, ...outcome });
        }
        const { events } = await follow([shifted(talk.events)]);
        const json = send(courierFor({ content: 100 }), [events]);
        expect(send(courierFor({ content: 100, encodingName: "protobuf" }), [events])).toEqual(json);
        for (const { traceId, spanId, name } of json.spans) {
          expect([traceId, spanId].join()).toMatch(/^[0-9a-f]{32},[0-9a-f]{16}$/);
          expect(name.length).toBeLessThan(600);
        }
      }),
      { numRuns: 60 },
    );
  });
});
