/** The inventory of real servers: what the kernel shows of them, and the files that they run. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { hold, install } from "./_harness/peers.ts";
import { mcpsonde, Said, until } from "./_harness/process.ts";

describe.skipIf(noCapture)("mcpsonde inventory, live", () => {
  it("names a real server, its tools, its package and the hash of its script", async () => {
    const peers = await install("typescript1");
    const [program = "", ...args] = mcpsonde("inventory", "--json");
    const child = new Deno.Command(program, {
      args,
      cwd: REPOSITORY,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    const stdout = new Said(child.stdout), stderr = new Said(child.stderr);
    await until(() => `"capturing" on stderr (${stderr.text})`, () => stderr.text.includes("capturing"));
    const truth = await hold(["node", `${peers}/typescript1/client.mjs`]);
    await new Promise((done) => setTimeout(done, 1000));
    child.kill("SIGINT");
    const { code } = await child.status;
    await Promise.all([stdout.done, stderr.done]);
    expect(code, stderr.text).toBe(0);

    const answers = truth.filter(({ from }) => from === "server").map(({ raw }) => JSON.parse(raw));
    const { serverInfo } = answers.find(({ result }) => result?.serverInfo).result;
    const { tools } = answers.find(({ result }) => result?.tools).result;
    const { servers } = JSON.parse(stdout.text);
    const found = servers.find(({ pid }: { pid: number }) => pid === truth[0]?.server);
    expect(found).toMatchObject({
      name: serverInfo.name,
      version: serverInfo.version,
      transport: "stdio",
      remote: false,
      protocols: ["2025-11-25"],
    });
    expect(found.tools.map(({ name }: { name: string }) => name)).toEqual(
      tools.map(({ name }: { name: string }) => name),
    );
    expect(found.tools[0].tokens).toBeGreaterThan(10);
    expect(found.package).toMatch(/^npm:@modelcontextprotocol\/server-everything@/);
    const script = found.command_line.find((argument: string) => argument.endsWith(".js"));
    const hash = createHash("sha256").update(await Deno.readFile(script)).digest("hex");
    expect(found.executable_sha256).toBe(hash);
  });
});
