/** Real SDKs over plain HTTP: every message seen once, whichever end's bytes it was taken from, and paired. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectHttp, mark } from "./_harness/http_compare.ts";
import { commands, curl, type HttpSent, Server, talk } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, type Line, Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";
import type { StartOptions } from "./_harness/process.ts";

const INSTALL = 600_000;

describe.skipIf(noCapture)("MCP over plain HTTP", () => {
  let monitor: Monitor;
  let peer: ReturnType<typeof commands>;
  let node: Server, python1: Server, python2: Server, go: Server, node2: Server;

  beforeAll(async () => {
    peer = commands(await install("typescript1", "typescript2", "python1", "python2", "gosdk"));
    monitor = await Monitor.start({ transforms: HTTP, ebpf: { tls: false } });
    const servers = [node, node2, python1, python2, go] = await Promise.all([
      Server.start(peer.typescript("node", "typescript1/http_server.mjs")),
      Server.start(peer.typescript("node", "typescript2/http_server.mjs")),
      Server.start(peer.python("python1", "http_server.py")),
      Server.start(peer.python("python2", "http_server.py")),
      Server.start(peer.go("serve")),
    ]);
    return async () => {
      await Promise.all([monitor, ...servers].map((one) => one[Symbol.asyncDispose]()));
    };
  }, INSTALL);

  async function see(
    server: Server,
    client: readonly string[],
    options?: StartOptions,
  ): Promise<{ readonly lines: readonly Line[]; readonly truth: readonly HttpSent[] }> {
    const from = await mark(monitor);
    const truth = await server.talk(client, options);
    return { truth, lines: await expectHttp(monitor, from, truth) };
  }

  it.each(["/mcp", "/mcp?json", "/sse"])("sees the TypeScript SDK 1.x on Node at %s", async (path) => {
    const kind = { "/mcp": [], "/mcp?json": ["plain"], "/sse": ["sse"] }[path] ?? [];
    const { lines } = await see(
      node,
      peer.typescript("node", "typescript1/http_client.mjs", node.url("http", path), ...kind),
    );
    if (path !== "/mcp?json") {
      const special = ["sampling/createMessage", "notifications/message", "notifications/progress"];
      expect(lines.map(({ method }) => method)).toEqual(expect.arrayContaining(special));
    }
    const ended = monitor.lines().filter(({ kind, method }) => kind === "http" && method === "DELETE");
    expect(ended.length).toBeGreaterThan(0);
    expect(lines[0]?.http_transport).toMatchObject({
      from_comm: "node",
      to_comm: "node",
      server_address: `127.0.0.1:${node.port("http")}`,
    });
  });

  it.each(["legacy", "2026-07-28"])("sees the TypeScript SDK 2.x in protocol era %s", async (era) => {
    const { lines } = await see(
      node2,
      peer.typescript("node", "typescript2/http_client.mjs", node2.url("http", "/mcp"), era),
    );
    expect(lines.map(({ method }) => method)).toContain(era === "legacy" ? "initialize" : "server/discover");
    expect(lines.at(-1)?.http_transport?.protocol_version).toBe(era === "legacy" ? "2025-11-25" : era);
  });

  it("says that a header of 2026-07-28 and the body differ", async () => {
    const params = { name: "add", arguments: { a: 1, b: 2 } };
    const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    const version = ["-H", "mcp-protocol-version: 2026-07-28"];
    const headers = [...version, "-H", "mcp-method: tools/call", "-H", "mcp-name: subtract"];
    const { pid } = await talk(curl(node2.url("http", "/mcp"), message, "--no-fail", ...headers));
    await monitor.waitFor("a finding", (lines) => {
      const findings = lines.filter(({ rule }) => rule === "mcp.http.header_mismatch");
      return findings.some(({ process }) => (process as { pid?: number } | undefined)?.pid === pid);
    });
  });

  it("sees the TypeScript SDK as a client on Deno", async () => {
    await see(node, peer.typescript("deno", "typescript1/http_client.mjs", node.url("http", "/mcp")));
  });

  it("sees the TypeScript SDK as a server on Deno", async () => {
    await using deno = await Server.start(peer.typescript("deno", "typescript1/http_server.mjs"));
    await see(deno, peer.typescript("node", "typescript1/http_client.mjs", deno.url("http", "/mcp")));
  });

  it.each(["/mcp", "/sse"])("sees Python's mcp 1.x at %s", async (path) => {
    const kind = path === "/sse" ? ["sse"] : [];
    await see(python1, peer.python("python1", "http_client.py", python1.url("http", path), ...kind));
  });

  it("sees Python's mcp 2.x", async () => {
    const { lines } = await see(python2, peer.python("python2", "http_client.py", python2.url("http", "/mcp")));
    expect(lines.map(({ method }) => method)).toContain("server/discover");
  });

  it.each(["/mcp", "/json", "/sse"])("sees the Go SDK at %s", async (path) => {
    await see(go, peer.go("talk", go.url("http", path)));
  });

  it("sees clients and servers of different languages", async () => {
    await see(node, peer.go("talk", node.url("http", "/mcp")), { env: { SAMPLE: "1" } });
    const url = python1.url("http", "/mcp");
    await see(python1, peer.typescript("node", "typescript1/http_client.mjs", url, "plain"));
    await see(python2, peer.go("talk", python2.url("http", "/mcp")));
  });

  it.each([["ip6", "[::1]"], ["any", "127.0.0.1"], ["any", "[::1]"]])(
    "sees a server that listens on %s, reached at %s",
    async (kind, host) => {
      const { lines } = await see(node, peer.go("talk", node.url(kind, "/mcp", host)));
      expect(lines[0]?.http_transport?.server_address).toBe(`${host}:${node.port(kind)}`);
    },
  );
});
