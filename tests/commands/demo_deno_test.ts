import { describe, expect, it } from "vitest";
import { noCapture } from "../e2e/_harness/machine.ts";
import { has, LAUNCHER, run } from "./_cli.ts";

const SHOWN = [
  /client\[\d+\] → server-everything\[\d+\] {2}▸ initialize #0/,
  /✓ tools\/call #3 .* "The sum of 19 and 23 is 42\."/,
  /← server-everything\[\d+\] {2}▸ sampling\/createMessage #0/,
  /✗ resources\/read #10 .* -32602/,
  /echo\(message="␛\[2Jan answer/,
  /^tools\/call get-sum +2 +1 /m,
  /^32 messages in /m,
];

const cannotDrop = await has("setpriv") && Deno.uid() === 0 ? false : "needs root and setpriv";

describe("mcpsonde demo", () => {
  it.skipIf(noCapture)("shows a real session as it happens, and ends by itself", async () => {
    const { code, stdout, stderr } = await run(["demo"], { cwd: "/" });
    expect(code, stderr).toBe(0);
    for (const line of SHOWN) expect(stdout).toMatch(line);
    expect(stderr).toContain("real MCP client");
  }, 60_000);

  it.skipIf(cannotDrop)("without rights says why and shows a recording of the same", async () => {
    const without = ["--bounding-set", "-all", "--inh-caps", "-all", "--", LAUNCHER, "demo"];
    const { code, stdout, stderr } = await run(without, { program: "setpriv", cwd: "/" });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("run as root");
    expect(stderr).toContain("this is a recording");
    for (const line of SHOWN) expect(stdout).toMatch(line);
  }, 60_000);
});
