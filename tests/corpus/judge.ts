/** What the detectors find in an item, through the transforms as a pipeline has them. */
import type { z } from "zod";
import type { Context, TransformComponent } from "../../pipeline/component.ts";
import { type Batch, type Event, type FindingEvent, SEVERITIES, type Severity } from "../../pipeline/event.ts";
import detect from "../../transforms/detect/mod.ts";
import http from "../../transforms/http/mod.ts";
import jsonrpc from "../../transforms/jsonrpc/mod.ts";
import mcp from "../../transforms/mcp/mod.ts";
import { conversation } from "./conversation.ts";
import type { Item } from "./item.ts";

/** Where something milder is expected of benign items: a spelling mistake put right is told, but mildly. */
const LEAST: Readonly<Record<string, Severity>> = { tool_drift: "medium" };

/** Detectors that judge a class under another name. */
const DETECTORS: Readonly<Record<string, readonly string[]>> = { secrets: ["secret_leaving"] };

const context: Context = {
  name: "corpus",
  signal: new AbortController().signal,
  log: { info() {}, warn() {}, error() {} },
  metrics: { dropped() {}, error() {}, set() {} },
};

/** All that is found in an item. */
export async function findings(item: Item): Promise<FindingEvent[]> {
  let batches: AsyncIterable<Batch> = batched(conversation(item));
  batches = await through(http, batches);
  batches = await through(jsonrpc, batches);
  batches = await through(mcp, batches);
  batches = await through(detect, batches);
  const found: FindingEvent[] = [];
  for await (const batch of batches) {
    for (const event of batch) if (event.kind === "finding") found.push(event);
  }
  return found;
}

/** Those of them that count as a verdict on the item's class. */
export async function verdicts(item: Item): Promise<FindingEvent[]> {
  const names = DETECTORS[item.class] ?? [item.class];
  const least = SEVERITIES.indexOf(LEAST[item.class] ?? "low");
  return (await findings(item)).filter(({ detector, severity }) => {
    return detector !== undefined && names.includes(detector) && SEVERITIES.indexOf(severity) >= least;
  });
}

async function through<Schema extends z.ZodObject>(
  component: TransformComponent<Schema>,
  batches: AsyncIterable<Batch>,
): Promise<AsyncIterable<Batch>> {
  return (await component.create(component.options.parse({}), context))(batches);
}

async function* batched(events: readonly Event[]): AsyncGenerator<Batch> {
  for (const event of events) yield [event];
}
