/**
 * A sink of your own: writes a line for each answer that took too long. A pipeline file names it by its path:
 * `"sinks": { "slow": { "type": "./plugins/slow_calls.ts", "ms": 500 } }`
 *
 * @module
 */
import { defineSink, type McpEvent, z } from "@mcpsonde/mcpsonde";

const options = z.strictObject({
  ms: z.number().min(0).default(1000).describe("From how many milliseconds on an answer is slow."),
});

const encoder = new TextEncoder();

export default defineSink({
  type: "slow_calls",
  summary: "Writes a line for each answer that took too long.",
  options,
  create: ({ ms }, { log }) => async (input) => {
    let answers = 0;
    let slow = 0;
    // Asking for the next batch says that this one is done: with an await in the loop, mcpsonde waits for it.
    for await (const batch of input) {
      for (const event of batch) {
        if (event.kind !== "mcp" || event.latency === undefined) continue;
        answers++;
        if (event.latency < ms) continue;
        slow++;
        Deno.stdout.writeSync(encoder.encode(lineOf(event)));
      }
    }
    log.info(`${slow} of ${answers} answers took ${ms} ms or more`);
  },
});

function lineOf({ latency, process, request }: McpEvent): string {
  return `${latency!.toFixed(0).padStart(7)} ms  ${process?.name ?? "?"}  ${request?.method ?? "?"}\n`;
}
