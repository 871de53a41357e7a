import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { has, ROOT, run, temporary } from "../_cli.ts";
import { noCapture } from "../../e2e/_harness/machine.ts";

const DENO_DIR = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
const SERVER = `
  import readline from "node:readline";
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { id, method } = JSON.parse(line);
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { method } }));
  }
  process.exit(6);`;
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';

function cli(home: string, args: readonly string[], stdin = "") {
  const env = { HOME: home, XDG_RUNTIME_DIR: home, DENO_DIR };
  return run(["run", "-A", join(ROOT, "cli.ts"), "run", ...args], { program: Deno.execPath(), env, stdin });
}

const noSetpriv = await has("setpriv") ? false : "setpriv is not installed";

describe("mcpsonde run", () => {
  it("leaves the program its streams and its exit code, and says how it watches", async ({ onTestFinished }) => {
    const home = await temporary(onTestFinished);
    const out = join(home, "out.jsonl");
    const ended = await cli(
      home,
      ["--by", "sensor", "-o", out, "--", "node", "--input-type=module", "-e", SERVER],
      ping,
    );
    expect(ended).toMatchObject({ code: 6, stdout: '{"jsonrpc":"2.0","id":1,"result":{"method":"ping"}}\n' });
    expect(ended.stderr).toBe(`mcpsonde: watching node from inside; messages go to ${out}\n`);
    const lines = (await Deno.readTextFile(out)).trimEnd().split("\n").map((line) => JSON.parse(line));
    expect(lines.some(({ kind, name }) => kind === "sensor" && name === "sensor_startup")).toBe(true);
  }, 60_000);

  it("shows what it sees on standard error, where there is no file", async ({ onTestFinished }) => {
    const home = await temporary(onTestFinished);
    const ended = await cli(home, ["--by", "sensor", "--", "node", "-e", "console.log('out')"]);
    expect(ended.stdout).toBe("out\n");
    expect(ended.stderr).toContain("watched by mcpsonde-node");
  }, 60_000);

  it("falls back to the proxy", async ({ onTestFinished }) => {
    const home = await temporary(onTestFinished);
    const out = join(home, "out.jsonl");
    const ended = await cli(
      home,
      ["--by", "proxy", "-o", out, "--", "node", "--input-type=module", "-e", SERVER],
      ping,
    );
    expect(ended).toMatchObject({ code: 6, stderr: "mcpsonde: watching node as a proxy\n" });
    expect(await Deno.readTextFile(out)).toContain('"method":"ping"');
  }, 60_000);

  it.skipIf(noSetpriv)(
    "takes the best way that there is without rights",
    async ({ onTestFinished }) => {
      const home = await temporary(onTestFinished);
      const env = { HOME: home, XDG_RUNTIME_DIR: home, DENO_DIR };
      for (const [program, way] of [["node", "from inside"], ["cat", "as a proxy"]]) {
        const rest = program === "node" ? ["-e", ""] : [];
        const command = [Deno.execPath(), "run", "-A", join(ROOT, "cli.ts"), "run", "--", program!, ...rest];
        const args = ["--bounding-set=-all", "--inh-caps=-all", ...command];
        const { code, stderr } = await run(args, { program: "setpriv", env, stdin: "" });
        expect(code).toBe(0);
        expect(stderr).toMatch(
          new RegExp(
            `^mcpsonde: watching ${program} ${way} \\(not from the kernel: [^\\n]{1,80}; mcpsonde doctor says more\\)\n`,
          ),
        );
      }
    },
    60_000,
  );

  it.each([["nosuch-program", 127], ["/etc/passwd", 126]] as const)(
    "says what is wrong with %s",
    async (program, code) => {
      const home = await Deno.makeTempDir();
      const ended = await cli(home, ["--by", "sensor", "--", program]);
      expect(ended).toMatchObject({ code, stdout: "" });
      expect([...Deno.readDirSync(home)].map(({ name }) => name)).toEqual([]);
      await Deno.remove(home, { recursive: true });
    },
    60_000,
  );

  it.skipIf(noCapture)(
    "sees a client and the server that it starts, from the kernel and from inside",
    async ({ onTestFinished }) => {
      const home = await temporary(onTestFinished);
      const out = join(home, "out.jsonl"), server = join(home, "server.mjs"), client = join(home, "client.mjs");
      await Deno.writeTextFile(server, SERVER);
      await Deno.writeTextFile(
        client,
        `import { spawn } from "node:child_process";
       const server = spawn("node", ["${server}"], { stdio: ["pipe", "pipe", "inherit"] });
       server.stdin.write(${JSON.stringify(ping)});
       server.stdout.once("data", () => server.stdin.end());
       server.on("exit", (code) => process.exit(code + 1));`,
      );
      const ended = await cli(home, ["-o", out, "--", "node", client]);
      expect(ended.code).toBe(7);
      expect(ended.stderr).toContain("watching node from the kernel and from inside");
      const lines = (await Deno.readTextFile(out)).trimEnd().split("\n").map((line) => JSON.parse(line));
      const messages = lines.filter(({ kind }) => kind === "mcp").map(({ type, method }) => [type, method]);
      expect(messages).toEqual([["request", "ping"], ["response", undefined]]);
      expect(lines.filter(({ name }) => name === "sensor_startup").length).toBe(2);
    },
    60_000,
  );
});
