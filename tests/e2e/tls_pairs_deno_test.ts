/** Real programs over HTTPS, by TLS library: both ends are probed, and each message is seen once. */
import { beforeAll, describe, expect, it } from "vitest";
import { expectHttp, type HttpExpectation, mark } from "./_harness/http_compare.ts";
import { commands, curl, type HttpSent, Server } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, type Line, Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";
import { run, type StartOptions, until } from "./_harness/process.ts";

const INSTALL = 600_000;
const LIST = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`;
const ECHO = `{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"echo","arguments":{"text":"héllo"}}}`;
const BIG = `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"big","arguments":{"size":200000}}}`;

const noCargo = await run(["cargo", "--version"]).then(({ stdout }) => {
  const minor = Number(/^cargo 1\.(\d+)/.exec(stdout)?.[1]);
  return minor >= 78 ? false : `cargo 1.78 is needed to build a program with rustls, and this is ${stdout.trim()}`;
}).catch(() => "no cargo, which builds a program with rustls");

describe.skipIf(noCapture)("MCP over HTTPS", () => {
  let monitor: Monitor;
  let peer: ReturnType<typeof commands>;
  let node: Server, python1: Server, python2: Server, go: Server;

  beforeAll(async () => {
    peer = commands(
      await install(
        "typescript1",
        "python1",
        "python2",
        "gosdk",
        "bun",
        "native",
        "node16",
        ...noCargo ? [] : ["rustls"],
      ),
    );
    // Before the monitor: what it has mapped already must be found.
    node = await Server.start(peer.typescript("node", "typescript1/http_server.mjs"));
    python1 = await Server.start(peer.python("python1", "http_server.py"));
    monitor = await Monitor.start({ transforms: HTTP });
    await monitor.seesTls();
    // After it: what is started must be noticed.
    python2 = await Server.start(peer.python("python2", "http_server.py"));
    go = await Server.start(peer.go("serve"));
    return async () => {
      await Promise.all([monitor, node, python1, python2, go].map((one) => one[Symbol.asyncDispose]()));
    };
  }, INSTALL);

  async function see(
    server: Server,
    client: readonly string[],
    expectation: HttpExpectation,
    options?: StartOptions,
  ): Promise<{ readonly lines: readonly Line[]; readonly truth: readonly HttpSent[] }> {
    const from = await mark(monitor);
    const truth = await server.talk(client, options);
    return { truth, lines: await expectHttp(monitor, from, truth, expectation) };
  }

  const typescript = (runtime: "node" | "deno" | "bun", url: string, ...kind: string[]): string[] =>
    peer.typescript(runtime, "typescript1/http_client.mjs", url, ...kind);

  it.each(["/mcp", "/mcp?json", "/sse"])("sees Node, which has OpenSSL within, at both ends, at %s", async (path) => {
    const kind = { "/mcp": [], "/mcp?json": ["plain"], "/sse": ["sse"] }[path] ?? [];
    const { lines } = await see(node, typescript("node", node.url("https", path), ...kind), { tls: "openssl" });
    expect(lines[0]?.http_transport?.server_address).toBe(`127.0.0.1:${node.port("https")}`);
  });

  it.each(["/mcp", "/sse"])("sees Python's asyncio, whose TLS knows no socket, at both ends, at %s", async (path) => {
    const kind = path === "/sse" ? ["sse"] : [];
    const client = peer.python("python1", "http_client.py", python1.url("https", path, "localhost"), ...kind);
    await see(python1, client, { tls: "openssl" });
  });

  it("sees Python's mcp 2.x", async () => {
    const client = peer.python("python2", "http_client.py", python2.url("https", "/mcp", "localhost"));
    await see(python2, client, { tls: "openssl" });
  });

  it.each([["1", "1.1"], ["", "2"]] as const)(
    "sees Go's crypto/tls at both ends (HTTP1=%s)",
    async (HTTP1, version) => {
      await see(go, peer.go("talk", go.url("h2", "/mcp")), { tls: "go", version }, { env: { HTTP1 } });
    },
  );

  it("sees a Go client and a Node server over HTTP/2", async () => {
    await see(node, peer.go("talk", node.url("h2", "/mcp")), { tls: "any", version: "2" }, { env: { SAMPLE: "1" } });
  });

  it("sees a Node client, and a Go client, of a Python server", async () => {
    const url = python1.url("https", "/mcp", "localhost");
    await see(python1, typescript("node", url, "plain"), { tls: "openssl" });
    await see(python2, peer.go("talk", python2.url("https", "/mcp")), { tls: "any", version: "1.1" });
  });

  it.each([["https", "--http1.1", "1.1"], ["h2", "--http2", "2"]] as const)(
    "sees curl with OpenSSL over %s",
    async (kind, flag, version) => {
      for (const message of [LIST, ECHO, BIG]) {
        await see(node, curl(node.url(kind, "/open", "localhost"), message, flag), { tls: "openssl", version });
      }
    },
  );

  it.each([["https", "1", "1.1"], ["h2", "2", "2"]] as const)(
    "sees libcurl with GnuTLS, opened while the program runs, over %s",
    async (kind, http, version) => {
      const client = peer.gnutls(node.url(kind, "/open?json", "localhost"), http, LIST, ECHO, BIG);
      await see(node, client, { tls: "any", version });
    },
  );

  it("sees OpenSSL 1.1, which Node 16 has within", async () => {
    await see(node, peer.node16(node.url("https", "/open", "localhost"), LIST, ECHO, BIG), { tls: "openssl" });
  });

  it.skipIf(noCargo)("sees rustls, by its symbols, where the other end is not seen", async () => {
    await using deno = await Server.start(peer.typescript("deno", "typescript1/http_server.mjs"));
    const talk = peer.rustls(String(deno.port("https")), "/open?json", LIST, ECHO, BIG);
    await deno.talk(talk); // the first use of a program is what makes mcpsonde search it
    await until(() => `rustls found (${monitor.stderr})`, () => /TLS of .*rustls/.test(monitor.stderr));
    await see(deno, talk, { tls: "rustls" });
  });

  it("sees Bun, whose BoringSSL has no symbols", async () => {
    await see(node, typescript("bun", node.url("https", "/mcp", "localhost")), { tls: "any" });
  });

  it("sees Deno, whose rustls is not seen, at the other end", async () => {
    await see(node, typescript("deno", node.url("https", "/mcp", "localhost")), { tls: "openssl" });
  });
});
