/**
 * Options of the `nats` source.
 *
 * @module
 */
import { z } from "zod";
import { natsOptions, SUBJECTS } from "../../pipeline/nats/options.ts";

const MIB = 1024 * 1024;
/** Names of streams and consumers (https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin/naming). */
const NAME = /^[^\s.*>/\\]{1,64}$/;

/** What may be set. */
export const options = z.strictObject({
  ...natsOptions,
  subject: z.string().regex(SUBJECTS, "expected a subject such as mcpsonde.> or mcpsonde.mcp").default("mcpsonde.>")
    .describe("Which messages: those that sinks of the type `nats` send to `mcpsonde`, by default."),
  stream: z.string().regex(NAME, "is no name of a stream").optional().describe(
    "Read a stream of JetStream, from its beginning the first time: nothing is lost while this end is away. Without it, " +
      "only what is sent while it listens is seen.",
  ),
  consumer: z.string().regex(NAME, "is no name of a consumer").default("mcpsonde").describe(
    "With `stream`: the name under which the server remembers how far was read.",
  ),
  max_waiting_bytes: z.int().min(65_536).default(32 * MIB).describe(
    "Without `stream`: how much may wait for the pipeline. What does not fit is lost, and told in a gap event.",
  ),
  batch_events: z.int().min(1).max(65_536).default(1024).describe("Messages handed on at once."),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
