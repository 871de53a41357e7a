/** HTTP/1.1 in every shape: in pieces, many messages at once, large, cut off, over IPv6 and UNIX sockets, over TLS. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectHttp, mark } from "./_harness/http_compare.ts";
import { type HttpSent, rawPair } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, type Line, Monitor } from "./_harness/monitor.ts";

const MIB = 1 << 20;
const KINDS = ["tcp4", "tcp6", "mapped", "unix", "tls"];

describe.skipIf(noCapture)("HTTP on the wire", () => {
  let monitor: Monitor;

  beforeAll(async () => {
    monitor = await Monitor.start({ transforms: HTTP });
    await monitor.seesTls();
    return () => monitor[Symbol.asyncDispose]();
  });

  async function see(
    scenario: string,
    kind: string,
    ...args: (string | number)[]
  ): Promise<{ readonly lines: readonly Line[]; readonly truth: readonly HttpSent[] }> {
    const from = await mark(monitor);
    const truth = await rawPair(scenario, kind, ...args);
    const lines = await expectHttp(monitor, from, truth, kind === "tls" ? { tls: "openssl" } : {});
    return { truth, lines };
  }

  it.each(KINDS)("sees answers in JSON, in chunks and as events, over %s", async (kind) => {
    const { lines } = await see("calls", kind);
    expect(lines.every(({ http_transport: http }) => http?.version === "1.1")).toBe(true);
    const { client_address: client, server_address: server } = lines[0]?.http_transport ?? {};
    if (kind === "unix") expect([client, server]).toEqual([undefined, undefined]);
    else {
      const address = kind === "tcp6" ? /^\[::1\]:\d+$/ : /^127\.0\.0\.1:\d+$/;
      expect(client).toMatch(address);
      expect(server).toMatch(address);
      expect(client).not.toBe(server);
    }
  });

  it.each(["tcp4", "tls"])("sees 1 MiB each way over %s", async (kind) => {
    await see("big", kind, MIB);
  });

  it.each(["tcp4", "tls"])("sees requests that were sent together over %s", async (kind) => {
    await see("pipelined", kind);
  });

  it.each(["tcp4", "tls"])("sees requests that were sent in pieces over %s", async (kind) => {
    await see("split", kind);
  });

  it.each(["tcp4", "tls"])("tells two sessions on one connection over %s apart", async (kind) => {
    const { lines } = await see("two_sessions", kind);
    expectOwnAnswers(lines);
  });

  it.each(["tcp4", "tls"])("sees what was said before and after a reset over %s", async (kind) => {
    const { lines } = await see("reset", kind);
    expect(lines.map(({ id }) => id)).toContain(2);
  });

  it.each(["tcp4", "tls"])("sees 100 sessions with the same ids at once over %s", async (kind) => {
    const { lines } = await see("many", kind, 100);
    expectOwnAnswers(lines);
  });
});

/** Each answer repeats what was asked. */
function expectOwnAnswers(lines: readonly Line[]): void {
  const answers = lines.filter(({ type, id }) => type === "response" && id !== 0);
  expect(answers.length).toBeGreaterThan(5);
  for (const { raw = "", request } of answers) {
    expect(request?.params).toMatchObject({ text: JSON.parse(raw).result.content[0].text });
  }
}
