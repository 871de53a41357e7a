import { SaxesParser } from "saxes";
import { describe, expect, it, onTestFinished } from "vitest";
import { LAUNCHER, ROOT, run, temporary } from "./_cli.ts";

const HOSTILE = `${ROOT}examples/hostile.capture`;
const DEMO = `${ROOT}examples/demo.capture`;
const SECRET = "AKIAIOSFODNN7EXAMPLE";

describe("mcpsonde check", () => {
  it("exits with 4 if something is bad, with 0 if nothing is, or if nobody minds", async () => {
    const bad = await run(["check", HOSTILE]);
    expect([bad.code, bad.stderr]).toEqual([4, ""]);
    expect(bad.stdout).toMatch(/^critical mcp\.definition\.poisoned/m);
    expect(bad.stdout).toMatch(/failed: high or worse\n$/);
    expect((await run(["check", HOSTILE, "--fail-on", "never"])).code).toBe(0);
    const good = await run(["check", DEMO]);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/passed: nothing high or worse\n$/);
    expect((await run(["check", DEMO, "--fail-on", "info"])).code).toBe(4);
  });

  it("shows no secret in any format, though one passed by", async () => {
    expect(new TextDecoder().decode(await Deno.readFile(HOSTILE))).toContain(SECRET);
    for (const format of ["text", "sarif", "junit", "json"]) {
      expect((await run(["check", HOSTILE, "--format", format])).stdout).not.toContain(SECRET);
    }
  });

  it("writes a file that its owner may read, and shows the text as well", async () => {
    const out = `${await temporary(onTestFinished)}/report.sarif`;
    const { code, stdout } = await run(["check", HOSTILE, "--format", "sarif", "-o", out]);
    expect(code).toBe(4);
    expect(stdout).toContain("mcp.definition.poisoned");
    const log = JSON.parse(await Deno.readTextFile(out));
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0].results.length).toBeGreaterThan(5);
    expect(((await Deno.stat(out)).mode ?? 0) & 0o777).toBe(0o600);
  });

  it("leaves no half of a report where it cannot be written whole", async () => {
    const out = `${await temporary(onTestFinished)}/report.sarif`;
    const small = `trap "" XFSZ; ulimit -f 2; exec "$0" check "$1" --format sarif -o "$2"`;
    const { code, stderr } = await run(["-c", small, LAUNCHER, HOSTILE, out], { program: "/bin/sh" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcpsonde: the report cannot be written: EFBIG/);
    await expect(Deno.stat(out)).rejects.toThrow();
  });

  it("has the same fingerprints in each run", async () => {
    const prints = async () => {
      const { runs } = JSON.parse((await run(["check", HOSTILE, "-f", "sarif"])).stdout);
      return runs[0].results.map((result: { partialFingerprints: unknown }) => result.partialFingerprints);
    };
    expect(await prints()).toEqual(await prints());
  });

  it("writes JUnit XML that a parser takes", async () => {
    const { stdout } = await run(["check", HOSTILE, "-f", "junit"]);
    let failures = 0;
    const parser = new SaxesParser();
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("opentag", ({ name }) => {
      if (name === "failure") failures++;
    });
    parser.write(stdout).close();
    expect(failures).toBeGreaterThan(3);
  });

  it("runs the detectors that are named", async () => {
    const { stdout } = await run(["check", HOSTILE, "--only", "hung_call,tool_drift", "-f", "json"]);
    const rules = JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule);
    expect(rules).toContain("mcp.call.stuck");
    expect(rules).toContain("mcp.tool.changed");
    expect(rules).not.toContain("mcp.definition.poisoned");
    const without = await run(["check", HOSTILE, "--except", "tool_drift", "-f", "json"]);
    expect(without.stdout).not.toContain("mcp.tool.changed");
  });

  it("takes the transforms of a pipeline file, and redacts what that leaves in clear", async () => {
    const dir = await temporary(onTestFinished);
    const write = (name: string, transforms: string) =>
      Deno.writeTextFile(
        `${dir}/${name}`,
        `{ "sources": { "k": { "type": "ebpf" } }, "transforms": [${transforms}], "sinks": { "s": { "type": "console" } } }`,
      );
    const before = `{ "type": "jsonrpc" }, { "type": "mcp" }`;
    await write("clear.jsonc", `${before}, { "type": "detect", "severity": { "mcp.tool.changed": "critical" } }`);
    const { code, stdout } = await run(["check", HOSTILE, "--pipeline", `${dir}/clear.jsonc`]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^critical mcp\.tool\.changed/m);
    expect(stdout).not.toContain(SECRET);
    await write("none.jsonc", before);
    const none = await run(["check", HOSTILE, "--pipeline", `${dir}/none.jsonc`]);
    expect([none.code, none.stderr]).toEqual([
      2,
      `mcpsonde: ${dir}/none.jsonc has no detect among its transforms: nothing is judged\n`,
    ]);
  });

  it.each([
    [["check"], /CAPTURE is missing/],
    [["check", "/nonexistent"], /\/nonexistent/],
    [
      ["check", DEMO, "--only", "tool_drif"],
      /no detector "tool_drif"; expected one of .*; did you mean "tool_drift"\?/,
    ],
    [["check", DEMO, "--fail-on", "hihg"], /--fail-on is one of info, low, medium, high, critical, never, not "hihg"/],
    [["check", DEMO, "--format", "xml"], /--format is one of text, sarif, junit, json, not "xml"/],
    [["check", DEMO, "-o", "/nonexistent/report"], /the report cannot be written: .*\/nonexistent\/report/],
    [["check", DEMO, "-p", "x.jsonc", "--only", "tool_drift"], /--pipeline FILE holds all options itself/],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code === 1 || code === 2).toBe(true);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stdout).toBe("");
  });
});
