/** What the detectors find in an item, through the transforms as a pipeline has them. */
import type { z } from "zod";
import type { Context, TransformComponent } from "../../pipeline/component.ts";
import { type Batch, type FindingEvent, SEVERITIES, type Severity } from "../../pipeline/event.ts";
import detect from "../../transforms/detect/mod.ts";
import http from "../../transforms/http/mod.ts";
import jsonrpc from "../../transforms/jsonrpc/mod.ts";
import mcp from "../../transforms/mcp/mod.ts";
import { conversation } from "./conversation.ts";
import type { Item } from "./item.ts";

/** Where something milder is expected of benign items: a spelling mistake put right is told, but mildly. */
const LEAST: Readonly<Record<string, Severity>> = { tool_drift: "medium" };

/** Detectors that judge a class under another name. */
const DETECTORS: Readonly<Record<string, readonly string[]>> = {
  secrets: ["secret_leaving"],
  tool_shadowing: ["tool_shadowing", "poisoned_description"],
};

const context: Context = {
  name: "corpus",
  signal: new AbortController().signal,
  log: { info() {}, warn() {}, error() {} },
  metrics: { dropped() {}, error() {}, set() {} },
};

/** What is found in items that counts as a verdict on their class: one pipeline sees them all, each with its own peers. */
export async function verdicts(items: readonly Item[]): Promise<FindingEvent[][]> {
  const found = items.map((): FindingEvent[] => []);
  let current: number | undefined;
  async function* source(): AsyncGenerator<Batch> {
    for (const [index, item] of items.entries()) {
      current = index;
      for (const event of conversation(item, index)) yield [event];
    }
    current = undefined;
  }
  let batches: AsyncIterable<Batch> = source();
  batches = await through(http, batches);
  batches = await through(jsonrpc, batches);
  batches = await through(mcp, batches);
  batches = await through(detect, batches);
  for await (const batch of batches) {
    const item = current === undefined ? undefined : items[current];
    if (item === undefined || current === undefined) continue;
    for (const event of batch) if (event.kind === "finding" && isVerdict(event, item)) found[current]?.push(event);
  }
  return found;
}

function isVerdict({ detector = "", severity }: FindingEvent, item: Item): boolean {
  const names = DETECTORS[item.class] ?? [item.class];
  return names.includes(detector) && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(LEAST[item.class] ?? "low");
}

async function through<Schema extends z.ZodObject>(
  component: TransformComponent<Schema>,
  batches: AsyncIterable<Batch>,
): Promise<AsyncIterable<Batch>> {
  return (await component.create(component.options.parse({}), context))(batches);
}
