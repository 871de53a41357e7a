/**
 * What the `serve` sink can be told.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../../pipeline/component.ts";
import { isListen } from "./listen.ts";

/** Where it listens unless told otherwise. */
export const DEFAULT_LISTEN = "127.0.0.1:7077";

/** The sink's options. */
export const options = z.strictObject({
  listen: z.string().refine(isListen, { error: "expected ADDRESS:PORT, such as 127.0.0.1:7077 or [::1]:7077" }).default(
    DEFAULT_LISTEN,
  ).describe(
    "Address and port. Other addresses than those of this machine (127.0.0.1, ::1, localhost) can be reached from the network: use `tls` there.",
  ),
  token: z.union([z.string().min(16).max(512).regex(/^[\x21-\x7e]+$/), z.literal(false)]).optional().describe(
    "What a reader has to know: at least 16 visible ASCII characters. Default: made at each start and printed with the page's address. `false` lets in every program of this machine, and is refused where other machines can reach it.",
  ),
  store: path().optional().describe(
    "SQLite file to keep what was seen in; what is in it is shown too. Default: kept in memory, until the end.",
  ),
  max_calls: z.int().min(100).max(100_000_000).optional().describe(
    "Calls that are kept at least; the oldest of more are forgotten, with their messages. Default: 100,000 in memory; in a file all.",
  ),
  max_bytes: z.int().min(1_048_576).optional().describe(
    "Bytes that rows may take; the oldest of more are forgotten. Default: 512 MiB in memory; in a file any number.",
  ),
  tokens: z.boolean().default(false).describe(
    "Estimate what each call's arguments and result take in a model's context, in tokens; some 40 µs a message. Definitions are always counted.",
  ),
  baseline: path().optional().describe(
    "The file of accepted tools, for what has changed and to accept it (docs/detect.md, `tool_drift`). Default: none.",
  ),
  allowed_hosts: z.array(z.string().min(1).max(255)).max(100).default([]).describe(
    "Names that requests may ask for (`Host`) besides those of the listening address: `sonde.example.org`, with the port if it is another one.",
  ),
  allowed_origins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/)).max(100).default([]).describe(
    "Sites whose pages may use the API, such as `https://dash.example.org`. Default: none but this page.",
  ),
  tls: z.strictObject({
    cert: path().describe("PEM file of the certificate and those above it."),
    key: path().describe("PEM file of its private key."),
  }).optional().describe("Serves HTTPS."),
  public_metrics: z.boolean().default(false).describe("Lets `/metrics` be read without the token."),
  max_connections: z.int().min(2).max(10_000).default(128).describe("Connections at a time; more are refused."),
  max_streams: z.int().min(1).max(1000).default(32).describe(
    "Readers of `/api/v1/changes` at a time; more are refused.",
  ),
});

/** The options as they are after the check. */
export type ServeOptions = z.output<typeof options>;
