import { describe, expect, it } from "vitest";
import { pipe, sink, source, transform } from "../../../pipeline/mod.ts";
import { batchesOf, inFolder } from "../../pipeline/store/_store.ts";
import { processContext } from "../../../commands/_context.ts";
import { type OpenCapture, openCapture } from "../../../commands/_open.ts";
import { ROOT, run } from "../_cli.ts";

const DEMO = "examples/demo.capture";
const HOSTILE = "examples/hostile.capture";
/** A resource of OTLP. */
type Part = Readonly<
  Record<string, Readonly<Record<string, { readonly traceId: string; readonly spanId: string }[]>>[]>
>;
type Rows = Record<string, unknown>[];

async function rows(...args: string[]): Promise<Rows> {
  const { code, stdout, stderr } = await run(["query", ...args, "--format", "json", "--limit", "1000"]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Rows;
}

/** Without what a JSONL file does not hold: executables, the command lines that keys are made of. */
function known(all: Rows): unknown {
  return JSON.parse(JSON.stringify(all), (name, value: unknown) => {
    if (name === "exe" || name === "server" || name === "key") return undefined;
    return typeof value === "number" && !Number.isInteger(value)
      ? Math.round(Math.round(value * 1000) / 10) / 100
      : value;
  });
}

describe("mcpsonde query", () => {
  it("shows calls that match as a table, a line each", async () => {
    const { code, stdout } = await run(["query", DEMO, "tool:forecast"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ID +TIME +CLIENT +SERVER +METHOD +NAME +OUTCOME +TOOK +ARGUMENTS$/);
    expect(lines.length).toBe(4);
    expect(lines[3]).toMatch(/tools\/call +forecast +tool_error +6\.8 ms +city=/);
    // deno-lint-ignore no-control-regex
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\x00-\x1f]/);
  });

  it("gives the same rows of a capture, of the JSONL made of it, and of the database made of it", async () => {
    await inFolder(async (folder) => {
      for (const capture of [DEMO, HOSTILE, "tests/captures/2025-11-25-stdio.capture"]) {
        const jsonl = `${folder}/all.jsonl`, database = `${folder}/all.sqlite`;
        const batches = await batchesOf(capture);
        const stages = ["http", "jsonrpc", "mcp", "detect"].map((type) => transform(type));
        await pipe(source("replay", { path: ROOT + capture }), ...stages, sink("jsonl", { path: jsonl })); // as it happens
        await sink("sqlite", { path: database })(async function* () {
          yield* batches;
        }());
        const [of, ofLines, ofDatabase] = await Promise.all(
          [ROOT + capture, jsonl, database].map((path) => openCapture(path, { redact: false }, processContext())),
        );
        for (const kind of ["calls", "findings", "events"] as const) {
          const all = (capture?: OpenCapture) => JSON.parse(JSON.stringify(capture?.store[kind]({ limit: 1000 }).rows));
          expect(known(all(ofLines))).toEqual(known(all(of)));
          expect(all(ofDatabase)).toEqual(all(of));
        }
        for (const one of [of, ofLines, ofDatabase]) one?.close();
        await Deno.remove(jsonl);
        await Deno.remove(database);
      }
    });
  });

  it("reads what MCPSpy and sensors write", async () => {
    await inFolder(async (folder) => {
      const spy = `${folder}/spy.jsonl`;
      await sink("jsonl", { path: `${folder}/ours.jsonl`, compat: "mcpspy" })(async function* () {
        yield* await batchesOf(HOSTILE);
      }());
      const lines = (await Deno.readTextFile(`${folder}/ours.jsonl`)).split("\n").flatMap((line) => {
        if (!line.includes('"kind":"mcp"')) return [];
        const { kind: _, source: _source, session: _session, call: _call, ...rest } = JSON.parse(line);
        return [JSON.stringify(rest)];
      });
      await Deno.writeTextFile(spy, `${lines.join("\n")}\n`);
      await Deno.remove(`${folder}/ours.jsonl`);
      expect((await rows(spy)).map(({ method }) => method)).toContain("tools/call");
      expect((await rows(folder)).length).toBe((await rows(spy)).length);
    });
  });

  it("hides secrets unless told otherwise", async () => {
    const { stdout } = await run(["query", HOSTILE, "--kind", "messages", "--text", "--format", "jsonl"]);
    const { stdout: plain } = await run(["query", HOSTILE, "-k", "messages", "--text", "-f", "jsonl", "--no-redact"]);
    expect(stdout.split("\n").length).toBe(plain.split("\n").length);
  });

  it("answers SQL", async () => {
    const { stdout } = await run([
      "query",
      DEMO,
      "--sql",
      "SELECT server, count(*) AS n FROM calls GROUP BY 1",
      "-f",
      "csv",
    ]);
    expect(stdout).toBe("server,n\r\nmcp-servers/everything,4\r\nweather,6\r\n");
  });

  it("says what is wrong", async () => {
    const failure = async (...args: string[]) => {
      const { code, stderr } = await run(["query", ...args]);
      return `${code} ${stderr.split("\n")[0]}`;
    };
    expect(await failure("nothing.sqlite")).toBe("1 mcpsonde: there is no file nothing.sqlite");
    expect(await failure("README.md")).toContain("README.md is no capture; expected what mcpsonde record");
    expect(await failure(DEMO, "tol:x")).toContain("a mistake in the expression");
    expect(await failure(DEMO, "--sql", "SELECT * FROM cals")).toContain(
      "no such table: cals; there are calls, messages",
    );
    expect(await failure(DEMO, "--sql", "DELETE FROM calls")).toContain("expected one SELECT: nothing can be changed");
    expect(await failure(DEMO, "--kind", "tools", "x")).toContain("--kind tools takes no expression");
  });
});

describe("mcpsonde export", () => {
  it("writes one document of all, readable by its owner only", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/all.json`;
      expect((await run(["export", DEMO, "-o", path])).code).toBe(0);
      const { calls, messages, http, servers, findings } = JSON.parse(await Deno.readTextFile(path));
      expect([calls.length, messages.length, http.length, servers.length, findings.length]).toEqual([10, 26, 10, 3, 1]);
      expect(Deno.statSync(path).mode! & 0o777).toBe(0o600);
      expect([...Deno.readDirSync(folder)].length).toBe(1);
    });
  });

  it("writes an HTTP archive with bodies", async () => {
    const { stdout } = await run(["export", DEMO, "--format", "har"]);
    const { log } = JSON.parse(stdout);
    expect([log.version, log.entries.length]).toEqual(["1.2", 10]);
    const call = log.entries[4];
    expect(JSON.parse(call.request.postData.text).method).toBe("tools/call");
    expect(call.response.content.text).toMatch(/^event: message\ndata: \{.*\}\n\n/);
    const { stderr } = await run(["export", HOSTILE, "--format", "har"]);
    expect(stderr).toContain("MCP over stdio has none");
  });

  it("writes spans and logs that belong together", async () => {
    const { stdout } = await run(["export", HOSTILE, "--format", "otlp"]);
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    const spans = lines.flatMap(({ resourceSpans = [] }) =>
      resourceSpans.flatMap((one: Part) => one.scopeSpans![0]!.spans!)
    );
    const logs = lines.flatMap(({ resourceLogs = [] }) =>
      resourceLogs.flatMap((one: Part) => one.scopeLogs![0]!.logRecords!)
    );
    expect([spans.length, logs.length]).toEqual([26, 8]);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(26);
    expect(logs.filter(({ spanId }) => ids.has(spanId)).length).toBeGreaterThan(4);
    for (const { traceId, spanId } of spans) expect(`${traceId}-${spanId}`).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/);
  });

  it("leaves nothing behind where it cannot write", async () => {
    const { code, stderr } = await run(["export", DEMO, "-o", "/dev/full"]);
    expect([code, stderr.includes("cannot be written")]).toEqual([1, true]);
  });
});

describe("mcpsonde diff", () => {
  it("tells what is new", async () => {
    const { code, stdout } = await run(["diff", DEMO, HOSTILE, "--format", "json"]);
    expect(code).toBe(0);
    const { servers, calls, findings } = JSON.parse(stdout);
    expect(servers.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      ...["added", "added", "removed", "removed", "removed"],
    ]);
    expect(calls.length).toBeGreaterThan(5);
    expect(findings.filter(({ kind }: { kind: string }) => kind === "new").length).toBe(8);
  });

  it("finds nothing between a capture and itself", async () => {
    const { stdout } = await run(["diff", DEMO, DEMO]);
    expect(stdout).toContain("3 servers the same");
    expect(stdout).toContain("the same in both");
  });
});

describe("mcpsonde prune", () => {
  it("deletes what is old, and gives the space back", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/mcp.sqlite`;
      await sink("sqlite", { path })(async function* () {
        yield* await batchesOf(DEMO);
      }());
      const kept = await run(["prune", path, "--max-age", "5000w"]);
      expect(kept.stdout).toContain("nothing had to go");
      const gone = await run(["prune", path, "--max-age", "1s", "--vacuum"]);
      expect(gone.stdout).toContain("deleted 10 calls, 26 messages, 10 HTTP exchanges, 1 findings");
      expect(await rows(path)).toEqual([]);
      expect((await run(["prune", DEMO, "--vacuum"])).stderr).toContain("is no database");
    });
  });
});
