/**
 * The options of everything that connects to NATS.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../component.ts";

const server = z.string().regex(/^(?:(?:nats|tls):\/\/)?[^\s/]+$/, 'expected a server such as "nats://127.0.0.1:4222"');

/** To be spread into a component's options. */
export const natsOptions = {
  servers: z.union([server, z.array(server).min(1)]).default("nats://127.0.0.1:4222").describe(
    "One server or several of a cluster: `nats://host:4222`, or `tls://host:4222`.",
  ),
  user: z.string().min(1).optional().describe("User name."),
  password: z.string().optional().describe("The user's password."),
  token: z.string().min(1).optional().describe("A token in place of a user."),
  credentials: path().optional().describe("A `.creds` file with a user's JWT and key."),
  tls: z.strictObject({
    ca: path().optional().describe("A PEM file with the certificates to trust in place of the system's."),
    cert: path().optional().describe("A PEM file with the client's certificate."),
    key: path().optional().describe("A PEM file with the client's private key."),
  }).prefault({}).describe("Certificates, for `tls://`."),
  timeout_ms: z.number().min(1).default(10_000).describe("How long an answer may take, in milliseconds."),
} as const;

/** A subject, which may end in wildcards (https://docs.nats.io/nats-concepts/subjects). */
export const SUBJECT: RegExp = /^[^\s.*>]+(?:\.[^\s.*>]+)*$/;
/** The same with wildcards. */
export const SUBJECTS: RegExp = /^(?:[^\s.*>]+|\*|>)(?:\.(?:[^\s.*>]+|\*|>))*$/;

/** Checked. */
export type NatsOptions = z.output<z.ZodObject<typeof natsOptions>>;

/** The first server, for messages. */
export function nameOf({ servers }: Pick<NatsOptions, "servers">): string {
  const [first = ""] = typeof servers === "string" ? [servers] : servers;
  const plain = first.replace(/^(nats|tls):\/\//, "").replace(/^[^@]*@/, "");
  return `nats://${plain}`;
}
