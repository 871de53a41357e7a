import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../pipeline/event.ts";
import * as mcp from "../../../protocols/mcp/mod.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const encoder = new TextEncoder();

/** That of a value in the middle of a buffer. */
function inJson(value: unknown): mcp.Traceparent | undefined {
  const bytes = new TextEncoder().encode(` ${JSON.stringify(value)} `);
  return mcp.readTraceparent(bytes, 1, bytes.length - 1);
}

describe("traceparent", () => {
  it("is taken apart", () => {
    expect(mcp.parseTraceparent(PARENT)).toEqual({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      flags: 1,
    });
  });
  it("of a later version may have more", () => {
    expect(mcp.parseTraceparent(`cc${PARENT.slice(2)}-what-the-future-brings`)?.flags).toBe(1);
  });
  it.each([
    "",
    PARENT.slice(1),
    `${PARENT}-more`,
    `${PARENT}0`,
    `ff${PARENT.slice(2)}`,
    PARENT.toUpperCase(),
    PARENT.replace("b7ad", "b7ag"),
    PARENT.replaceAll("-", "_"),
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${"0".repeat(16)}-01`,
    PARENT.replace("00-", "0f-") + "\n",
    PARENT.replace("b7ad", "b7\u00e9d"),
    PARENT.replace("b7ad6b", "b7\\u00"),
  ])("%j is none", (text) => {
    expect(mcp.parseTraceparent(text)).toBeUndefined();
    expect(inJson(text)).toBeUndefined();
  });
  it("is read from the bytes of JSON as well", () => {
    for (const text of [PARENT, `ff${PARENT.slice(2)}`, `0f${PARENT.slice(2)}`, `cc${PARENT.slice(2, -2)}f9-more`]) {
      expect(inJson(text)).toEqual(mcp.parseTraceparent(text));
    }
    expect(inJson([PARENT])).toBeUndefined();
    expect(inJson("0".repeat(55))).toBeUndefined();
  });
});

describe("readers of MCP's values", () => {
  it("read who a party is, in every revision", () => {
    const info = { name: "a", title: "A", version: "1" };
    expect(mcp.clientInfoOf({ clientInfo: { ...info } })).toEqual(info);
    expect(mcp.clientInfoOf({ _meta: { [mcp.META.clientInfo]: { name: "a" } } })?.name).toBe("a");
    expect(mcp.serverInfoOf({ serverInfo: { ...info } })).toEqual(info);
    expect(mcp.serverInfoOf({ _meta: { [mcp.META.serverInfo]: { ...info } } })).toEqual(info);
    expect(mcp.serverInfoOf({ serverInfo: { name: 1 } })).toBeUndefined();
    expect(mcp.implementationOf({ name: "x".repeat(9999) })?.name).toHaveLength(256);
  });

  it("read tasks of both kinds", () => {
    expect(mcp.taskOf({ task: { taskId: "t", status: "working" } })?.id).toBe("t");
    expect(mcp.taskOf({ resultType: "task", taskId: "t", status: "working" })?.status).toBe("working");
    expect(mcp.taskOf({ taskId: "t", status: "completed", result: { isError: true } })?.result).toEqual({
      isError: true,
    });
    expect(mcp.taskOf({ task: { taskId: 1 } })).toBeUndefined();
  });

  it("read what is asked for and what is given", () => {
    expect(mcp.inputRequiredOf({ resultType: "input_required", inputRequests: { b: {}, a: {} } })).toEqual({
      state: undefined,
      keys: ["a", "b"],
    });
    expect(mcp.inputGivenOf({ requestState: "s", inputResponses: { a: {} } })).toEqual({ state: "s", keys: ["a"] });
    expect(mcp.inputGivenOf({ name: "x" })).toBeUndefined();
  });

  it("read nothing that an object has of its prototype", () => {
    expect(mcp.member({}, "constructor", "name")).toBeUndefined();
    expect(mcp.member(JSON.parse('{"__proto__":{"name":"x"}}'), "__proto__", "name")).toBe("x");
  });

  it("never fail, whatever JSON it is", () => {
    const readers = [
      mcp.clientInfoOf,
      mcp.serverInfoOf,
      mcp.implementationOf,
      mcp.progressTokenOf,
      mcp.protocolVersionOf,
      mcp.relatedTaskOf,
      mcp.metaOf,
      mcp.errorCodeOf,
      mcp.inputGivenOf,
      mcp.inputRequiredOf,
      mcp.resultTypeOf,
      mcp.taskIdOf,
      mcp.taskOf,
    ];
    const key = fc.constantFrom(
      "_meta",
      "task",
      "taskId",
      "name",
      "clientInfo",
      ...Object.values(mcp.META),
      "__proto__",
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue()))),
    );
    fc.assert(fc.property(value, (value) => readers.forEach((read) => void read(value as Json))));
    for (const read of readers) read(undefined);
  });
});

describe("values read from bytes", () => {
  it("are what JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), (value) => {
        const bytes = encoder.encode(` ${JSON.stringify(value)} `);
        const parsed = JSON.parse(JSON.stringify(value)) as Json;
        expect(mcp.readToken(bytes, 1, bytes.length - 1)).toEqual(parsed);
        expect(mcp.readJson(bytes, 1, bytes.length - 1)).toEqual(parsed);
        expect(mcp.readString(bytes, 1, bytes.length - 1)).toEqual(typeof value === "string" ? value : undefined);
      }),
    );
  });
  it.each(["{}", "[1]", "null", "true"])("are no tokens if they are %s", (text) => {
    expect(mcp.readToken(encoder.encode(text), 0, text.length)).toBeUndefined();
    expect(mcp.readString(encoder.encode(text), 0, text.length)).toBeUndefined();
  });
  it("are compared as they are written", () => {
    const bytes = encoder.encode('"complete"');
    expect(mcp.isText(bytes, 0, bytes.length, "complete")).toBe(true);
    expect(mcp.isText(bytes, 0, bytes.length, "completf")).toBe(false);
    expect(mcp.isText(encoder.encode("completexx"), 0, 10, "complete")).toBe(false);
  });
});
