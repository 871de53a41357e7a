/**
 * What mcpsonde takes while nothing speaks MCP: processor time over 20 s.
 *
 * @module
 */
import { Monitor } from "../tests/e2e/_harness/monitor.ts";
import { cpuSeconds, report, sleep } from "./_bench.ts";

const SECONDS = 20;

await using monitor = await Monitor.start();
await sleep(2000);
const before = cpuSeconds(monitor.pid);
await sleep(SECONDS * 1000);
const percent = 100 * (cpuSeconds(monitor.pid) - before) / SECONDS;
report("idle", [{
  what: "Idle",
  measured: `${percent.toFixed(2)} % of a core`,
  target: "under 1 %",
  ok: percent < 1,
}]);
