/**
 * What capture leaves of a server's throughput over HTTPS: a Python and a Node server that answer the tool calls of `wrk`
 * (of `--go` a Go client) over connections that are kept, with mcpsonde and without, in turns. All share the machine's
 * cores, and capture sees both ends. With `--apart` the server has the first core for itself, and `wrk` and mcpsonde
 * share the second: that shows what the probes cost the server, without who gets a core when.
 *
 * @module
 */
import { HTTP, Monitor } from "../tests/e2e/_harness/monitor.ts";
import type { Server } from "../tests/e2e/_harness/http_peers.ts";
import { type Figure, output, report, spread } from "./_bench.ts";
import { load, loadByWrk, type Loaded, peers, seenOf, serve } from "./_load.ts";

const ROUNDS = 7, SECONDS = 4, CONNECTIONS = 4, LEAST = 0.9;
const GO = Deno.args.includes("--go"), APART = Deno.args.includes("--apart");

const peer = await peers();
const CASES = [
  { what: "uvicorn (OpenSSL, asyncio)", command: peer.python("python1", "http_server.py"), path: "/mcp" },
  {
    what: "Node (OpenSSL within)",
    command: peer.typescript("node", "typescript1/http_server.mjs"),
    path: "/mcp?json",
  },
];

function called(url: string): Promise<Loaded> {
  return GO ? load(peer, url, CONNECTIONS, SECONDS) : loadByWrk(url, CONNECTIONS, SECONDS);
}

async function rate(url: string): Promise<number> {
  const { calls, seconds } = await called(url);
  return calls / seconds;
}

/**
 * Calls a second with a monitor that is seen to capture, and the share of the messages that it wrote. One that is held
 * reads nothing meanwhile, so that the probes alone are measured; its ring has room for all of it.
 */
async function watched(server: Server, url: string, held: boolean): Promise<{ perSecond: number; share: number }> {
  await using monitor = await Monitor.start({ transforms: HTTP, jsonl: { raw: false } });
  for (let seen = false; !seen; seen = monitor.lines().some((line) => line.http_transport?.to_pid === server.pid)) {
    await load(peer, url, 1, 1, 10);
  }
  if (held) monitor.kill("SIGSTOP");
  const loaded = await called(url);
  if (held) monitor.kill("SIGCONT");
  await monitor.settle();
  await monitor.stop();
  // wrk counts answers; as many calls as it has connections may be begun and not be answered, not always the last ones.
  const { requests, answers } = await seenOf(monitor.path, { ...loaded, calls: loaded.calls + CONNECTIONS });
  return { perSecond: loaded.calls / loaded.seconds, share: Math.min(1, (requests + answers) / 2 / loaded.calls) };
}

if (APART) await output("taskset", "-a", "-p", "-c", "1", String(Deno.pid)); // what it starts stays there too
const figures: Figure[] = [];
for (const { what, command, path } of CASES) {
  await using server = await serve(APART ? ["taskset", "-c", "0", ...command] : command);
  const url = server.url("https", path, "localhost");
  await rate(url); // warm
  const ratios: number[] = [], held: number[] = [], bare: number[] = [], shares: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const first = i % 2 ? await rate(url) : undefined;
    const all = await watched(server, url, false), probes = await watched(server, url, true);
    const without = first ?? await rate(url);
    ratios.push(all.perSecond / without);
    held.push(probes.perSecond / without);
    bare.push(without);
    shares.push(all.share, probes.share);
  }
  const { median } = spread(ratios), least = spread(shares).min;
  figures.push({
    what: `HTTPS calls of ${GO ? "a Go client" : "wrk"} to ${what}${
      APART ? " on a core of its own" : ""
    }, with capture against without, median of ${ROUNDS} pairs`,
    measured: `${median.toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(", ")})`,
    baseline: `${Math.round(spread(bare).median).toLocaleString("en")}/s`,
    target: `at least ${LEAST}`,
    ok: median >= LEAST,
  }, {
    what: "… what the probes alone leave, mcpsonde held",
    measured: `${spread(held).median.toFixed(2)} (${held.map((ratio) => ratio.toFixed(2)).join(", ")})`,
  }, {
    what: "… messages seen, the worst round",
    measured: `${(100 * least).toFixed(2)} %`,
    target: "100 %",
    ok: least === 1,
  });
}
report("https", figures);
