/** Child of bench/serve.ts: how long answers take with so many calls stored; prints JSON. */
import type { Batch } from "../pipeline/event.ts";
import { LocalFeed } from "../pipeline/feed/local.ts";
import { Store } from "../pipeline/store/store.ts";
import { options as schema } from "../sinks/serve/options.ts";
import { startServer } from "../sinks/serve/server.ts";
import { Conversation, decoded } from "../tests/sinks/serve/_conversation.ts";

const calls = Number(Deno.args[0]), TOKEN = "a-token-for-the-benchmark";
const talk = new Conversation();
const chunks: Batch[] = [...talk.hello()];
for (let id = 3; id < calls + 3; id++) {
  const path = `/srv/files/${id}`;
  chunks.push(
    ...talk.call(id, `tool${id % 50}`, { path, n: id }, `what stands in the file ${path}, ${"x".repeat(100)}`),
  );
}
const store = await Store.open(":memory:");
const batches = await decoded(chunks);
for (let k = 0; k < batches.length; k += 500) store.add(batches.slice(k, k + 500).flat());
const log = { info: () => {}, warn: () => {}, error: (message: string) => tell(2, message) };
const server = await startServer({
  feed: new LocalFeed(store, { title: "benchmark" }),
  options: schema.parse({ listen: "127.0.0.1:0", token: TOKEN }),
  live: true,
  log,
});

async function ask(path: string, times = 1): Promise<number> {
  let best = Infinity;
  for (let k = 0; k < times; k++) {
    const began = performance.now();
    const response = await fetch(`${server.url}api/v1/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

const [last] = store.calls({ limit: 1 }).rows;
const to = (last?.time ?? 0) + 1;
const first = await ask("calls?limit=100"), again = await ask("calls?limit=100", 20);
const rates = await ask(`rates?from=${to - 1e6}&to=${to}&step=10000`, 5),
  text = await ask("calls?filter=text:nothing", 5);
tell(1, JSON.stringify({ first, again, rates, text }));
Deno.exit(0);

function tell(descriptor: 1 | 2, text: string): void {
  const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}
