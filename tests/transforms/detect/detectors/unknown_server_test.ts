import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { McpServer } from "../../../../pipeline/context.ts";
import type { FindingEvent } from "../../../../pipeline/event.ts";
import { Clock } from "../../../../transforms/detect/clock.ts";
import { ConfigFiles } from "../../../../transforms/detect/client_configs/discover.ts";
import unknownServer from "../../../../transforms/detect/detectors/unknown_server.ts";
import { optionsOf } from "../../../../transforms/detect/options.ts";
import { Runner } from "../../../../transforms/detect/runner.ts";
import { Talk } from "../_talk.ts";

const silent = { info() {}, warn() {}, error() {} };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mcpsonde-unknown-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const stdio = (name: string, line: string): Partial<McpServer> => ({
  name,
  process: { pid: 4_194_000, comm: "node", name, args: line.split(" ") },
});
const http = (address: string): Partial<McpServer> => ({
  name: address,
  transport: "http",
  process: undefined,
  address,
});

/** What is found of servers where these are the configs. */
async function judged(configs: readonly string[], servers: readonly Partial<McpServer>[]): Promise<FindingEvent[]> {
  const options = optionsOf([unknownServer]).parse({ detectors: { unknown_server: { configs } } });
  const metrics = { dropped() {}, error() {}, set() {} };
  const runner = new Runner([unknownServer], options, { log: silent, metrics }, new Clock(() => 0));
  const out = servers.flatMap((server) => [...runner.run([new Talk(server).call("x")])]);
  await runner.settle();
  return [...out, ...runner.end()].filter((event) => event.kind === "finding");
}

const cursor = (servers: Record<string, unknown>) =>
  put(join(folder(), ".cursor/mcp.json"), JSON.stringify({ mcpServers: servers }));

describe("unknown_server", () => {
  it("tells of servers that no config names, and not of those that one does", async () => {
    const config = cursor({
      files: { command: "npx", args: ["-y", "@s/server-files", "/home"] },
      far: { url: "https://api.example/mcp" },
    });
    const found = await judged([config], [
      stdio("files", "node /c/_npx/1/node_modules/.bin/server-files /home"),
      stdio("evil", "python3 /tmp/evil.py"),
      http("api.example/mcp"),
      http("evil.example/mcp"),
    ]);
    expect(found.map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`)).toEqual([
      'mcp.server.unknown low: Server "evil" is in no config of a client, but "claude" uses it',
      'mcp.server.unknown low: Server "evil.example/mcp" is in no config of a client, but "claude" uses it',
    ]);
    expect(found[0]?.details).toMatchObject({ transport: "stdio", configs: [config] });
    expect(JSON.stringify(found[0]?.details)).not.toContain("/tmp/evil.py");
  });

  it("knows a server behind mcp-remote by the address on its command line", async () => {
    const config = cursor({ far: { command: "npx", args: ["mcp-remote", "https://api.example/sse"] } });
    const sse: Partial<McpServer> = { ...http("api.example/messages"), transport: "sse" };
    expect(await judged([config], [http("api.example/sse"), sse])).toEqual([]);
  });

  it("says nothing where no config has a server, or none can be read", async () => {
    const broken = put(join(folder(), ".codex/config.toml"), "= nonsense");
    const none = put(join(folder(), ".gemini/settings.json"), "{}");
    expect(await judged([broken, none, "/nowhere/.mcp.json"], [stdio("x", "x")])).toEqual([]);
  });

  it("reads TOML and YAML as well", async () => {
    const toml = put(join(folder(), ".codex/config.toml"), '[mcp_servers.a]\ncommand = "a-server"\n');
    const yaml = put(join(folder(), ".continue/config.yaml"), "mcpServers:\n  - name: b\n    command: b-server\n");
    const found = await judged([toml, yaml], [stdio("a", "a-server"), stdio("b", "b-server"), stdio("c", "c-server")]);
    expect(found.map(({ details }) => details?.["server"])).toEqual(["stdio c"]);
  });
});

describe("ConfigFiles", () => {
  it("finds the configs of users and of projects above a folder", async () => {
    const home = folder();
    put(join(home, ".claude.json"), '{"mcpServers":{"one":{"command":"one"}}}');
    put(join(home, ".config/Code/User/mcp.json"), '{"servers":{"two":{"url":"http://two/mcp"}}}');
    put(join(home, "work/.mcp.json"), '{"mcpServers":{"three":{"command":"three"}}}');
    put(join(home, "work/.continue/mcpServers/four.yaml"), "mcpServers:\n  - name: four\n    command: four\n");
    put(join(home, "work/deep/er/x.txt"), "");
    const files = new ConfigFiles(silent);
    const users = await files.users({ homes: [home, join(home, "nobody")], system: false });
    expect(users.map(({ client, name }) => `${client}: ${name}`)).toEqual(["Claude Code: one", "VS Code: two"]);
    const projects = await files.folder(join(home, "work/deep/er"));
    expect(projects.map(({ client, name }) => `${client}: ${name}`)).toEqual(["Claude Code: three", "Continue: four"]);
  });

  it("reads a file again when it has changed", async () => {
    const home = folder();
    const path = join(home, ".claude.json");
    const files = new ConfigFiles(silent);
    const names = async () => (await files.users({ homes: [home], system: false })).map(({ name }) => name);
    expect(await names()).toEqual([]);
    put(path, '{"mcpServers":{"one":{"command":"one"}}}');
    expect([await names(), await names()]).toEqual([["one"], ["one"]]);
    put(path, '{"mcpServers":{"one":{"command":"one"},"two":{"command":"two"}}}');
    expect(await names()).toEqual(["one", "two"]);
    rmSync(path);
    expect(await names()).toEqual([]);
  });

  it("says once what it cannot read", async () => {
    const home = folder();
    put(join(home, ".claude.json"), "{ nonsense");
    const said: string[] = [];
    const files = new ConfigFiles({ ...silent, warn: (line) => void said.push(line) });
    for (let i = 0; i < 3; i++) await files.users({ homes: [home], system: false });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(".claude.json cannot be read");
  });
});
