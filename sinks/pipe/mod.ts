/**
 * The `pipe` sink: hands messages to a mcpsonde that listens.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSink, path, type SinkComponent } from "../../pipeline/component.ts";
import type { Sink } from "../../pipeline/stage.ts";
import { Connection } from "./connection.ts";
import { lineOf } from "./line.ts";

const options = z.strictObject({
  path: path().describe("The UNIX socket of a `pipe` source."),
});

/** Hands on. */
const component: SinkComponent<typeof options> = defineSink({
  type: "pipe",
  summary: "Hands messages to a mcpsonde that listens on a UNIX socket",
  options,
  create: ({ path }, context) => pipeSink(path, context),
});
export default component;

function pipeSink(path: string, { log, metrics }: Context): Sink {
  return async (input) => {
    const connection = new Connection(path);
    const component = `default/${crypto.randomUUID()}`;
    let sequence = 0, told = false;
    try {
      for await (const batch of input) {
        let text = "", lines = 0;
        for (const event of batch) {
          if (event.kind !== "mcp") continue;
          const line = lineOf(event, { component, sequence });
          if (line === undefined) continue;
          text += line;
          lines++;
          sequence++;
        }
        if (lines === 0 || await connection.write(text)) continue;
        metrics.dropped("nobody_listens", lines);
        if (!told) log.warn(`nobody listens at ${path} any more: messages are dropped until somebody does`);
        told = true;
      }
    } finally {
      await connection.close();
    }
  };
}
