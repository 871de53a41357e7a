/**
 * Nothing is lost, and how much of a core it takes: messages of 300 bytes over a pipe, as fast as it goes and at
 * 50,000 a second, captured by the kernel source with its default ring into a JSONL file on disk.
 *
 * @module
 */
import { Monitor } from "../tests/e2e/_harness/monitor.ts";
import { cpuSeconds, type Figure, landed, report, sleep, write, type Written } from "./_bench.ts";

const FULL_SPEED = 1_000_000, PACED = 1_500_000, PER_SECOND = 50_000, MAX_CPU = 15;

async function capture(count: number, perSecond?: number): Promise<{ figure: Figure; cpu: number; written: Written }> {
  await using monitor = await Monitor.start({ jsonl: { raw: false } });
  await sleep(500);
  const before = cpuSeconds(monitor.pid);
  const written = await write(count, perSecond);
  await settled(monitor.path);
  const cpu = cpuSeconds(monitor.pid) - before;
  await monitor.stop();
  const { messages, different, gaps } = await landed(monitor.path, written);
  const rate = Math.round(count / written.seconds).toLocaleString("en");
  const figure = {
    what: `Live, ${count.toLocaleString("en")} × ${written.bytes} B at ${rate}/s: messages captured`,
    measured: `${different.toLocaleString("en")}, ${messages - different} doubled, ${gaps.length} gaps`,
    target: `all ${count.toLocaleString("en")}`,
    ok: different === count && messages === count && gaps.length === 0,
  };
  return { figure, cpu, written };
}

/** Waits until the file has stopped growing. */
async function settled(path: string): Promise<void> {
  for (let last = -1, same = 0; same < 5;) {
    const { size } = await Deno.stat(path);
    same = size === last ? same + 1 : 0;
    last = size;
    await sleep(100);
  }
}

const full = await capture(FULL_SPEED);
const paced = await capture(PACED, PER_SECOND);
const percent = 100 * paced.cpu / paced.written.seconds;
report("live", [
  full.figure,
  {
    what: "… processor time a message at full speed",
    measured: `${(full.cpu / FULL_SPEED * 1e6).toFixed(2)} µs`,
    target: "(told for the record)",
    ok: true,
  },
  paced.figure,
  {
    what: "… processor of mcpsonde at 50,000/s",
    measured: `${percent.toFixed(1)} % of a core`,
    target: `under ${MAX_CPU} %`,
    ok: percent < MAX_CPU,
  },
]);
