/** A real NATS server with JetStream, in a temporary folder and on a free port. */
import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { freePort } from "./clickhouse.ts";
import { install } from "./peers.ts";
import { until } from "./process.ts";

/** Why there is none, or false: for `describe.skipIf`. */
export const noNats: string | false = await install("nats").then(() => false as const, (error) => String(error));

/** A server that runs. */
export interface Nats {
  readonly url: string;
  readonly port: number;
  connect(): Promise<NatsConnection>;
  /** Makes a stream that takes these subjects. */
  stream(name: string, ...subjects: string[]): Promise<void>;
  /** How many messages a stream has. */
  count(name: string): Promise<number>;
  /** Stops it; what streams have stays. */
  stop(): Promise<void>;
}

/** Starts one; `dir` is where it stores its streams. */
export async function nats(dir: string, port: number = freePort(), ...args: string[]): Promise<Nats> {
  const program = join(await install("nats"), "nats/usr/sbin/nats-server");
  const child = new Deno.Command(program, {
    args: ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", dir, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `nats://127.0.0.1:${port}`;
  const to = () => connect({ servers: url, user: "writer", pass: "s3cret", timeout: 2000 });
  const ask = async (subject: string, body: unknown): Promise<Record<string, unknown>> => {
    const connection = await to();
    try {
      const answer = await connection.request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 5000 });
      return answer.json();
    } finally {
      await connection.close();
    }
  };
  await until(
    "NATS answers",
    () => to().then((connection) => connection.close()).then(() => true, () => false),
    30_000,
  );
  return {
    url,
    port,
    connect: to,
    async stream(name, ...subjects) {
      const made = await ask(`STREAM.CREATE.${name}`, { name, subjects, storage: "file", retention: "limits" });
      if ("error" in made) throw new Error(JSON.stringify(made["error"]));
    },
    async count(name) {
      const { state } = await ask(`STREAM.INFO.${name}`, {}) as { state?: { messages: number } };
      return state?.messages ?? -1;
    },
    async stop() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
