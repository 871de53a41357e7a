/**
 * Nothing is lost of 2,000 MCP calls a second over plain HTTP, a request and an answer each.
 *
 * @module
 */
import { HTTP, Monitor } from "../tests/e2e/_harness/monitor.ts";
import { cpuSeconds, report } from "./_bench.ts";
import { load, peers, seenOf, serve } from "./_load.ts";

const PER_SECOND = 2000, SECONDS = 20, CONNECTIONS = 32;

const peer = await peers();
await using server = await serve(peer.go("serve"));
await using monitor = await Monitor.start({ transforms: HTTP, jsonl: { raw: false } });
const before = cpuSeconds(monitor.pid);
const loaded = await load(peer, server.url("http", "/json"), CONNECTIONS, SECONDS, PER_SECOND);
await monitor.settle();
const cpu = cpuSeconds(monitor.pid) - before;
await monitor.stop();
const { requests, answers, doubled, gaps } = await seenOf(monitor.path, loaded);
const { calls, seconds } = loaded;
const rate = Math.round(calls / seconds);
report("http_calls", [
  {
    what: `${calls.toLocaleString("en")} calls over HTTP at ${
      rate.toLocaleString("en")
    }/s: requests and answers captured`,
    measured: `${requests.toLocaleString("en")} and ${
      answers.toLocaleString("en")
    }, ${doubled} doubled, ${gaps.length} gaps`,
    target: "all",
    ok: requests === calls && answers === calls && doubled === 0 && gaps.length === 0 && rate > 0.95 * PER_SECOND,
  },
  {
    what: "… processor of mcpsonde",
    measured: `${(100 * cpu / seconds).toFixed(1)} % of a core`,
    target: "(told for the record)",
    ok: true,
  },
]);
