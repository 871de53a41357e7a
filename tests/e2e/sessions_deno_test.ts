/** Sessions: many, twins, short, handed over, wrapped, and older than the monitor. */
import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { expectSeen } from "./_harness/compare.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, pair, start } from "./_harness/peers.ts";
import { until } from "./_harness/process.ts";

describe.skipIf(noCapture)("kernel capture of sessions", () => {
  let monitor: Monitor;

  beforeAll(async () => {
    monitor = await Monitor.start();
    return () => monitor[Symbol.asyncDispose]();
  });

  it("pairs responses within their own session when two have the same ids at once", async () => {
    const lines = await expectSeen(monitor, await hold(pair("same_ids")));
    for (const { type, raw = "", request } of lines.filter(({ type, id }) => type === "response" && id !== 0)) {
      const asked = JSON.parse(raw).result.content[0].text;
      expect(request, `${type} ${raw}`).toMatchObject({ params: { text: asked } });
    }
  });

  it("pairs a response that comes after six seconds", async () => {
    await expectSeen(monitor, await hold(pair("late", 6)));
  });

  it.each(["client", "server"])("sees the last words of a %s that exits right after them", async (who) => {
    await expectSeen(monitor, await hold(pair("exits_after_writing", who)));
  });

  it("follows a server's stdin and stdout to the child that they were left to", async () => {
    await expectSeen(monitor, await hold(pair("handed_over")));
  });

  it("tells the real server from the shell that wraps it", async () => {
    const lines = await expectSeen(monitor, await hold(pair("wrapped")));
    // The server may be known by its program's name for as long as it has not given itself its own.
    for (const { stdio_transport: ends } of lines) {
      expect(["raw-client", "raw-server", "python3"]).toContain(ends?.from_comm);
      expect(["raw-client", "raw-server", "python3"]).toContain(ends?.to_comm);
    }
  });

  it("sees 200 servers at once", async () => {
    await expectSeen(monitor, await hold(pair("many", 200)), { timeout: 20_000 });
  }, 60_000);

  it("sees 100 sessions one after another", async () => {
    await expectSeen(monitor, await hold(pair("churn", 100)), { timeout: 20_000 });
  }, 60_000);

  it("sees a session that began before it did", async () => {
    const folder = await Deno.makeTempDir();
    const [ready, go] = [join(folder, "ready"), join(folder, "go")];
    const session = await start(pair("attached_later", ready, go));
    await until("the first exchange", () => Deno.stat(ready).catch(() => false));
    await using late = await Monitor.start();
    await Deno.writeTextFile(go, "");
    await session.ended();
    await expectSeen(late, await session.truth());
    await Deno.remove(folder, { recursive: true });
  });
});
