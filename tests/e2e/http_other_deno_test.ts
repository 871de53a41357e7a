/** What goes over TCP and is not MCP: nothing of it is shown, and the kernel is told to stop looking. */
import { describe, expect, it, onTestFinished } from "vitest";
import { join } from "node:path";
import type { Context } from "../../pipeline/component.ts";
import type { Event } from "../../pipeline/event.ts";
import ebpf from "../../sources/ebpf/mod.ts";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { run, until } from "./_harness/process.ts";

const SCRIPT = join(REPOSITORY, "tests/e2e/peers/raw/other.py");

/** The `ebpf` source in this process, for its events before any transform and its counters. */
class Capture {
  readonly events: Event[] = [];
  readonly gauges = new Map<string, number>();

  static async start(): Promise<Capture> {
    const capture = new Capture();
    const controller = new AbortController();
    let ready = false;
    const context: Context = {
      name: "kernel",
      signal: controller.signal,
      log: { info: (message) => ready ||= message.includes("capturing"), warn() {}, error() {} },
      metrics: { set: (name, value) => capture.gauges.set(name, value), dropped() {}, error() {} },
    };
    const options = ebpf.options.parse({ own_children: true, tls: false, nice: 0 });
    const done = (async () => {
      for await (const batch of await ebpf.create(options, context)) capture.events.push(...batch);
    })();
    onTestFinished(() => {
      controller.abort();
      return done;
    });
    await until("the capture", () => ready);
    return capture;
  }

  /** A counter, once it is current. */
  async gauge(name: string): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return this.gauges.get(name) ?? 0;
  }

  /** Events about these processes. */
  of(pids: readonly number[]): Event[] {
    return this.events.filter(({ process, peer }) => [process?.pid, peer?.pid].some((pid) => pids.includes(pid ?? 0)));
  }
}

async function talk(scenario: string, count: number): Promise<number[]> {
  const { code, stdout, stderr } = await run(["python3", SCRIPT, scenario, String(count)]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(noCapture)("TCP that is not MCP", () => {
  it.each([["static", 2000], ["json", 2000]] as const)("is rejected in the kernel: %s", async (scenario, count) => {
    const capture = await Capture.start();
    const before = await capture.gauge("streams_rejected");
    const pids = await talk(scenario, count);
    expect(capture.of(pids)).toEqual([]);
    expect(await capture.gauge("streams_rejected")).toBeGreaterThan(before);
    expect(await capture.gauge("ring_bytes_waiting")).toBe(0);
  });

  it.each([["binary", 500], ["text", 500]] as const)("is not shown: %s", async (scenario, count) => {
    const capture = await Capture.start();
    const pids = await talk(scenario, count);
    expect(await capture.gauge("ring_bytes_waiting")).toBe(0);
    expect(capture.of(pids)).toEqual([]);
  });
});
