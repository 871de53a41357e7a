/**
 * The thread that moves bytes. It is told once what to do, and sleeps in `poll` from then on.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { loadGate } from "./gate_spec.ts";
import { openLibc } from "./libc.ts";
import { Pump } from "./pump.ts";
import type { PumpMessage } from "./server.ts";

self.onmessage = async ({ data: { plan, gate } }: MessageEvent<PumpMessage>) => {
  const libc = openLibc();
  if (libc === undefined) throw new Error("libc is gone");
  const pump = new Pump(libc, plan, () => self.postMessage("wake"), await loadGate(gate));
  while (!pump.done) pump.step(-1);
  pump.end();
  self.postMessage("end");
};
