/**
 * The `http_proxy` source: stands before a server that speaks HTTP.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSource, type SourceComponent } from "../../pipeline/component.ts";
import type { Batch, Endpoint } from "../../pipeline/event.ts";
import { policyOption } from "../../pipeline/policy/option.ts";
import { handle } from "./handler.ts";
import { requestJudge } from "./judge.ts";
import { Tee } from "./tee.ts";

/** How often to say that time goes by, in milliseconds. */
const TICK_MS = 500;
const MIB = 1024 * 1024;

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("The server's address: `http://localhost:3000/mcp`."),
  listen: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, { error: 'expected "ADDRESS:PORT"' })
    .default("127.0.0.1:0").describe(
      "Where clients come to; port 0 is any that is free. Addresses other than loopback let others on the network in.",
    ),
  name: z.string().min(1).optional().describe("What to call the server in the policy, besides its address."),
  allow_hosts: z.array(z.string().min(1)).default([]).describe(
    "Names that clients may use in `Host`, besides those of this machine's loopback.",
  ),
  allow_origins: z.array(z.string().min(1)).default([]).describe(
    "Web pages that may use it, by `Origin`, besides those of this machine: `https://app.example`.",
  ),
  queue_bytes: z.int().min(262_144).max(1024 * MIB).default(16 * MIB).describe(
    "How much may wait for the pipeline. What does not fit goes by unseen, and a gap tells of it.",
  ),
  policy: policyOption().optional(),
});

/** Proxies. */
const component: SourceComponent<typeof options> = defineSource({
  type: "http_proxy",
  summary: "A reverse proxy before an MCP server over HTTP; needs no rights.",
  options,
  create: async (settings, context) => {
    const upstream = new URL(settings.url);
    const names = [...(settings.name === undefined ? [] : [settings.name]), upstream.host, upstream.hostname];
    const judge = await requestJudge(settings.policy, names, upstream.pathname);
    const tee = new Tee(context.name, settings.queue_bytes);
    const guard = { hosts: settings.allow_hosts, origins: settings.allow_origins };
    const { hostname, port } = addressOf(settings.listen);
    let server: Deno.HttpServer<Deno.NetAddr>;
    try {
      server = Deno.serve({ hostname, port, onListen: () => {} }, (request, { remoteAddr }) => {
        const client: Endpoint = { address: remoteAddr.hostname, port: remoteAddr.port };
        return handle(request, client, { upstream, guard, judge, tee });
      });
    } catch (error) {
      throw new Error(`Cannot listen on ${settings.listen}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const here = `${hostname}:${server.addr.port}`;
    context.log.info(`http://${here}${upstream.pathname} stands before ${upstream.href}`);
    return proxied(server, tee, context);
  },
});
export default component;

async function* proxied(server: Deno.HttpServer, tee: Tee, { signal }: Context): AsyncGenerator<Batch> {
  signal.addEventListener("abort", () => tee.wake(), { once: true });
  try {
    while (!signal.aborted) yield await tee.take(TICK_MS);
  } finally {
    // open event streams would last for ever
    await Promise.race([server.shutdown(), new Promise((resolve) => setTimeout(resolve, TICK_MS))]);
  }
  yield await tee.take(0);
}

function addressOf(listen: string): { readonly hostname: string; readonly port: number } {
  const at = listen.lastIndexOf(":");
  return { hostname: listen.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(listen.slice(at + 1)) };
}
