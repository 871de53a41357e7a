import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { LAUNCHER, ROOT, run, temporary } from "../_cli.ts";
import { SAMPLES } from "./configs.ts";

type Finish = (cleanup: () => unknown) => void;

async function home(finish: Finish): Promise<string> {
  const home = await temporary(finish);
  for (const { path, text } of SAMPLES) {
    await Deno.mkdir(dirname(join(home, path)), { recursive: true });
    await Deno.writeTextFile(join(home, path), text, { mode: 0o640 });
  }
  return home;
}

const DENO_DIR = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
const cli = (home: string, ...args: string[]) =>
  run(["run", "-A", `${ROOT}cli.ts`, ...args], { program: Deno.execPath(), cwd: home, env: { HOME: home, DENO_DIR } });
const read = (home: string) => SAMPLES.map(({ path }) => Deno.readTextFileSync(join(home, path)));
const originals = SAMPLES.map(({ text }) => text);

describe("mcpsonde wrap and unwrap", () => {
  it("wrap all clients' servers and bring every byte back", async ({ onTestFinished }) => {
    const at = await home(onTestFinished);
    const wrapped = await cli(at, "wrap", "--yes");
    expect(wrapped).toMatchObject({ code: 0, stderr: "" });
    expect(wrapped.stdout).toContain("servers wrapped; restart the clients");
    for (const text of read(at)) expect(text).toContain(JSON.stringify(LAUNCHER).slice(1, -1));
    expect(Deno.statSync(join(at, SAMPLES[0]!.path)).mode! & 0o777).toBe(0o640);
    expect((await cli(at, "wrap", "--yes")).stdout).not.toContain("restart");
    expect(await cli(at, "unwrap", "--yes")).toMatchObject({ code: 0, stderr: "" });
    expect(read(at)).toEqual(originals);
    expect([...Deno.readDirSync(join(at, ".mcpsonde/wrapped"))]).toEqual([]);
  }, 60_000);

  it("shows what would change and changes nothing", async ({ onTestFinished }) => {
    const at = await home(onTestFinished);
    const { code, stdout } = await cli(at, "wrap", "--dry-run", "cursor");
    expect(code).toBe(0);
    expect(stdout).toContain('- \t\t\t"command": "docker"');
    expect(stdout).toContain(`"command": ${JSON.stringify(LAUNCHER)}`);
    expect(stdout).not.toContain("Claude");
    const unasked = await cli(at, "wrap");
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain("mcpsonde wrap --yes changes it");
    expect(read(at)).toEqual(originals);
  }, 60_000);

  it("undo only their own in a file that was edited since, links and all", async ({ onTestFinished }) => {
    const at = await temporary(onTestFinished);
    const real = join(at, "dotfiles.json"), link = join(at, ".mcp.json");
    const text = '{ "mcpServers": { "a": { "command": "x" } } }\n';
    await Deno.writeTextFile(real, text);
    await Deno.symlink(real, link);
    await cli(at, "wrap", "--yes");
    expect(Deno.lstatSync(link).isSymlink).toBe(true);
    const wrapped = await Deno.readTextFile(real);
    expect(JSON.parse(wrapped).mcpServers.a.args).toEqual(["proxy", "--name", "a", "--", "x"]);
    await Deno.writeTextFile(
      real,
      wrapped.replace('{ "mcpServers"', '{ "other": 1, "mcpServers"').replace(
        "} } }",
        '}, "b": { "command": "y" } } }',
      ),
    );
    expect((await cli(at, "wrap", "--yes")).stdout).toContain("1 server wrapped");
    await cli(at, "unwrap", "--yes");
    const after = '{ "other": 1, "mcpServers": { "a": { "command": "x" }, "b": { "command": "y" } } }\n';
    expect(await Deno.readTextFile(real)).toBe(after);
  }, 60_000);

  it("say which client there is not, and leave a broken file as it is", async ({ onTestFinished }) => {
    const at = await temporary(onTestFinished);
    expect(await cli(at, "wrap", "emacs")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("claude-desktop"),
    });
    await Deno.writeTextFile(join(at, ".mcp.json"), '{ "mcpServers": ');
    const { code, stderr } = await cli(at, "wrap", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain(".mcp.json is left as it is: it is not JSON");
    expect(await Deno.readTextFile(join(at, ".mcp.json"))).toBe('{ "mcpServers": ');
  }, 60_000);
});
