/** Events of every kind, as recorded. */
import { fileURLToPath } from "node:url";
import { pipe, source, transform } from "../../../mod.ts";
import type { Batch } from "../../../pipeline/event.ts";

/** What the recording of this name in `examples/` decodes to, findings included. */
export async function recorded(name: string): Promise<Batch[]> {
  const path = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  const batches: Batch[] = [];
  await pipe(
    source("replay", { path }),
    transform("http"),
    transform("jsonrpc"),
    transform("mcp"),
    transform("detect"),
    transform("redact"),
    async (input) => {
      for await (const batch of input) batches.push(batch);
    },
  );
  return batches;
}
