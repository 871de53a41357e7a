import { describe, expect, it } from "vitest";
import { noCapture } from "../e2e/_harness/machine.ts";
import { has, LAUNCHER, run } from "./_cli.ts";

const STDIO = [
  /client\[\d+\] → server-everything\[\d+\] {2}▸ initialize #0/,
  /✓ tools\/call #1 .* "The sum of 19 and 23 is 42\."/,
  /← mcp-servers\/everything\[\d+\] {2}▸ sampling\/createMessage #0/,
  /^tools\/call get-sum +1 /m,
];
const HTTP = [
  /client\[\d+\] → weather\[\d+\] +http {3}▸ initialize #0/,
  /⚠ (weather\[\d+\] )?POST \/mcp was answered 401 .*Bearer/,
  /http {5}GET \/mcp 200 · event stream/,
  /http {3}• notifications\/progress +2\/2/,
  /http {3}✓ tools\/call #1 .* "sun, 24 °C in Zürich"/,
];
const HTTPS = [
  /client\[\d+\] → weather\[\d+\] +https {2}▸ initialize #0/,
  /https {2}✓ tools\/call #1 .* "sun, 24 °C in Genève"/,
  /https {2}✗ tools\/call #2 .* "no city: ␛\[2J/,
];
const TOKEN = /What mcpsonde keeps of it: Bearer sha256:[0-9a-f]{8}\n/;

const cannotDrop = await has("setpriv") && Deno.uid() === 0 ? false : "needs root and setpriv";
const hasNode = await has("node");

describe("mcpsonde demo", () => {
  it.skipIf(noCapture)("shows real sessions as they happen, and ends by itself", async () => {
    const { code, stdout, stderr } = await run(["demo"], { cwd: "/" });
    expect(code, stderr).toBe(0);
    for (const line of [...STDIO, ...HTTP, ...(hasNode ? HTTPS : [])]) expect(stdout, stderr).toMatch(line);
    expect(stderr).toContain("real MCP client");
    expect(stderr).toMatch(TOKEN);
  }, 120_000);

  it.skipIf(noCapture)("leaves HTTPS out without Node, and says so", async () => {
    const folder = await Deno.makeTempDir({ prefix: "mcpsonde-no-node-" });
    try {
      await Deno.writeTextFile(`${folder}/node`, "#!/bin/sh\nexit 127\n", { mode: 0o755 });
      const { code, stdout, stderr } = await run(["demo"], {
        cwd: "/",
        env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
      });
      expect(code, stderr).toBe(0);
      for (const line of [...STDIO, ...HTTP]) expect(stdout, stderr).toMatch(line);
      expect(stdout).not.toMatch(/ https /);
      expect(stderr).toContain("HTTPS is left out: there is no Node here");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }, 120_000);

  it.skipIf(cannotDrop)("without rights says why and shows a recording of the same", async () => {
    const without = ["--bounding-set", "-all", "--inh-caps", "-all", "--", LAUNCHER, "demo"];
    const { code, stdout, stderr } = await run(without, { program: "setpriv", cwd: "/" });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("run as root");
    expect(stderr).toContain("this is a recording");
    for (const line of [...STDIO, ...HTTP, ...HTTPS]) expect(stdout).toMatch(line);
    expect(stderr).toMatch(TOKEN);
  }, 60_000);
});
