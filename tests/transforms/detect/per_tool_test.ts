import { describe, expect, it } from "vitest";
import { PerTool } from "../../../transforms/detect/per_tool.ts";
import { ToolTable } from "../../../transforms/detect/tools.ts";
import { Talk } from "./_talk.ts";

/** The value of what a request calls. */
function valueOf(tools: PerTool<{ count: number }>, talk: Talk, method: string, name: string) {
  const call = talk.request(method, { name, uri: name }).context?.call;
  return tools.of(call!, talk.session);
}

describe("PerTool", () => {
  it("has a value for each tool of each server, and one for each other method", () => {
    const tools = new PerTool(new ToolTable(), () => ({ count: 0 })), a = new Talk(), b = new Talk();
    const value = valueOf(tools, a, "tools/call", "x");
    expect(valueOf(tools, a, "tools/call", "x")).toBe(value);
    expect(valueOf(tools, a, "tools/call", "y")).not.toBe(value);
    expect(valueOf(tools, b, "tools/call", "x")).not.toBe(value);
    expect(valueOf(tools, a, "resources/read", "u1")).toBe(valueOf(tools, a, "resources/read", "u2"));
    expect(valueOf(tools, a, "tools/call", "/ resources/read")).not.toBe(valueOf(tools, a, "prompts/get", "u"));
  });

  it("forgets the first of too many", () => {
    let made = 0;
    const tools = new PerTool(new ToolTable(), () => ({ count: made++ })), talk = new Talk();
    for (let k = 0; k < 1001; k++) valueOf(tools, talk, "tools/call", `t${k}`);
    expect(valueOf(tools, talk, "tools/call", "t1000").count).toBe(1000);
    expect(valueOf(tools, talk, "tools/call", "t1").count).toBe(1);
    expect(valueOf(tools, talk, "tools/call", "t0").count).toBe(1001);
  });
});
