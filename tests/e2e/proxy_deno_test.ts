/** Real SDKs through the proxies: every message once, as its sender wrote it. Needs no rights. */
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { certificates } from "./_harness/certificates.ts";
import { commands, Server } from "./_harness/http_peers.ts";
import { REPOSITORY } from "./_harness/machine.ts";
import { hold, install } from "./_harness/peers.ts";
import { mcpsonde, until } from "./_harness/process.ts";

const INSTALL = 600_000, SLOW = 60_000;
type Finish = (cleanup: () => unknown) => void;

async function folder(finish: Finish): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-proxy-" });
  finish(() => Deno.remove(path, { recursive: true }));
  return path;
}

/** A pipeline file that writes all messages with their text. */
async function pipelineFile(folder: string, source: Record<string, unknown>, http: boolean): Promise<string> {
  const file = join(folder, "mon.json");
  const transforms = [...(http ? [{ type: "http" }] : []), { type: "jsonrpc" }, { type: "mcp" }];
  const sinks = { file: { type: "jsonl", path: join(folder, "out.jsonl"), raw: true } };
  await Deno.writeTextFile(file, JSON.stringify({ sources: { proxy: source }, transforms, sinks }));
  return file;
}

/** A script that puts a proxy before what it is asked to run. */
async function shim(folder: string, name: string, ...program: string[]): Promise<string> {
  const pipeline = await pipelineFile(folder, { type: "stdio" }, false);
  const path = join(folder, name);
  const main = `${REPOSITORY}commands/_proxy/mcpsonde_proxy.ts`;
  const line = [Deno.execPath(), "run", "--quiet", "-A", main, "proxy", "--pipeline", pipeline, "--", ...program];
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${line.map((word) => `'${word}'`).join(" ")} "$@"\n`, {
    mode: 0o755,
  });
  return path;
}

const normal = (raw: string) => JSON.stringify(JSON.parse(raw));

async function written(folder: string): Promise<{ messages: string[]; lines: Record<string, unknown>[] }> {
  const text = await Deno.readTextFile(join(folder, "out.jsonl")).catch(() => "");
  const lines: Record<string, unknown>[] = text.split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );
  const messages = lines.filter(({ kind }) => kind === "mcp").map(({ raw }) => normal(String(raw))).sort();
  return { messages, lines };
}

describe("real SDKs through the proxies", () => {
  let peer: ReturnType<typeof commands>;
  let peers: string;

  beforeAll(async () => {
    peers = await install("typescript1", "python1", "python2");
    peer = commands(peers);
  }, INSTALL);

  it("moves and sees all that the TypeScript SDK and server-everything say over stdio", async ({ onTestFinished }) => {
    const path = await folder(onTestFinished);
    const { stdout } = await new Deno.Command("sh", { args: ["-c", "command -v npx"] }).output();
    await shim(path, "npx", new TextDecoder().decode(stdout).trim());
    const PATH = `${path}:${Deno.env.get("PATH")}`;
    const truth = await hold(["node", `${peers}/typescript1/client.mjs`], { env: { SERVER: "npx", PATH } });
    expect(truth.length).toBeGreaterThan(30);
    expect((await written(path)).messages).toEqual(truth.map(({ raw }) => normal(raw)).sort());
  }, SLOW);

  it.each(["python1", "python2"])("moves and sees all that Python's %s says over stdio", async (name) => {
    const path = await Deno.makeTempDir();
    const python = `${peers}/${name}/venv/bin/python`, client = `${peers}/${name}/client.py`;
    const proxied = await shim(path, "python", python);
    const script = "import sys, runpy; sys.executable, client = sys.argv[1:]; " +
      `sys.path.insert(0, ${JSON.stringify(dirname(client))}); runpy.run_path(client, run_name='__main__')`;
    const truth = await hold([python, "-c", script, proxied, client]);
    expect(truth.length).toBeGreaterThan(10);
    expect((await written(path)).messages).toEqual(truth.map(({ raw }) => normal(raw)).sort());
    await Deno.remove(path, { recursive: true });
  }, SLOW);

  it.each<["typescript" | "python", string, string[], ("http" | "https")?]>([
    ["typescript", "/mcp", []],
    ["typescript", "/mcp", [], "https"],
    ["typescript", "/mcp?json", ["plain"]],
    ["typescript", "/mcp?coding", []],
    ["typescript", "/sse", ["sse"]],
    ["python", "/mcp", []],
  ])("moves and sees all that the %s SDK says over HTTP at %s", async (language, at, more, scheme = "http") => {
    const path = await Deno.makeTempDir();
    const server = language === "typescript"
      ? await Server.start(peer.typescript("node", "typescript1/http_server.mjs"))
      : await Server.start(peer.python("python1", "http_server.py"));
    const before = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = before.addr;
    before.close();
    const source = { type: "http_proxy", url: server.url(scheme, "/mcp", "localhost"), listen: `127.0.0.1:${port}` };
    const [program = "", ...args] = mcpsonde("--pipeline", await pipelineFile(path, source, true));
    const { client: env } = await certificates();
    const monitor = new Deno.Command(program, { args, env, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    try {
      await until(
        "the proxy listening",
        () => Deno.connect({ hostname: "127.0.0.1", port }).then((c) => (c.close(), true), () => false),
        30_000,
      );
      const url = `http://127.0.0.1:${port}${at}`;
      const truth = await server.talk(
        language === "typescript"
          ? peer.typescript("node", "typescript1/http_client.mjs", url, ...more)
          : peer.python("python1", "http_client.py", url),
      );
      expect(truth.length).toBeGreaterThan(10);
      monitor.kill("SIGINT");
      await monitor.status;
      const { messages, lines } = await written(path);
      expect(messages).toEqual(truth.map(({ raw }) => normal(raw)).sort());
      expect(lines.filter(({ kind }) => kind === "gap")).toEqual([]);
    } finally {
      try {
        monitor.kill("SIGKILL");
      } catch {
        // it has ended
      }
      await monitor.status;
      await server[Symbol.asyncDispose]();
      await Deno.remove(path, { recursive: true });
    }
  }, SLOW);
});
