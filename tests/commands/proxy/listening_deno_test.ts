import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, temporary } from "../_cli.ts";
import { lines, proxy, until } from "./_proxy.ts";

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

describe("mcpsonde proxy where a mcpsonde listens", () => {
  it("finds it by itself and hands it every message", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const socket = join(folder, "events.sock"), out = join(folder, "out.jsonl"), file = join(folder, "mon.json");
    const sources = { sensors: { type: "pipe", path: socket } };
    const transforms = [{ type: "jsonrpc" }, { type: "mcp" }];
    await Deno.writeTextFile(
      file,
      JSON.stringify({ sources, transforms, sinks: { out: { type: "jsonl", path: out } } }),
    );
    const monitor = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", join(ROOT, "cli.ts"), "--pipeline", file],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      expect(await until(() => exists(socket), 30_000)).toBe(true);
      const env = { MCPSONDE_SOCKET: socket };
      const { say, line, hangUp, rest, home } = await proxy(onTestFinished, ["--name", "files", "--", "cat"], env);
      const request = {
        jsonrpc: "2.0",
        id: 7,
        method: "tools/call",
        params: { name: "ls", arguments: { key: "AKIAIOSFODNN7EXAMPLF" } },
      };
      await say(`${JSON.stringify(request)}\n`);
      expect(JSON.parse(await line() ?? "")).toEqual(request);
      await hangUp();
      expect((await rest()).code).toBe(0);
      expect(await exists(join(home, ".mcpsonde", "proxy"))).toBe(false);
      const seen = async () => (await lines("", out).catch(() => [])).filter(({ kind }) => kind === "mcp");
      expect(await until(async () => (await seen()).length === 2)).toBe(true);
      const [first] = await seen();
      expect(first).toMatchObject({ method: "tools/call", server: "files", sensor: { sensor: "mcpsonde-proxy" } });
      expect(JSON.stringify(first)).not.toContain("AKIAIOSFODNN7EXAMPLF"); // redacted before it is handed on
      expect((await lines("", out)).filter(({ rule }) => String(rule).startsWith("sensor."))).toEqual([]);
    } finally {
      monitor.kill("SIGINT");
      await monitor.status;
    }
  }, 60_000);
});
