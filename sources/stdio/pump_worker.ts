/**
 * The thread that moves bytes. It is told once what to do, and sleeps in `poll` from then on.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { closeCopies } from "./copies.ts";
import { loadGate } from "./gate_spec.ts";
import { openLibc } from "./libc.ts";
import { pump } from "./pump.ts";
import type { PumpMessage } from "./server.ts";

self.onmessage = async ({ data: { plan, gate } }: MessageEvent<PumpMessage>) => {
  const libc = openLibc();
  if (libc === undefined) throw new Error("libc is gone");
  closeCopies(libc, plan);
  pump(libc, plan, () => self.postMessage("wake"), await loadGate(gate));
  self.postMessage("end");
};
