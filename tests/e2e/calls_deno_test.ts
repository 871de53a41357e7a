/** Every way in which bytes go through a pipe or a UNIX socket, and every size. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectSeen, pidsOf } from "./_harness/compare.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, install, pair } from "./_harness/peers.ts";

describe.skipIf(noCapture)("kernel capture by system call", () => {
  let monitor: Monitor;
  let peers: string;

  beforeAll(async () => {
    peers = await install("native");
    monitor = await Monitor.start();
    return () => monitor[Symbol.asyncDispose]();
  });

  it.each([
    ["pipe", "write", "read"],
    ["pipe", "writev", "read"],
    ["pipe", "write", "readv"],
    ["pipe", "writev", "readv"],
    ["pipe", "pwritev2", "preadv2"],
    ["pipe", "splice", "read"],
    ["pipe", "splice", "readv"],
    ["socketpair", "write", "read"],
    ["socketpair", "writev", "readv"],
    ["socketpair", "send", "recv"],
    ["socketpair", "sendto", "recvfrom"],
    ["socketpair", "sendmsg", "recvmsg"],
    ["socketpair", "sendmsg", "recvmsg_into"],
    ["one_socketpair", "write", "recv"],
    ["one_socketpair", "sendmsg", "read"],
  ])("sees a session over a %s by %s and %s", async (kind, write, read) => {
    await expectSeen(monitor, await hold(pair("calls", kind, write, read)));
  });

  it.each(["client", "server", "both"])("sees a session with io_uring at an end: %s", async (who) => {
    await expectSeen(monitor, await hold([`${peers}/native/uring`, who]));
  });

  it.each([
    [128 * 1024 + 1, "pipe"],
    [200_000, "socketpair"],
    [1 << 20, "pipe"],
    [1 << 20, "socketpair"],
    [8 << 20, "pipe"],
  ])("sees a request and a response of %d bytes over a %s whole", async (size, kind) => {
    await expectSeen(monitor, await hold(pair("big", size, kind)), { timeout: 20_000 });
  }, 60_000);

  it("tells of a message beyond 8 MiB, and sees those after it", async () => {
    const truth = await hold(pair("big", (8 << 20) + 4096));
    await monitor.settle();
    const lines = monitor.lines();
    const pids = new Set(pidsOf(truth));
    const ids = lines.filter((line) => line.kind === "mcp" && pids.has(line.stdio_transport?.from_pid ?? 0));
    expect(ids.filter(({ id, type }) => id === 3 && type !== "malformed")).toHaveLength(2);
    expect(lines.filter(({ kind }) => kind === "gap").map(({ reason }) => reason)).toContain("too_large");
  }, 60_000);
});
