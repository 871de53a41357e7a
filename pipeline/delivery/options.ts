/**
 * The options that every sink that sends over a network has.
 *
 * @module
 */
import { z } from "zod";
import { path } from "../component.ts";

const MIB = 1024 * 1024;
const DAY_S = 86_400;

const tls = z.strictObject({
  ca: path().optional().describe("A PEM file with the certificates to trust in place of the system's."),
  cert: path().optional().describe("A PEM file with the client's certificate, and what stands above it."),
  key: path().optional().describe("A PEM file with the client's private key."),
  server_name: z.string().min(1).optional().describe("The name that the certificate has to be for, if not the URL's."),
  insecure: z.boolean().default(false).describe(
    "Take any certificate. Whoever stands in between can then read and change all; told at every start.",
  ),
}).refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
  message: "`cert` and `key` belong together",
});

const retry = z.strictObject({
  initial_ms: z.number().min(1).default(500).describe("How long to wait after the first failure, in milliseconds."),
  max_ms: z.number().min(1).default(30_000).describe("The wait doubles with every failure up to so many milliseconds."),
  jitter: z.number().min(0).max(1).default(0.5).describe(
    "The part of each wait that is left to chance, so that many senders do not come back together.",
  ),
});

/** To be spread into the options of a network sink: `z.strictObject({ url: …, ...deliveryOptions })`. */
export const deliveryOptions = {
  buffer_dir: path().optional().describe(
    "The folder of the disk buffer, in which events wait until they are delivered. One sink has it for itself. By " +
      "default `mcpsonde/buffer/NAME` in `$XDG_STATE_HOME` or `~/.local/state`, NAME being the sink's.",
  ),
  buffer_bytes: z.int().min(MIB).default(1024 * MIB).describe("How large the disk buffer may become, in bytes."),
  buffer_age_s: z.number().min(1).default(7 * DAY_S).describe(
    "Records that wait for longer than so many seconds are dropped, and counted.",
  ),
  when_buffer_full: z.enum(["block", "drop_oldest", "drop_newest"]).default("block").describe(
    "What happens when the buffer, or the disk, is full: `block` holds up the pipeline, so that nothing is lost; the " +
      "others drop the records that have waited longest or those that come, count them, and say so in the log.",
  ),
  fsync: z.union([z.enum(["none", "batch"]), z.int().min(1)]).default("none").describe(
    "When to wait for the disk: never (a crash of mcpsonde loses nothing, a crash of the machine may), after each " +
      "batch, or every so many milliseconds.",
  ),
  batch_events: z.int().min(1).max(100_000).default(1000).describe("How many records are sent at once at most."),
  batch_bytes: z.int().min(1024).max(64 * MIB).default(4 * MIB).describe(
    "How many bytes of records are sent at once at most; one that is larger is sent alone.",
  ),
  batch_ms: z.number().min(0).default(1000).describe("How long a record waits for others, in milliseconds."),
  max_record_bytes: z.int().min(1024).max(64 * MIB).default(16 * MIB).describe(
    "A record beyond so many bytes is dropped, and counted.",
  ),
  gzip: z.boolean().default(true).describe("Compress what is sent."),
  concurrency: z.int().min(1).max(32).default(1).describe(
    "How many requests are under way at once at most. With more than 1 they may arrive in another order.",
  ),
  timeout_ms: z.number().min(1).default(30_000).describe("How long an answer may take, in milliseconds."),
  retry: retry.prefault({}).describe(
    "How to try again what failed in a way that may pass (no connection, no answer in time, status 408, 429 and 5xx) or " +
      "that somebody may set right (401, 403, 404). A `Retry-After` of the endpoint is obeyed. It is tried until " +
      "`buffer_age_s`.",
  ),
  headers: z.record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is no name of a header"),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, "is no value of a header"),
  )
    .default({}).describe("Headers to add to each request, such as `authorization`; `${ENV}` works in values."),
  tls: tls.prefault({}).describe("Certificates, for `https`."),
  proxy: z.union([
    z.url({ protocol: /^https?$/, error: "expected the URL of an HTTP proxy, such as http://proxy:3128, or false" }),
    z.literal(false),
  ]).optional().describe(
    "The URL of an HTTP proxy; `false` for none. By default what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and " +
      "`NO_PROXY` say.",
  ),
  health_check: z.boolean().default(true).describe(
    "Try the endpoint at the start, and warn if it does not answer. The sink goes on either way.",
  ),
  shutdown_ms: z.number().min(0).default(5000).describe(
    "When the pipeline ends: how long to go on sending while the endpoint takes nothing, and after Ctrl-C at most, in " +
      "milliseconds. What is left stays in the buffer for the next run.",
  ),
} as const;

/** Their shape, checked. */
export type DeliveryOptions = z.output<z.ZodObject<typeof deliveryOptions>>;
