/**
 * A connection to NATS (https://docs.nats.io/reference/reference-protocols/nats-protocol), by `@nats-io/transport-node`,
 * which Deno runs too. The library is loaded when it is first needed.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type { NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node";
import type { NatsOptions } from "./options.ts";

/** Connects; `reconnect` says whether the library does it again by itself. Rejects with a sentence. */
export async function connectNats(options: NatsOptions, reconnect: boolean): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await import("@nats-io/transport-node");
  const { servers, user, password, token, credentials, tls, timeout_ms: timeout } = options;
  const given: NodeConnectionOptions = {
    servers: typeof servers === "string" ? [servers] : [...servers],
    name: "mcpsonde",
    timeout,
    reconnect,
    ...(reconnect ? { maxReconnectAttempts: -1 } : {}),
    ...(user === undefined ? {} : { user, pass: password ?? "" }),
    ...(token === undefined ? {} : { token }),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credentials)) }),
    ...(wantsTls(options) ? { tls: tlsOf(tls) } : {}),
  };
  return await connect(given);
}

function wantsTls({ servers, tls }: NatsOptions): boolean {
  const all = typeof servers === "string" ? [servers] : servers;
  return all.some((server) => server.startsWith("tls://")) || tls.ca !== undefined || tls.cert !== undefined;
}

function tlsOf({ ca, cert, key }: NatsOptions["tls"]): NonNullable<NodeConnectionOptions["tls"]> {
  return {
    ...(ca === undefined ? {} : { caFile: ca }),
    ...(cert === undefined ? {} : { certFile: cert }),
    ...(key === undefined ? {} : { keyFile: key }),
  };
}
