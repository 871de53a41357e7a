/**
 * What `transforms/mcp` takes of a message, on the capture of bench/decode.ts: the transform alone, timed batch by batch,
 * against parsing each message by JSON.parse. `deno run -A bench/mcp.ts [--json]`
 */
import { join } from "node:path";
import type { Event } from "../pipeline/event.ts";
import { source } from "../mod.ts";
import { Decoder } from "../transforms/jsonrpc/decoder.ts";
import { options as decoding } from "../transforms/jsonrpc/options.ts";
import { Follower } from "../transforms/mcp/follower.ts";
import { options as following } from "../transforms/mcp/options.ts";
import { report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 200_000, ROUNDS = 8;
/** Batches of which one is parsed: it takes long. */
const PARSED = 8;
const decoder = new TextDecoder();

const folder = await Deno.makeTempDir({ prefix: "mcpsonde-mcp-" });
try {
  const path = join(folder, "capture");
  writeCapture(path, MESSAGES);
  const best = { follow: Infinity, parse: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    const decode = new Decoder(decoding.parse({})), follower = new Follower(following.parse({}));
    let follow = 0, parse = 0, followed = 0, parsed = 0, batches = 0;
    for await (const chunks of source("replay", { path })) {
      const batch = decode.decode(chunks);
      const started = performance.now();
      follower.run(batch);
      follow += performance.now() - started;
      followed += batch.length;
      if (++batches % PARSED !== 0) continue;
      parse += parsing(batch);
      parsed += batch.length;
    }
    follower.end();
    best.follow = Math.min(best.follow, follow / followed);
    best.parse = Math.min(best.parse, parse / parsed);
  }
  const nanos = (millis: number) => `${Math.round(millis * 1e6)} ns`;
  report("mcp", [{
    what: "Sessions and calls: a message through mcp",
    measured: nanos(best.follow),
    baseline: `${nanos(best.parse)}, JSON.parse of it`,
    target: "≤ 600 ns",
    ok: best.follow <= 600e-6,
  }]);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Milliseconds to parse all messages of a batch. */
function parsing(batch: readonly Event[]): number {
  const started = performance.now();
  for (const event of batch) {
    if (event.kind === "mcp") JSON.parse(decoder.decode(event.buffer.subarray(event.start, event.end)));
  }
  return performance.now() - started;
}
