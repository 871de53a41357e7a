import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { PARAMS } from "../../../sinks/console/summarise_params.ts";
import { RESULTS } from "../../../sinks/console/summarise_result.ts";
import { failed, summarise } from "../../../sinks/console/summarise.ts";
import { notification, request, response } from "./_events.ts";

function text(event: McpEvent, room = 100): string {
  return summarise(event, room).map(([, piece]) => piece).join("");
}

function answer(method: string, result: Json): string {
  return text(response(request(method), result));
}

describe("params", () => {
  it.each<[string, Json, string]>([
    [
      "initialize",
      { clientInfo: { name: "claude", version: "2" }, protocolVersion: "2025-11-25", capabilities: { roots: {} } },
      "claude 2 · 2025-11-25 · roots",
    ],
    [
      "server/discover",
      {
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "claude", version: "3" },
          "io.modelcontextprotocol/clientCapabilities": { sampling: {} },
        },
      },
      "claude 3 · 2026-07-28 · sampling",
    ],
    ["tools/call", { name: "f", arguments: { a: [1, { b: 2 }], c: null } }, 'f(a=[1,{"b":2}], c=null)'],
    ["tools/call", { name: "f" }, "f()"],
    ["tools/call", null, "?()"],
    ["prompts/get", { name: "p", arguments: { city: "Ulm" } }, 'p(city="Ulm")'],
    ["resources/read", { uri: "file:///a" }, "file:///a"],
    ["logging/setLevel", { level: "debug" }, "debug"],
    ["completion/complete", { ref: { name: "p" }, argument: { name: "city", value: "U" } }, 'p city="U"'],
    ["notifications/progress", { progressToken: 7, progress: 3, total: 10, message: "half" }, "3/10 of token 7 half"],
    ["notifications/progress", { progress: 3 }, "3 "],
    ["notifications/message", { level: "info", logger: "db", data: "up" }, "info db: up"],
    ["notifications/message", { level: "error", data: { code: 5 } }, 'error {"code":5}'],
    ["notifications/cancelled", { requestId: 3, reason: "too slow" }, "#3 too slow"],
    ["elicitation/create", { message: "Name?", requestedSchema: { properties: { name: {} } } }, "Name? · name"],
    ["vendor/custom", { a: 1, _meta: { progressToken: 1 } }, "a=1"],
    ["vendor/custom", [1, 2], "[1,2]"],
  ])("of %s", (method, params, shown) => {
    expect(text(request(method, params))).toBe(shown);
  });

  it("absent, nothing is shown", () => {
    expect(text(notification("notifications/initialized"))).toBe("");
    expect(text(request("ping"))).toBe("");
  });
});

describe("results", () => {
  it.each<[string, Json, string]>([
    [
      "server/discover",
      {
        supportedVersions: ["2026-07-28", "2025-11-25"],
        capabilities: { tools: {} },
        _meta: { "io.modelcontextprotocol/serverInfo": { name: "everything", version: "2" } },
      },
      "everything 2 · 2026-07-28, 2025-11-25 · tools",
    ],
    [
      "initialize",
      { serverInfo: { name: "everything", version: "1" }, protocolVersion: "2025-11-25", capabilities: { tools: {} } },
      "everything 1 · 2025-11-25 · tools",
    ],
    [
      "initialize",
      { serverInfo: { name: "python", version: "" }, protocolVersion: "2025-11-25", capabilities: {} },
      "python · 2025-11-25",
    ],
    ["tools/list", { tools: [{ name: "a" }, { name: "b" }] }, "2 tools: a, b"],
    ["tools/list", { tools: [{ name: "a" }], nextCursor: "x" }, "1 tool and more: a"],
    ["tools/list", { tools: "none" }, 'tools="none"'],
    ["tools/call", { content: [{ type: "text", text: "hi" }] }, '"hi"'],
    ["tools/call", { content: [{ type: "text", text: "hi" }, {}, {}] }, '"hi" +2 more'],
    ["tools/call", { content: [{ type: "image", mimeType: "image/png", data: "QUJD" }] }, "image image/png 3 B"],
    ["tools/call", { content: [], structuredContent: { ok: true } }, "ok=true"],
    ["tools/call", { content: [] }, "no content"],
    [
      "tools/call",
      { resultType: "task", taskId: "t1", status: "working", statusMessage: "soon" },
      "task working t1 soon",
    ],
    ["sampling/createMessage", { task: { taskId: "t1", status: "working" } }, "task working t1 "],
    ["tasks/get", { taskId: "t1", status: "input_required", inputRequests: {} }, "input_required t1 "],
    [
      "tasks/get",
      { taskId: "t1", status: "completed", result: { content: [{ type: "text", text: "x" }] } },
      'completed "x"',
    ],
    ["tasks/get", { taskId: "t1", status: "failed", error: { code: 1, message: "no" } }, "failed no"],
    ["tasks/cancel", {}, ""],
    ["tools/call", { resultType: "input_required", inputRequests: { a: 1 } }, "input_required a=1"],
    ["resources/read", { contents: [{ mimeType: "text/plain", text: "x" }] }, 'text/plain "x"'],
    ["prompts/get", { messages: [{ content: { type: "text", text: "x" } }] }, '1 message "x"'],
    ["completion/complete", { completion: { values: ["Ulm", "Uri"] } }, "2 values: Ulm, Uri"],
    ["roots/list", { roots: [{ uri: "file:///a" }] }, "1 root: file:///a"],
    ["elicitation/create", { action: "accept", content: { name: "x" } }, 'accept name="x"'],
    ["ping", {}, ""],
  ])("of %s", (method, result, shown) => {
    expect(answer(method, result)).toBe(shown);
  });

  it("of an unseen request are told by their shape", () => {
    const { request: _, ...orphan } = response(request("x"), { tools: [{ name: "a" }] });
    expect(text({ ...orphan, request: undefined })).toBe("1 tool: a");
  });

  it("that are very large are not parsed for one line", () => {
    const huge = { ...response(request("tools/call"), {}), start: 0, end: 3 * 1024 * 1024 };
    expect(text(huge)).toBe("(3.0 MiB)");
    expect(failed(huge)).toBe(false);
  });
});

describe("any JSON", () => {
  it("is summarised without a throw, for every method", () => {
    const methods = [...PARAMS.keys(), ...RESULTS.keys(), "constructor", "__proto__", "x"];
    const keys = ["content", "tools", "messages", "name", "arguments", "data", "params", "capabilities", "completion"];
    const json = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()))),
    );
    fc.assert(
      fc.property(fc.constantFrom(...methods), json, (method, value) => {
        const asked = request(method, value as Json);
        text(asked);
        text(response(asked, value as Json));
      }),
      { numRuns: 2000 },
    );
  });
});
