/** The live page's server as a user starts it: its addresses, its end, a real Prometheus, real MCP. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openRemoteFeed } from "../../pipeline/feed/remote.ts";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { hold, pair } from "./_harness/peers.ts";
import { mcpsonde, run, Said, until } from "./_harness/process.ts";
import { noPrometheus, prometheus, promtoolCheck } from "./_harness/prometheus.ts";

const DEMO = join(REPOSITORY, "examples/demo.capture");
const TOKEN = "a-token-for-tests-0123456789";

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-serve-" });
  onTestFinished(() => Deno.remove(path, { recursive: true }));
  return path;
}

interface Serving {
  /** With the token, if it was printed. */
  readonly address: string;
  readonly origin: string;
  readonly token: string;
  readonly stderr: Said;
  readonly child: Deno.ChildProcess;
  stop(): Promise<number>;
}

/** Starts a command that serves, and waits until it does. */
async function serving(args: readonly string[], env: Record<string, string> = {}): Promise<Serving> {
  const [program = "", ...rest] = mcpsonde(...args);
  const child = new Deno.Command(program, {
    args: rest,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1", ...env },
  }).spawn();
  const stderr = new Said(child.stderr);
  let ended: number | undefined;
  void child.status.then(({ code }) => ended = code);
  onTestFinished(() => {
    if (ended === undefined) child.kill("SIGKILL");
  });
  await until(() => `the page's address (${stderr.text})`, () => {
    if (ended !== undefined) throw new Error(`it ended with ${ended}: ${stderr.text}`);
    return /the page is at \S+\n/.test(stderr.text);
  }, 60_000);
  const address = /the page is at (\S+)/.exec(stderr.text)?.[1] ?? "";
  const url = new URL(address);
  return {
    address,
    origin: url.origin,
    token: url.hash.replace("#token=", ""),
    stderr,
    child,
    async stop() {
      child.kill("SIGINT");
      const { code } = await child.status;
      await stderr.done;
      return code;
    },
  };
}

async function failing(...args: string[]): Promise<{ code: number; stderr: string }> {
  const [program = "", ...rest] = mcpsonde(...args);
  const { code, stderr } = await run([program, ...rest], { env: { NO_COLOR: "1" } });
  return { code, stderr };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("mcpsonde serve FILE", { timeout: 120_000 }, () => {
  it("shows a capture to who has the token, and ends in good order while the page is open", async () => {
    const { origin, token, address, stderr, stop } = await serving(["serve", DEMO, "--listen", "127.0.0.1:0"]);
    expect(token).toMatch(/^[\w-]{32}$/);
    const page = await fetch(origin);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    await page.body?.cancel();
    const refused = await fetch(`${origin}/api/v1/calls`);
    expect(refused.status).toBe(401);
    await refused.body?.cancel();
    const feed = await openRemoteFeed({ url: address });
    expect(feed.title).toBe(`demo.capture at ${new URL(origin).host}`);
    expect((await feed.calls({ filter: "method:tools/call" })).rows.length).toBeGreaterThan(3);
    const stream = await fetch(`${origin}/api/v1/changes`, bearer(token));
    const reading = stream.text();
    const began = performance.now();
    expect(await stop(), stderr.text).toBe(0);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(await reading).toMatch(/^retry: 1000\nid: /);
    expect(stderr.text).not.toMatch(/\n\s+at /);
  });

  it("takes the token from a file, which it makes for its owner only", async () => {
    const file = join(await folder(), "made/token");
    const first = await serving(["serve", DEMO, "--listen", "127.0.0.1:0", "--token-file", file]);
    expect(first.stderr.text).toContain(`it asks for the token in ${file}`);
    expect([first.address.includes("#"), (await Deno.stat(file)).mode! & 0o777]).toEqual([false, 0o600]);
    const token = (await Deno.readTextFile(file)).trim();
    const answer = await fetch(`${first.origin}/api/v1/about`, bearer(token));
    expect((await answer.json()).live).toBe(false);
    expect(await first.stop()).toBe(0);
    await Deno.chmod(file, 0o644);
    const { code, stderr } = await failing("serve", DEMO, "--token-file", file);
    expect([code, stderr]).toEqual([1, `mcpsonde: ${file} can be read by others: chmod 600 ${file}\n`]);
  });

  it("says in a sentence what is wrong", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = `127.0.0.1:${taken.addr.port}`;
    const wrong: readonly (readonly [args: string[], code: number, expected: RegExp])[] = [
      [
        ["--listen", address],
        1,
        new RegExp(`^mcpsonde: ${address} is taken by \\S+\\[${Deno.pid}\\]: choose another port`),
      ],
      [["--listen", "nonsense"], 2, /listen: expected ADDRESS:PORT, such as 127.0.0.1:7077/],
      [["--listen", "192.0.2.1:0"], 1, /192.0.2.1:0 is no address of this machine/],
      [["--listen", "0.0.0.0:0", "--no-token"], 1, /token: false lets in everybody who reaches 0.0.0.0:0/],
      [["--no-token", "--token-file", "x"], 2, /--no-token and --token-file exclude each other/],
      [["--store", "x"], 2, /--store is for what is seen now/],
    ];
    for (const [args, code, expected] of wrong) {
      const ended = await failing("serve", DEMO, ...args);
      expect(ended.stderr).toMatch(expected);
      expect([args, ended.code, ended.stderr.includes("    at ")]).toEqual([args, code, false]);
    }
    const missing = await failing("serve", "/none.capture");
    expect([missing.code, missing.stderr.split("\n").length]).toEqual([1, 2]);
  });
});

describe("the serve sink in a pipeline", { timeout: 120_000 }, () => {
  it.skipIf(noPrometheus)("is read by a real Prometheus", async () => {
    const dir = await folder();
    const pipeline = join(dir, "p.json");
    const config = {
      // the pipe keeps it running
      sources: { file: { type: "replay", path: DEMO }, hooks: { type: "pipe", path: join(dir, "socket") } },
      transforms: ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type })),
      sinks: { page: { type: "serve", listen: "127.0.0.1:0", token: TOKEN } },
    };
    await Deno.writeTextFile(pipeline, JSON.stringify(config));
    const { origin, stop, stderr } = await serving(["--pipeline", pipeline]);
    const feed = await openRemoteFeed({ url: origin, token: TOKEN });
    await until("all calls", async () => (await feed.calls({ limit: 1000 })).rows.length >= 10, 30_000);
    const text = await (await fetch(`${origin}/metrics`, bearer(TOKEN))).text();
    expect(await promtoolCheck(text)).toBe("");
    const scraper = await prometheus(new URL(origin).host, TOKEN);
    try {
      await until("a scrape", async () => (await scraper.target()).health === "up", 30_000);
      const value = async (query: string) => (await scraper.query(query))[0]?.value;
      const calls = (await feed.calls({ limit: 1000 })).rows.filter(({ outcome }) => outcome !== undefined).length;
      await until("calls", async () => await value("sum(mcpsonde_calls_total)") === calls, 30_000);
      expect(await value('sum(mcp_client_operation_duration_seconds_bucket{le="+Inf"})')).toBe(calls);
      const quantile = "histogram_quantile(0.95, sum by (le) (mcp_client_operation_duration_seconds_bucket))";
      expect(await value(quantile)).toBeGreaterThan(0);
      expect(await value('mcpsonde_node_received_events_total{node="sinks.page"}')).toBeGreaterThan(0);
      expect(await value('mcpsonde_build_info{job="mcpsonde"}')).toBe(1);
      const series = (await scraper.query('count({job="mcpsonde"})'))[0]?.value ?? 0;
      expect(series).toBeLessThan(1000);
    } finally {
      await scraper.stop();
    }
    expect(await stop(), stderr.text).toBe(0);
  });

  it("says where in the file the mistakes are", async () => {
    const pipeline = join(await folder(), "p.json");
    const page = { type: "serve", listen: "nonsense", token: "short", max_cals: 7 };
    const config = { sources: { file: { type: "replay", path: DEMO } }, sinks: { page } };
    await Deno.writeTextFile(pipeline, JSON.stringify(config));
    const { code, stderr } = await failing("--pipeline", pipeline);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 3]);
    expect(stderr).toMatch(/listen: expected ADDRESS:PORT/);
    expect(stderr).toMatch(/max_cals: unknown option; .*did you mean "max_calls"\?/);
  });
});

describe.skipIf(noCapture)("mcpsonde serve", { timeout: 120_000 }, () => {
  it("shows real MCP as it happens, and keeps it in a file", async () => {
    const dir = await folder();
    const store = join(dir, "store.sqlite");
    const state = { XDG_STATE_HOME: join(dir, "state") };
    const { address, stderr, stop } = await serving([
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--store",
      store,
      "--comm",
      "raw-client",
    ], state);
    await until(() => `"capturing" on stderr (${stderr.text})`, () => stderr.text.includes("capturing"), 30_000);
    const feed = await openRemoteFeed({ url: address });
    expect(typeof feed.accept).toBe("function");
    const left = new AbortController();
    const seen = new Set<string>();
    const reading = (async () => {
      for await (const change of feed.changes(left.signal)) {
        if (change.type === "calls") {
          for (const { method, outcome } of change.rows) seen.add(`${method} ${outcome}`);
        }
      }
    })();
    const truth = await hold(pair("calls", "pipe", "write", "read", 5));
    await until(
      "all messages",
      async () => (await feed.messages({ limit: 1000 })).rows.length === truth.length,
      30_000,
    );
    await until("a change", () => seen.has("tools/call ok"), 30_000);
    const [server] = await feed.servers();
    expect(server?.process?.pid).toBe(truth[0]?.server);
    expect((await feed.health())?.nodes.some(({ node }) => node === "sinks.page")).toBe(true);
    left.abort();
    await reading;
    expect(await stop(), stderr.text).toBe(0);
    expect((await Deno.stat(store)).mode! & 0o777).toBe(0o600);
    const again = await serving(["serve", store, "--listen", "127.0.0.1:0"]);
    const stored = await openRemoteFeed({ url: again.address });
    expect((await stored.messages({ limit: 1000 })).rows.length).toBe(truth.length);
    expect(await again.stop()).toBe(0);
  });
});
