/** The HTTP/1 parser under any bytes: the order of its calls, its ranges, its counts. */
import type { Http1Body } from "../../protocols/http1/mod.ts";
import { Watcher } from "../protocols/http1/_watch.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const SEEDS = [
  "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET http://h/ HTTP/1.0\r\nA: b\r\n c\r\n\r\n",
  "CONNECT h:1 HTTP/1.1\r\n\r\nrawPUT / HTTP/1.1\nTransfer-Encoding: gzip, chunked\n\n3;a=b\nabc\n0\nX: y\n\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" +
  "Transfer-Encoding: chunked\r\n\r\n1a\r\nevent: message\ndata: one\n\n\r\n9\r\ndata: x\n\n\r\n0\r\nT: u\r\n\r\n",
  "HTTP/1.1 204 No\r\n\r\nHTTP/1.0 200 OK\r\n\r\nuntil close",
  "data: late\r\n\r\n9\r\n: ping\n\n\r\nid: 1\nretry: 2\nHTTP/1.1 101 Up\r\n\r\nraw\r\n",
];
const encoder = new TextEncoder();
const BODIES: (Http1Body | undefined)[] = [undefined, undefined, undefined, "none", "tunnel"];

export default {
  name: "http1",
  // The first byte says how to cut, the second what to lose.
  seeds: SEEDS.flatMap((seed) => [`\0\0${seed}`, `\x03\0${seed}`, `\x13\x25${seed}`].map((s) => encoder.encode(s))),
  run(data) {
    const [cut = 0, lose = 0] = data, text = data.subarray(2);
    for (const kind of ["request", "response"] as const) {
      let told = 0;
      const watcher = new Watcher(kind, () => BODIES[told++ % BODIES.length], { maxHead: 300, maxHeaders: 6 });
      for (let at = 0, k = 0; at < text.length; k++) {
        const size = cut === 0 ? text.length : 1 + (cut * (k + 1) & 31);
        if (lose > 0 && k % lose === lose - 1) watcher.parser.lose(1 + (k & 15));
        watcher.push(text.subarray(at, at + size));
        at += size;
      }
      watcher.close((cut & 1) === 1);
      if (watcher.messages.some(({ end }) => end === "open")) throw new Error("left open");
      const bytes = watcher.messages.reduce((sum, { body }) => sum + body.length, watcher.raws.length);
      const all = watcher.skips.reduce((sum, [skipped]) => sum + skipped, bytes);
      if (all > text.length) throw new Error(`${all} bytes told of ${text.length}`);
      watcher.push("GET / HTTP/1.1\r\n\r\nHTTP/1.1 204 OK\r\n\r\n").close();
    }
  },
} satisfies FuzzTarget;
