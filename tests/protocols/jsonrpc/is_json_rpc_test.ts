import { describe, expect, it } from "vitest";
import { isJsonRpc } from "../../../protocols/jsonrpc/mod.ts";

function is(text: string): boolean {
  const bytes = new TextEncoder().encode(`padding${text}padding`);
  return isJsonRpc(bytes, 7, bytes.length - 7);
}

describe("isJsonRpc", () => {
  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"initialize"}',
    ' {"result":{},"id":"a","jsonrpc":"2.0"} \r\n',
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}',
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '[{"jsonrpc":"2.0","method":"a"}, {"jsonrpc":"2.0","id":1,"result":1}]',
  ])("is true for %s", (text) => {
    expect(is(text)).toBe(true);
  });

  it.each([
    "",
    "  ",
    "{}",
    "[]",
    "[INFO] started",
    '{"level":"info","message":"started"}',
    '{"jsonrpc":"1.0","id":1,"method":"a"}',
    '{"jsonrpc":2.0,"id":1,"method":"a"}',
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"2.0","id":1,"method":"a"',
    '{"jsonrpc":"2.0","id":1,"method":"a"}{}',
    '[{"jsonrpc":"2.0","method":"a"},1]',
    '[{"jsonrpc":"2.0","method":"a"}',
  ])("is false for %j", (text) => {
    expect(is(text)).toBe(false);
  });

  it("looks at a buffer anew each time", () => {
    const bytes = new TextEncoder().encode('{"jsonrpc":"2.0","method":"a"}');
    expect(isJsonRpc(bytes, 0, bytes.length)).toBe(true);
    bytes[3] = 0x78;
    expect(isJsonRpc(bytes, 0, bytes.length)).toBe(false);
  });
});
