/**
 * Memory over ten million messages: captured live, decoded and written to a JSONL file that rotates.
 *
 * @module
 */
import { Monitor } from "../tests/e2e/_harness/monitor.ts";
import { type Figure, report, residentMiB, sleep, write } from "./_bench.ts";

const ROUNDS = 10, PER_ROUND = 1_000_000, MOST = 200, GROWTH = 1.1;

await using monitor = await Monitor.start({
  jsonl: { raw: false, rotate_bytes: 256 << 20, rotate_keep: 1, rotate_gzip: false },
});
const after: number[] = [];
let most = 0;
const timer = setInterval(() => most = Math.max(most, residentMiB(monitor.pid, "VmRSS")), 100);
for (let i = 0; i < ROUNDS; i++) {
  await write(PER_ROUND, 250_000);
  await sleep(500);
  after.push(residentMiB(monitor.pid, "VmRSS"));
}
clearInterval(timer);

const early = Math.max(...after.slice(1, 4)), late = Math.max(...after.slice(-3));
report(
  "rss",
  [
    {
      what: `Resident memory, most during ${(ROUNDS * PER_ROUND).toLocaleString("en")} messages`,
      measured: `${most.toFixed(0)} MiB`,
      target: `under ${MOST} MiB`,
      ok: most < MOST,
    },
    {
      what: "… the last three million against the second to fourth",
      measured: `${late.toFixed(0)} MiB to ${early.toFixed(0)} MiB`,
      target: "flat (within 10 %)",
      ok: late < early * GROWTH,
    },
  ] satisfies Figure[],
);
