import { describe, expect, it } from "vitest";
import { commands } from "../../cli.ts";
import { LAUNCHER, ROOT, run, temporary } from "./_cli.ts";

describe("mcpsonde --help", () => {
  it("lists every command, examples and exit codes", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) if (name !== "monitor") expect(stdout).toContain(`\n  ${name} `);
    expect(stdout).toContain("Examples");
    expect(stdout).toContain("130");
    expect(await run(["-h"])).toEqual({ code, stdout, stderr: "" });
    expect(await run(["help"])).toEqual({ code, stdout, stderr: "" });
  });

  it("is what docs/cli.md shows", async () => {
    const { stdout } = await run(["--help"]);
    expect(await Deno.readTextFile(`${ROOT}docs/cli.md`)).toContain(`$ mcpsonde --help\n${stdout}`);
  });

  it.each(Object.keys(commands))("is there for %s, with an example", async (name) => {
    const { code, stdout } = await run([name, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage\n {2}mcpsonde/);
    expect(stdout).toMatch(/\n {2}(sudo |source <\()?mcpsonde/);
    expect((await run(["help", name])).stdout).toBe(stdout);
  });
});

describe("a mistake on the command line", () => {
  it.each([
    [["demmo"], 'no command "demmo"; did you mean "demo"?'],
    [["mon.jsonc"], "mcpsonde --pipeline mon.jsonc"],
    [["--verbos"], 'no option --verbos; did you mean "--verbose"?'],
    [["--pid", "abc"], '--pid: "abc" is not a whole number above 0'],
    [["--color", "pink"], '--color is one of auto, always, never, not "pink"'],
    [["--out"], "--out needs a value"],
    [["validate"], "FILE is missing"],
    [["validate", "a", "b"], 'unexpected argument "b"'],
    [["record"], "--out"],
    [["components", "consol"], 'did you mean "console"?'],
    [["completions", "tcsh"], "bash"],
    [["--pipeline", "x.jsonc", "--pid", "1"], "--pipeline FILE holds all options itself"],
  ])("is named, with exit code 2: %j", async (args, said) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toContain(said);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("mcpsonde validate", () => {
  it("names every mistake with its place", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    await Deno.writeTextFile(
      `${folder}/mon.jsonc`,
      `{
  "sources": { "kernel": { "type": "ebfp" } },
  // a comment
  "sinks": { "screen": { "type": "console", "verbos": true } },
}`,
    );
    const { code, stderr } = await run(["validate", "mon.jsonc"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mcpsonde: mon\.jsonc:2:\d+: sources\.kernel\.type: .*ebpf/m);
    expect(stderr).toMatch(/^mcpsonde: mon\.jsonc:4:\d+: sinks\.screen\.verbos: .*verbose/m);
  });

  it("says what a right file does", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    await Deno.writeTextFile(
      `${folder}/mon.jsonc`,
      `{ "sources": { "k": { "type": "ebpf" } }, "transforms": [{ "type": "jsonrpc" }], "sinks": { "s": { "type": "console" } } }`,
    );
    const { code, stdout } = await run(["validate", "mon.jsonc"], { cwd: folder });
    expect([code, stdout]).toEqual([0, "mon.jsonc: right (ebpf → jsonrpc → console)\n"]);
  });

  it("names a file that is not there", async () => {
    const { code, stderr } = await run(["validate", "/no/such.jsonc"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/no/such.jsonc");
  });
});

describe("mcpsonde components and schema", () => {
  it("describe the same types", async () => {
    const { stdout } = await run(["components"]);
    const schema = JSON.parse((await run(["schema"])).stdout);
    for (const [type = "", kind] of stdout.trim().split("\n").slice(1).map((line) => line.split(/\s+/))) {
      expect(schema.$defs).toHaveProperty([`${kind}:${type}`]);
      expect((await run(["components", type])).stdout).toContain(`${type} (${kind})`);
    }
  }, 60_000);

  it("stop without a word when their reader has seen enough", async () => {
    const { stderr } = await run([
      "-c",
      `set -o pipefail; "$0" schema | head -c 10`,
      LAUNCHER,
    ], {
      program: "bash",
    });
    expect(stderr).toBe("");
  });
});

describe("mcpsonde doctor", () => {
  it("tells of each thing, and by its exit code whether capture can work", async () => {
    const { code, stdout, stderr } = await run(["doctor"]);
    for (const name of ["kernel", "BTF", "capabilities", "lockdown", "libbpf", "Deno", "memory", "replay"]) {
      expect(stdout).toContain(` ${name} `);
    }
    expect(code).toBe(/^ {2}✗/m.test(stdout) ? 3 : 0);
    expect(stderr).toBe("");
  });
});
