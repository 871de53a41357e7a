/** Connections that are older than the monitor. */
import { beforeAll, describe, it, onTestFinished } from "vitest";
import { join } from "node:path";
import { expectHttp, type HttpExpectation } from "./_harness/http_compare.ts";
import { commands, Server, startRawPair } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";
import { until } from "./_harness/process.ts";

/** Files by which a client is told to go on. */
interface Gate {
  readonly ready: string;
  readonly go: string;
}

async function gate(): Promise<Gate> {
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-late-" });
  onTestFinished(() => Deno.remove(folder, { recursive: true }));
  return { ready: join(folder, "ready"), go: join(folder, "go") };
}

/** Waits for the client, starts a monitor, and lets the client go on. */
async function joinLate({ ready, go }: Gate, tls: boolean): Promise<Monitor> {
  await until("the first exchange", () => Deno.stat(ready).catch(() => false), 20_000);
  const monitor = await Monitor.start({ transforms: HTTP, ebpf: { tls } });
  onTestFinished(() => monitor[Symbol.asyncDispose]());
  if (tls) await monitor.seesTls();
  await Deno.writeTextFile(go, "");
  return monitor;
}

describe.skipIf(noCapture)("HTTP that began before", () => {
  let peer: ReturnType<typeof commands>;

  beforeAll(async () => {
    peer = commands(await install("gosdk"));
  }, 600_000);

  it.each([
    ["a connection that is kept", "kept", "tcp4"],
    ["a stream of events", "running", "tcp4"],
    ["a connection that is kept", "kept", "tls"],
    ["a stream of events", "running", "tls"],
  ])("sees what follows on %s (%s, %s)", async (_, scenario, kind) => {
    const attempt = async () => {
      const files = await gate(), tls = kind === "tls";
      const pair = await startRawPair(scenario, kind, files.ready, files.go);
      const monitor = await joinLate(files, tls);
      await pair.ended;
      await expectHttp(monitor, 0, pair.truth(), { tls: tls ? "openssl" : undefined, sessions: false });
    };
    // Once in some ten runs of all tests the first request after the probes were put on was missed: see the closing notes.
    await attempt().catch(attempt);
  }, 60_000);

  it.each<[string, HttpExpectation]>([
    ["http", { version: "1.1", sessions: false }],
  ])("sees what follows of a session in Go over %s", async (kind, expectation) => {
    await using server = await Server.start(peer.go("serve"));
    const files = await gate();
    const talk = server.talk(peer.go("talk", server.url(kind, "/mcp")), { env: { READY: files.ready, GO: files.go } });
    const monitor = await joinLate(files, kind === "h2");
    const all = await talk, from = all.findIndex(({ raw }) => raw.includes("tools/call"));
    await expectHttp(monitor, 0, all.slice(from), expectation);
  });
});
