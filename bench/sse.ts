/**
 * How many events of an event stream the parser reads a second on one core: small JSON-RPC messages, 100 in a write and
 * one in a write, against a plain split of the decoded text in the same run. `deno run -A bench/sse.ts [--json]`
 */
import { SseParser } from "../protocols/sse/mod.ts";
import { report } from "./_bench.ts";

const EVENTS = 500_000, ROUNDS = 7, IN_WRITE = 100;
const event = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\n\n';
const bytes = new TextEncoder().encode(event.repeat(IN_WRITE));
const size = event.length;

let events = 0, characters = 0;

/** Events a second. */
function timed(work: () => void): number {
  events = characters = 0;
  const t = performance.now();
  work();
  const seconds = (performance.now() - t) / 1000;
  if (events !== EVENTS || characters !== EVENTS * 44) throw new Error(`${events} events, ${characters} characters`);
  return EVENTS / seconds;
}

/** `inWrite` events in each write. */
function ours(inWrite: number): number {
  const parser = new SseParser(({ data }) => {
    events++;
    characters += data.length;
  });
  return timed(() => {
    for (let k = 0; k < EVENTS / inWrite; k++) parser.push(bytes, 0, inWrite * size);
  });
}

/** The text split at empty lines, and each part at line ends. Nothing may be cut between writes. */
function plain(inWrite: number): number {
  const decoder = new TextDecoder();
  return timed(() => {
    for (let k = 0; k < EVENTS / inWrite; k++) {
      const text = decoder.decode(bytes.subarray(0, inWrite * size));
      for (const part of text.split("\n\n")) {
        const data: string[] = [];
        for (const line of part.split("\n")) if (line.startsWith("data:")) data.push(line.slice(6));
        if (data.length === 0) continue;
        events++;
        characters += data.join("\n").length;
      }
    }
  });
}

const thousands = (rate: number) => `${(Math.round(rate / 1000) * 1000).toLocaleString("en")}/s`;
report(
  "sse",
  [IN_WRITE, 1].map((inWrite) => {
    const best = { ours: 0, plain: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      best.ours = Math.max(best.ours, ours(inWrite));
      best.plain = Math.max(best.plain, plain(inWrite));
    }
    return {
      what: `SSE events of ${size} bytes, ${inWrite} in a write, one core`,
      measured: `${thousands(best.ours)} (${(best.ours / best.plain).toFixed(1)}×)`,
      baseline: `${thousands(best.plain)}, a plain split`,
      target: "≥ 1,000,000/s",
      ok: best.ours >= 1_000_000,
    };
  }),
);
