import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy, type PolicyConfig, type PolicyRule, TextJudge } from "../../../pipeline/policy/mod.ts";

const text = (bytes: Uint8Array | undefined) => bytes === undefined ? undefined : new TextDecoder().decode(bytes);

async function judge(rules: PolicyRule[], more: Partial<PolicyConfig> = {}, line = true) {
  const policy = await compilePolicy({ rules, default: "allow", dry_run: false, ...more });
  const judge = new TextJudge(policy, ["files"], line);
  return (written: string | Uint8Array<ArrayBuffer>) => {
    const bytes = typeof written === "string" ? new TextEncoder().encode(written) : written;
    const { passes, forward, answer } = judge.judge(bytes, 0, bytes.length);
    return { passes, forward: text(forward), answer: answer && JSON.parse(text(answer)!.split("\n")[0]!) };
  };
}

const call = (tool: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: { path: "/etc" } } });
const noRm: PolicyRule = { action: "deny", tool: "rm*", name: "no-rm", reason: "ask Ada" };

describe("a policy", () => {
  it("denies by tool, and answers with the rule and the id as it was sent", async () => {
    const says = await judge([noRm]);
    expect(says(call("ls")).passes).toBe("pass");
    expect(says(call("rm_all", "x"))).toEqual({
      passes: "none",
      forward: undefined,
      answer: {
        jsonrpc: "2.0",
        id: "x",
        error: {
          code: -32010,
          message: 'mcpsonde did not let tools/call of "rm_all" pass: the rule "no-rm" denies it (ask Ada)',
          data: { rule: "no-rm", reason: "ask Ada", by: "mcpsonde" },
        },
      },
    });
    const exact = '{"jsonrpc":"2.0","id":12345678901234567890,"method":"tools/call","params":{"name":"rm"}}';
    const policy = await compilePolicy({ rules: [noRm], default: "allow", dry_run: false });
    const bytes = new TextEncoder().encode(exact);
    const { answer } = new TextJudge(policy, [], true).judge(bytes, 0, bytes.length);
    expect(text(answer)).toContain('"id":12345678901234567890,');
  });

  it.each<[string, PolicyRule, boolean]>([
    ["the server", { action: "deny", server: "fil?s" }, true],
    ["another server", { action: "deny", server: "github" }, false],
    ["an expression", { action: "deny", where: "tool:ls text:/etc" }, true],
    ["an expression that does not match", { action: "deny", where: "tool:ls text:/home" }, false],
    ["one of several tools", { action: "deny", tool: ["a", "ls"] }, true],
    ["a method", { action: "deny", method: "tools/*" }, true],
  ])("denies by %s", async (_, rule, denied) => {
    expect((await judge([rule]))(call("ls")).passes).toBe(denied ? "none" : "pass");
  });

  it("goes by the first rule that matches", async () => {
    const says = await judge([{ action: "allow", tool: "rm_mine" }, noRm]);
    expect(says(call("rm_mine")).passes).toBe("pass");
    expect(says(call("rm_yours")).passes).toBe("none");
  });

  it("denies by default only calls of tools", async () => {
    const says = await judge([{ action: "allow", tool: "ls" }], { default: "deny" });
    expect(says(call("ls")).passes).toBe("pass");
    expect(says(call("cat")).answer.error.message).toContain("no rule of the policy allows it");
    expect(says('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}').passes).toBe("pass");
    expect(says('{"jsonrpc":"2.0","method":"notifications/initialized"}').passes).toBe("pass");
    expect(says('{"jsonrpc":"2.0","id":3,"result":{}}').passes).toBe("pass");
  });

  it("drops a notification that is denied without an answer", async () => {
    const says = await judge([{ action: "deny", method: "notifications/cancelled" }]);
    expect(says('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}')).toEqual({
      passes: "none",
      forward: undefined,
      answer: undefined,
    });
  });

  it("takes what is denied out of a batch and leaves the rest as it was written", async () => {
    const says = await judge([noRm]);
    const kept = '{ "jsonrpc":"2.0", "id":2, "method":"ping" }';
    const mixed = says(`[${call("rm")}, ${kept} ]`);
    expect(mixed).toMatchObject({ passes: "part", forward: `[${kept}]`, answer: { id: 1 } });
    const all = says(`[${call("rm", 1)},${call("rm", 2)}]`);
    expect(all.passes).toBe("none");
    expect(all.answer.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
  });

  it("lets all pass when it only rehearses", async () => {
    expect((await judge([noRm], { dry_run: true }))(call("rm")).passes).toBe("pass");
  });

  const hidden = '"method":"tools/call","params":{"name":"rm"}';
  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ["a second method", `{"jsonrpc":"2.0","id":1,"method":"ping",${hidden}}`],
    ["a second method, escaped", `{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"tools/call"}`],
    ["a method in capitals", `{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"tools/call","params":{"name":"rm"}}`],
    [
      "params with a long s",
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","param\u017f":{"name":"rm"},"params":{"name":"ls"}}`,
    ],
    ["a second name", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ls","name":"rm"}}`],
    ["an escaped name", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"n\\u0061me":"rm"}}`],
    ["a name in capitals", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ls","Name":"rm"}}`],
    ["no name", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{}}}`],
    ["a name that is no string", call(["rm"])],
    ["no params", `{"jsonrpc":"2.0","id":1,"method":"tools/call"}`],
    [
      "an argument twice",
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ls","arguments":{"a":1,"a":2}}}`,
    ],
    ["a carriage return between two messages", `{"jsonrpc":"2.0","id":1,"method":"ping"}\r${call("rm")}`],
    ["a carriage return inside", `{"jsonrpc":"2.0","id":1,"method":"ping","params":\r${call("rm")}\r}`],
    ["two messages in a line", `{"jsonrpc":"2.0","id":1,"method":"ping"} ${call("rm")}`],
    ["a byte order mark", `\ufeff${call("ls")}`],
    ["no version", `{"id":1,${hidden}}`],
    ["another version", `{"jsonrpc":"1.0","id":1,${hidden}}`],
    ["an id that is an object", `{"jsonrpc":"2.0","id":{},${hidden}}`],
    ["a method and a result", `{"jsonrpc":"2.0","id":1,"result":{},${hidden}}`],
    ["a batch within a batch", `[[${call("rm")}]]`],
    ["a batch with a number", `[1,${call("ls")}]`],
    ["an empty batch", "[]"],
    ["words", "hello"],
    ["half a message", call("ls").slice(0, 30)],
    ["deep nesting", `{"jsonrpc":"2.0","id":1,"method":"x","params":${"[".repeat(300)}${"]".repeat(300)}}`],
    [
      "invalid UTF-8",
      new Uint8Array([...new TextEncoder().encode(call("ls").slice(0, -5)), 0xff, 0x22, 0x7d, 0x7d, 0x7d]),
    ],
    ["a NUL", `${call("ls")}\0`],
  ])("refuses what it cannot be sure of: %s", async (_, written) => {
    const { passes, answer } = (await judge([noRm]))(written);
    expect(passes).toBe("none");
    expect(answer.error.code).toBe(-32011);
    expect(answer.error.message).toMatch(
      /^mcpsonde did not let a message pass, as its policy cannot be sure what it says: /,
    );
  });

  it("takes a carriage return before the newline, and line breaks in a body of HTTP", async () => {
    expect((await judge([noRm]))(`${call("ls")}\r`).passes).toBe("pass");
    const body = await judge([noRm], {}, false);
    expect(body(JSON.stringify(JSON.parse(call("ls")), null, 2).replaceAll("\n", "\r\n")).passes).toBe("pass");
    expect(body(JSON.stringify(JSON.parse(call("rm")), null, 2)).passes).toBe("none");
  });

  it("lets nothing pass that JSON.parse would read as a call of a denied tool, whatever was done to it", async () => {
    const says = await judge([noRm]);
    const pieces = fc.constantFrom(
      ...[
        '"method"',
        '"tools/call"',
        ":",
        ",",
        "{",
        "}",
        '"params"',
        '"name"',
        '"rm"',
        '"ls"',
        " ",
        "\\u0065",
        '"id"',
        "1",
      ],
      ...["[", "]", '"Name"', '"jsonrpc"', '"2.0"', "null"],
    );
    fc.assert(
      fc.property(fc.nat(100), fc.nat(20), fc.array(pieces, { maxLength: 6 }), (at, length, put) => {
        const base = call("rm");
        const written = base.slice(0, at) + put.join("") + base.slice(at + length);
        let parsed;
        try {
          parsed = JSON.parse(written);
        } catch {
          parsed = undefined;
        }
        const calls = [parsed].flat().some((value) => value?.method === "tools/call" && value.params?.name === "rm");
        if (calls) expect(says(written).passes).not.toBe("pass");
      }),
      { numRuns: 3000 },
    );
  });
});
