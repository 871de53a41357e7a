/** The event-stream parser under any bytes: the same events however they are cut, within the limit. */
import { type SseEvent, SseParser } from "../../protocols/sse/mod.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const SEEDS = [
  'event: message\nid: 1\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n',
  ": ping\r\n\r\nretry: 100\r\ndata: a\r\ndata: \u20ac\u{1f600}\r\n\r\n",
  "\ufeffdata: x\r\rdata\r\rid\rother: y\n\n\n",
  `data: ${"x".repeat(300)}\n\ndata: after\n\n`,
];
const encoder = new TextEncoder();

function parse(bytes: Uint8Array, cut: number, maxEvent: number): { events: SseEvent[]; skipped: number } {
  const events: SseEvent[] = [];
  let skipped = 0;
  const parser = new SseParser((event) => events.push(event), { maxEvent, onSkipped: () => void skipped++ });
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const end = Math.min(bytes.length, at + (cut === 0 ? bytes.length : 1 + (cut * (k + 1) & 31)));
    parser.push(bytes, at, end);
    at = end;
  }
  parser.close();
  return { events, skipped };
}

export default {
  name: "sse",
  seeds: SEEDS.flatMap((seed) => ["\x03", "\x1d"].map((cut) => encoder.encode(cut + seed))),
  run(data) {
    const [cut = 0] = data, text = data.subarray(1);
    const whole = parse(text, 0, 1 << 20), pieces = parse(text, cut, 1 << 20);
    if (JSON.stringify(whole) !== JSON.stringify(pieces)) throw new Error("cutting changes the events");
    const { events } = parse(text, cut, 100);
    if (events.some(({ data }) => data.length > 100)) throw new Error("an event is too large");
    if (events.length > whole.events.length) throw new Error("a limit makes events");
  },
} satisfies FuzzTarget;
