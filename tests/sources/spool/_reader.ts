/** `_reader.ts DIR CHECKPOINT OUT`: follows a spool and adds a line to OUT for each batch: the numbers of its events. */
import type { Context } from "../../../pipeline/component.ts";
import { options } from "../../../sources/spool/options.ts";
import { Spool } from "../../../sources/spool/spool.ts";

const [dir, checkpoint, path] = Deno.args as [string, string, string];
const out = Deno.openSync(path, { append: true, create: true });
const nothing = () => {};
const context: Context = {
  name: "spool",
  signal: new AbortController().signal,
  log: { info: nothing, warn: nothing, error: nothing },
  metrics: { dropped: nothing, error: nothing, set: nothing },
};
const write = (text: string) => out.writeSync(new TextEncoder().encode(text));
write("begin\n");
const spool = new Spool(options.parse({ dir, checkpoint, poll_ms: 20, window_ms: 5, batch_events: 64 }), context);
for await (const batch of spool.batches()) {
  const numbers = batch.map((event) =>
    event.kind === "sensor" ? event.data["n"] : event.kind === "gap" ? `gap:${event.reason}` : "other"
  );
  if (numbers.length > 0) write(`${numbers.join(" ")}\n`);
}
