/** The same messages seen by the kernel and by sensors at both ends: each once, with what each view adds. */
import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { expectSeen } from "./_harness/compare.ts";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, install } from "./_harness/peers.ts";

const INSTALL = 600_000;
const HOOKS = join(REPOSITORY, "hooks");

/** The fields of a line that merge adds. */
interface Merged {
  readonly type?: string;
  readonly source?: string;
  readonly sensor?: {
    readonly sensor: string;
    readonly data: { readonly duration_ms?: number; readonly event: string };
  };
  readonly views?: readonly { readonly source: string }[];
}

describe.skipIf(noCapture)("what kernel and sensors tell of the same calls", () => {
  let monitor: Monitor;
  let peers: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    peers = await install("python1", "typescript1");
    const folder = await Deno.makeTempDir({ prefix: "mcpsonde-merge-" });
    env = { MCPSONDE_SOCKET: join(folder, "events.sock"), MCPSONDE_SPOOL: join(folder, "spool") };
    monitor = await Monitor.start({
      sources: { hooks: { type: "pipe", path: env["MCPSONDE_SOCKET"] } },
      transforms: [{ type: "jsonrpc" }, { type: "merge", window_ms: 10_000, first_ms: 10_000 }],
    });
    return async () => {
      await monitor[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    };
  }, INSTALL);

  function expectMerged(lines: readonly Merged[], sensor: string, least: number): void {
    expect(new Set(lines.map(({ source }) => source))).toEqual(new Set(["kernel"]));
    // What passes before a sensor was heard of lacks its view: Python's tell nothing before the first answer.
    const [, ...others] = lines.map(({ views }) => views?.length ?? 0);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(least);
    expect(new Set(lines.slice(1).map((line) => line.sensor?.sensor))).toEqual(new Set([sensor]));
  }

  it("is one message each where Python's SDK runs with sensors in client and server", async () => {
    const python = join(peers, "python1/venv/bin/python");
    const truth = await hold([python, "-m", "mcpsonde_sensor", join(peers, "python1/client.py")], {
      env: { ...env, PYTHONPATH: join(HOOKS, "python") },
    });
    expectMerged(await expectSeen(monitor, truth, { timeout: 20_000 }), "mcpsonde-python", 1);
  }, 60_000);

  it("is one message each where the TypeScript SDK runs with sensors in client and server", async () => {
    const register = `file://${join(HOOKS, "node/register.mjs")}`;
    const truth = await hold(["node", join(peers, "typescript1/client.mjs")], {
      env: { ...env, NODE_OPTIONS: `--import=${register}` },
    });
    expectMerged(await expectSeen(monitor, truth, { timeout: 20_000 }), "mcpsonde-node", 2);
  }, 60_000);
});
