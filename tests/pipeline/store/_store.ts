/** Captures, as events and as stores. */
import { join } from "node:path";
import type { Batch, Event } from "../../../pipeline/event.ts";
import { pipe, source, transform } from "../../../pipeline/mod.ts";
import { Store } from "../../../pipeline/store/store.ts";

/** The repository's folder. */
export const ROOT: string = new URL("../../../", import.meta.url).pathname;

/** A capture's batches behind `mcp` and `detect`. */
export async function batchesOf(capture: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  await pipe(
    source("replay", { path: join(ROOT, capture) }),
    transform("http"),
    transform("jsonrpc"),
    transform("mcp"),
    transform("detect"),
    async (input) => {
      for await (const batch of input) batches.push(batch);
    },
  );
  return batches;
}

/** A store in memory with these. */
export async function storeOf(batches: readonly Batch[], path = ":memory:"): Promise<Store> {
  const store = await Store.open(path);
  for (const batch of batches) store.add(batch);
  return store;
}

/** The events of all batches. */
export function eventsOf(batches: readonly Batch[]): Event[] {
  return batches.flat();
}

/** Works in a folder of its own. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-store-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
