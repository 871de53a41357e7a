/** Content codings and HTTP/2: what stands in the body is what the server compressed. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectHttp, mark } from "./_harness/http_compare.ts";
import { commands, curl, Server } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";

const LIST = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`;
const STEPS = JSON.stringify({
  jsonrpc: "2.0",
  id: "steps",
  method: "tools/call",
  params: { name: "steps", arguments: { count: 5, ms: 20 }, _meta: { progressToken: "p" } },
});
const BIG = `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"big","arguments":{"size":1048576}}}`;

describe.skipIf(noCapture)("HTTP bodies", () => {
  let monitor: Monitor;
  let server: Server;
  let peer: ReturnType<typeof commands>;

  beforeAll(async () => {
    peer = commands(await install("typescript1"));
    monitor = await Monitor.start({ transforms: HTTP, ebpf: { tls: false } });
    server = await Server.start(peer.typescript("deno", "typescript1/http_server.mjs")); // Node 20 has no zstd
    return async () => {
      await Promise.all([monitor, server].map((one) => one[Symbol.asyncDispose]()));
    };
  }, 600_000);

  it.each(["gzip", "deflate", "br", "zstd"])(
    "reads answers in JSON and in events that are coded in %s",
    async (coding) => {
      for (const path of [`/open?json&coding=${coding}`, `/open?coding=${coding}`]) {
        for (const message of [LIST, STEPS, BIG].slice(path.includes("json") ? 0 : 1)) {
          const from = await mark(monitor);
          const url = server.url("http", path);
          const truth = await server.talk(curl(url, message, "--compressed", "-H", `accept-encoding: ${coding}`));
          await expectHttp(monitor, from, truth);
        }
      }
    },
  );

  it("shows events as they come, also coded ones, not when the stream ends", async () => {
    const message = STEPS.replace(`"count":5,"ms":20`, `"count":3,"ms":700`);
    const from = await mark(monitor);
    const talk = server.talk(curl(server.url("http", "/open?coding=gzip"), message, "--compressed"));
    let over = false;
    talk.then(() => over = true);
    await monitor.waitFor("the first event", (lines) => {
      return lines.slice(from).some(({ method }) => method === "notifications/progress");
    });
    expect(over).toBe(false);
    await expectHttp(monitor, from, await talk);
  });

  it("reads HTTP/2 in the clear, with prior knowledge", async () => {
    for (const message of [LIST, STEPS, BIG]) {
      const from = await mark(monitor);
      const truth = await server.talk(curl(server.url("h2c", "/open"), message, "--http2-prior-knowledge"));
      await expectHttp(monitor, from, truth, { version: "2" });
    }
  });
});
