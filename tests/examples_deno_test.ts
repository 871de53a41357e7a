/** Runs every example as its first lines say, with a recording in the place of the kernel. */
import { applyEdits, modify } from "jsonc-parser";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../pipeline/builtins.ts";
import { loadPipeline } from "../pipeline/config/load.ts";
import { Elasticsearch, Slack } from "./sinks/http/_products.ts";
import { Recorder } from "./sinks/http/_recorder.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const CAPTURE = join(EXAMPLES, "demo.capture");

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpsonde-examples-"));
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

async function run(args: string[], env: Record<string, string> = {}) {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-lock", ...args], cwd: dir, env });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** An example that captures from the kernel, reading the recording instead. */
async function offline(name: string, path: string = CAPTURE): Promise<string> {
  const text = await readFile(join(EXAMPLES, name), "utf8");
  const file = join(dir, name);
  await writeFile(file, applyEdits(text, modify(text, ["sources"], { a: { type: "replay", path } }, {})));
  return file;
}

const cli = (pipeline: string) => [join(ROOT, "cli.ts"), "--pipeline", pipeline];

/** One for each example: nobody may add one that is not run. */
const EXPECTATIONS: Record<string, () => Promise<void>> = {
  "watch.jsonc": async () => {
    const { code, stdout } = await run(cli(await offline("watch.jsonc")));
    expect(code).toBe(0);
    expect(stdout).toMatch(/client\[\d+\] → mcp-servers\/everything\[\d+\] .*tools\/call/);
  },
  "keep.jsonc": async () => {
    const { code, stdout } = await run(cli(await offline("keep.jsonc")), { MCP_LOG: join(dir, "messages.jsonl") });
    expect(code).toBe(0);
    expect(stdout).toContain("tools/call");
    const lines = (await readFile(join(dir, "messages.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.filter((line) => JSON.parse(line).method === "tools/call").length).toBeGreaterThan(3);
  },
  "failures.jsonc": async () => {
    const { code, stdout } = await run(cli(await offline("failures.jsonc")), { MCP_LOG: join(dir, "failures.jsonl") });
    expect(code).toBe(0);
    expect(stdout).toContain("no city");
    expect(stdout).not.toContain("Zürich");
    const lines = (await readFile(join(dir, "failures.jsonl"), "utf8")).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    const calls = lines.filter(({ kind, type }) => kind === "mcp" && type === "request").map((
      { id, params },
    ) => [id, params.name]);
    expect(calls).toContainEqual([1, "forecast"]); // it took half a second
    expect(lines.some(({ method }) => method === "notifications/progress")).toBe(false);
  },
  "guard.jsonc": async () => {
    const MCP_LOG = join(dir, "findings.jsonl");
    const { code, stdout } = await run(cli(await offline("guard.jsonc", join(EXAMPLES, "hostile.capture"))), {
      MCP_LOG,
    });
    expect(code).toBe(0);
    expect(stdout).toContain("mcp.tool.changed");
    const lines = (await readFile(MCP_LOG, "utf8")).trimEnd().split("\n");
    expect(new Set(lines.map((line) => JSON.parse(line).kind))).toEqual(new Set(["finding"]));
    expect(stdout + lines).not.toContain("AKIAIOSFODNN7EXAMPLE");
  },
  "siem.jsonc": async () => {
    const siem = new Elasticsearch(), slack = new Slack();
    const recorders = [new Recorder(siem), new Recorder(slack)];
    try {
      const [SIEM_URL = "", slackUrl = ""] = await Promise.all(recorders.map((recorder) => recorder.listen()));
      const env = {
        SIEM_URL,
        SIEM_TOKEN: "k3y",
        SLACK_URL: `${slackUrl}/services/x`,
        XDG_STATE_HOME: join(dir, "state"),
      };
      const { code, stderr } = await run(cli(await offline("siem.jsonc", join(EXAMPLES, "hostile.capture"))), env);
      expect([code, stderr]).toEqual([0, ""]);
      const kinds = [...siem.documents.values()].map(({ event }) => (event as { dataset: string }).dataset);
      expect(new Set(kinds)).toEqual(new Set(["mcpsonde.call", "mcpsonde.finding"]));
      expect(recorders[0]!.sent[0]!.headers["authorization"]).toBe("ApiKey k3y");
      expect(slack.messages).toHaveLength(5);
      expect(slack.messages.join("\n")).toContain("HIGH mcp.tool.changed");
      expect([...siem.complaints, ...slack.complaints]).toEqual([]);
    } finally {
      for (const recorder of recorders) await recorder.close();
    }
  },
  "slow_calls.jsonc": async () => {
    const { code, stdout, stderr } = await run(cli(join(EXAMPLES, "slow_calls.jsonc")), { CAPTURE });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +\d{3} ms {2}weather {2}tools\/call$/m);
    expect(stderr).toMatch(/sinks\.slow: \d of \d answers took 100 ms or more/);
  },
  "otlp.jsonc": async () => {
    const paths: string[] = [];
    let spans = "";
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const { pathname } = new URL(request.url);
      paths.push(pathname);
      const body = request.headers.get("content-encoding") === "gzip"
        ? request.body!.pipeThrough(new DecompressionStream("gzip"))
        : request.body;
      const text = await new Response(body).text();
      if (pathname === "/v1/traces") spans += text;
      return Response.json({});
    });
    const { code, stderr } = await run(cli(await offline("otlp.jsonc")), {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
      XDG_STATE_HOME: dir,
    });
    await server.shutdown();
    expect([code, stderr]).toEqual([0, ""]);
    expect(new Set(paths)).toEqual(new Set(["/v1/traces", "/v1/metrics", "/v1/logs"]));
    expect(spans).toContain('"name":"tools/call forecast"');
    expect(spans).toContain('{"key":"deployment.environment.name","value":{"stringValue":"test"}}');
  },
  "tools_used.ts": async () => {
    const { code, stdout } = await run([join(EXAMPLES, "tools_used.ts"), CAPTURE]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +\d {2}client → weather: forecast$/m);
  },
};

describe("the examples", () => {
  it("are all run here", async () => {
    const names = (await readdir(EXAMPLES)).filter((name) => /\.(jsonc|ts)$/.test(name));
    expect(Object.keys(EXPECTATIONS).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(EXPECTATIONS))("do what they say: %s", async (_, run) => {
    await run();
  });

  it("are valid as they are", async () => {
    for (const name of Object.keys(EXPECTATIONS).filter((name) => name.endsWith(".jsonc"))) {
      const { problems } = await loadPipeline(join(EXAMPLES, name), { registry: builtins(), env: { CAPTURE } });
      expect(problems).toEqual([]);
    }
  });

  it("tell by one line what is missing", async () => {
    const { code, stderr } = await run(cli(join(EXAMPLES, "slow_calls.jsonc")), { CAPTURE: "/nonexistent" });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/slow_calls\.jsonc:5:27: sources\.capture: "replay" cannot start: .*\/nonexistent/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
