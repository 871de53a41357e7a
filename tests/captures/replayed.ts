/** A recorded conversation, decoded as a pipeline does it. */
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { Context, TransformComponent } from "../../pipeline/component.ts";
import type { Batch, Event } from "../../pipeline/event.ts";
import replay from "../../sources/replay/mod.ts";
import http from "../../transforms/http/mod.ts";
import jsonrpc from "../../transforms/jsonrpc/mod.ts";
import mcp from "../../transforms/mcp/mod.ts";

const context: Context = {
  name: "captures",
  signal: new AbortController().signal,
  log: { info() {}, warn() {}, error() {} },
  metrics: { dropped() {}, error() {}, set() {} },
};

/** Hands on the events of a conversation that was recorded, one a batch, after `mcp`. */
export async function* replayed(name: string): AsyncGenerator<Event> {
  const path = fileURLToPath(new URL(`${name}.capture`, import.meta.url));
  let batches: AsyncIterable<Batch> = single(await replay.create(replay.options.parse({ path }), context));
  batches = await through(http, batches);
  batches = await through(jsonrpc, batches);
  batches = await through(mcp, batches);
  for await (const batch of batches) yield* batch;
}

async function through<Schema extends z.ZodObject>(
  component: TransformComponent<Schema>,
  batches: AsyncIterable<Batch>,
): Promise<AsyncIterable<Batch>> {
  return (await component.create(component.options.parse({}), context))(batches);
}

async function* single(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) for (const event of batch) yield [event];
}
