import { describe, expect, it } from "vitest";
import { LONGEST, policyGate } from "../../../sources/stdio/policy_gate.ts";

const call = (name: string, id = 1) => JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name } });

/** A gate that denies `rm`, and what went through it and what was answered. */
async function gate() {
  const policy = { rules: [{ action: "deny", tool: "rm" } as const], default: "allow", dry_run: false } as const;
  let passed = "", answered = "";
  const decoder = new TextDecoder();
  const make = await policyGate({ policy, server: "s", command: ["s"] });
  const made = make!((line) => answered += decoder.decode(line));
  const take = (parts: readonly Uint8Array[]) => {
    for (const part of parts) passed += decoder.decode(part);
  };
  return {
    push: (text: string) => {
      const bytes = new TextEncoder().encode(text);
      take(made.pass(bytes, 0, bytes.length));
      bytes.fill(0); // the pump reads into the same buffer again
    },
    end: () => take(made.end()),
    passed: () => passed,
    ids: () => answered.trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).id),
    answered: () => answered,
  };
}

describe("the gate of a proxy over stdio", () => {
  it("lets lines pass as they are, empty ones and carriage returns at their ends included", async () => {
    const { push, passed, answered } = await gate();
    const text = `${call("ls")}\n\n  \r\n${call("ls", 2)} \r\n`;
    push(text);
    expect(passed()).toBe(text);
    expect(answered()).toBe("");
  });

  it("judges a line that comes a byte at a time, and nothing of it before its end", async () => {
    const { push, passed, ids } = await gate();
    for (const letter of `${call("rm")}\n`) push(letter);
    expect([passed(), ids()]).toEqual(["", [1]]);
    for (const letter of call("ls", 2)) push(letter);
    expect(passed()).toBe("");
    push("\n");
    expect(passed()).toBe(`${call("ls", 2)}\n`);
  });

  it("judges what stands before the end of the input without a newline", async () => {
    const denied = await gate();
    denied.push(call("rm"));
    denied.end();
    expect([denied.passed(), denied.ids()]).toEqual(["", [1]]);
    const allowed = await gate();
    allowed.push(call("ls"));
    allowed.end();
    expect(allowed.passed()).toBe(call("ls"));
  });

  it("refuses a message that other readers find behind a carriage return", async () => {
    const { push, passed, ids } = await gate();
    push(`{"jsonrpc":"2.0","id":5,"method":"ping","params":\r${call("rm")}\r}\n`);
    expect([passed(), ids()]).toEqual(["", [5]]);
  });

  it("refuses a line that is too long to keep, and goes on behind it", async () => {
    const { push, passed, ids, answered } = await gate();
    const block = "x".repeat(1024 * 1024);
    push('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"');
    for (let i = 0; i * block.length <= LONGEST; i++) push(block);
    push(`"}}\n${call("ls", 2)}\n`);
    expect(passed()).toBe(`${call("ls", 2)}\n`);
    expect(ids()).toEqual([null]);
    expect(answered()).toContain(`longer than ${LONGEST} bytes`);
  });

  it("is none if the policy denies nothing", async () => {
    const allow = { rules: [{ action: "allow", tool: "x" } as const], default: "allow", dry_run: false } as const;
    const deny = { rules: [], default: "deny", dry_run: true } as const;
    for (const policy of [allow, deny]) expect(await policyGate({ policy, server: "s", command: [] })).toBeUndefined();
  });
});
