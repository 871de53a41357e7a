/** Real SDKs over stdio: every message seen once, in order, between the right processes, and paired. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectSeen } from "./_harness/compare.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, install } from "./_harness/peers.ts";

const INSTALL = 600_000;

describe.skipIf(noCapture)("kernel capture of real SDKs", () => {
  let monitor: Monitor;
  let peers: string;

  beforeAll(async () => {
    peers = await install();
    monitor = await Monitor.start();
    return () => monitor[Symbol.asyncDispose]();
  }, INSTALL);

  it("sees all that the TypeScript SDK 1.x and server-everything say", async () => {
    const truth = await hold(["node", `${peers}/typescript1/client.mjs`]);
    const lines = await expectSeen(monitor, truth);
    const methods = new Set(lines.map(({ method }) => method));
    const special = ["sampling/createMessage", "roots/list", "elicitation/create", "notifications/cancelled"];
    expect([...methods]).toEqual(expect.arrayContaining([...special, "notifications/progress", "no/such/method"]));
  });

  it.each(["legacy", "2026-07-28"])("sees all that the TypeScript SDK 2.x says in protocol era %s", async (era) => {
    const truth = await hold(["node", `${peers}/typescript2/client.mjs`, era]);
    const lines = await expectSeen(monitor, truth);
    expect(lines.map(({ method }) => method)).toContain(era === "legacy" ? "initialize" : "server/discover");
  });

  it.each(["python1", "python2", "fastmcp"])("sees all that Python's %s says", async (name) => {
    const truth = await hold([`${peers}/${name}/venv/bin/python`, `${peers}/${name}/client.py`]);
    const lines = await expectSeen(monitor, truth);
    expect(lines.map(({ method }) => method)).toContain("tools/call");
  });

  it("sees all that a Go client and server say", async () => {
    await expectSeen(monitor, await hold([`${peers}/go/pair`]));
  });

  it("sees a server behind npx", async () => {
    const truth = await hold(["node", `${peers}/typescript1/client.mjs`], { env: { SERVER: "npx" } });
    // The client knows npx's pid, not that of the server which npx starts.
    const wrapper = truth[0]?.server;
    const lines = await expectSeen(monitor, truth.map((sent) => ({ ...sent, session: "npx", server: null })));
    expect(lines.map(({ stdio_transport: ends }) => ends?.to_pid)).not.toContain(wrapper);
  }, 60_000);

  it("tells the processes by their names", async () => {
    const truth = await hold([`${peers}/go/pair`]);
    const [line] = await expectSeen(monitor, truth);
    expect(line?.stdio_transport).toMatchObject({ from_comm: "pair", to_comm: "pair" });
  });
});
