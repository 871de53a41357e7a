/** Holds the conversations: real peers, which tests/e2e/peers/install.sh installs. Needs Deno. */
import { commands, Server, talk } from "../e2e/_harness/http_peers.ts";
import { install } from "../e2e/_harness/peers.ts";
import { methodsOf, type Scenario } from "./scenarios.ts";

/** Holds one, to its end. */
export async function play({ peer, revision, transport }: Scenario): Promise<void> {
  const { typescript, python } = commands(await install(peer));
  if (peer === "python2") {
    const mode = revision === "2026-07-28" ? revision : "legacy";
    return void await talk(python(peer, "semantics_client.py", mode));
  }
  const [before, after] = peer === "typescript1" ? [[revision], [transport]] : [[], [transport]];
  const client = (...to: string[]) => typescript("node", `${peer}/semantics_client.mjs`, ...before, transport, ...to);
  const env = { METHODS: JSON.stringify(methodsOf(revision)) };
  if (transport === "stdio") return void await talk(client(), { env });
  await using server = await Server.start(typescript("node", `${peer}/semantics_server.mjs`, ...before, ...after));
  await talk(client(server.url("http", transport === "sse" ? "/sse" : "/mcp")), { env });
}
