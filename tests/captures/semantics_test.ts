/** Recorded conversations of both SDK generations, understood by the transforms. `record.ts` records them anew. */
import { describe, it } from "vitest";
import { Conversation, described } from "./described.ts";
import { expectUnderstood } from "./expected.ts";
import { replayed } from "./replayed.ts";
import { SCENARIOS } from "./scenarios.ts";

describe("mcp, on recorded conversations", () => {
  it.each(Object.keys(SCENARIOS))("understands %s", async (name) => {
    const conversation = new Conversation();
    for await (const event of replayed(name)) {
      const seen = described(event);
      if (seen !== undefined) conversation.add(seen);
    }
    const scenario = SCENARIOS[name];
    if (scenario !== undefined) expectUnderstood(scenario, conversation);
  });
});
