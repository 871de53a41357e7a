/** Authorisation over HTTP and HTTPS: what is said of it, and that no sink shows a token. */
import { beforeAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { expectHttp, mark } from "./_harness/http_compare.ts";
import { commands, Server } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { HTTP, Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";

const TOKEN = `secret-${crypto.randomUUID()}`, WRONG = `wrong-${crypto.randomUUID()}`;

describe.skipIf(noCapture)("authorisation over HTTP", () => {
  let monitor: Monitor;
  let server: Server;
  let peer: ReturnType<typeof commands>;

  beforeAll(async () => {
    peer = commands(await install("typescript1"));
    server = await Server.start(peer.typescript("node", "typescript1/http_server.mjs"), { env: { TOKEN } });
    monitor = await Monitor.start({
      transforms: HTTP,
      jsonl: { details: true },
      sinks: { screen: { type: "console", verbose: true } },
    });
    await monitor.seesTls();
    return async () => {
      await Promise.all([monitor, server].map((one) => one[Symbol.asyncDispose]()));
    };
  }, 600_000);

  it.each(["http", "https"])("tells how a client stands with it over %s, and shows no token", async (kind) => {
    const client = peer.typescript("node", "typescript1/http_client.mjs", server.url(kind, "/mcp?auth"));
    const refused = await mark(monitor);
    await expect(server.talk(client)).rejects.toThrow();
    await expect(server.talk(client, { env: { TOKEN: WRONG } })).rejects.toThrow();
    const from = await mark(monitor);
    const lines = await expectHttp(monitor, from, await server.talk(client, { env: { TOKEN } }), {
      tls: kind === "https" ? "openssl" : undefined,
    });
    const auth = {
      scheme: "Bearer",
      credential: `sha256:${createHash("sha256").update(TOKEN).digest("hex").slice(0, 8)}`,
    };
    for (const { http_transport: http } of lines) expect(http?.auth).toMatchObject(auth);
    const challenge = { scheme: "Bearer", params: { realm: "peer" } };
    const answers = monitor.lines().slice(refused, from).filter(({ kind, status }) =>
      kind === "http" && status === 401
    );
    expect(answers.map(({ auth }) => auth)).toMatchObject([{ challenge }, { scheme: "Bearer", challenge }]);
    const file = await Deno.readTextFile(monitor.path);
    expect(monitor.stdout).toContain("tools/call");
    for (const shown of [file, monitor.stdout, monitor.stderr]) {
      expect(shown).not.toContain(TOKEN);
      expect(shown).not.toContain(WRONG);
    }
  });
});
