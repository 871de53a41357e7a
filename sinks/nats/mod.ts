/**
 * The `nats` sink: events as messages of NATS.
 *
 * @module
 */
import { z } from "zod";
import { defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { type DeliveryOptions, deliveryOptions, deliverySink } from "../../pipeline/delivery/mod.ts";
import { nameOf, natsOptions, SUBJECT } from "../../pipeline/nats/options.ts";
import { NatsCarrier } from "./carrier.ts";
import { natsCourier } from "./courier.ts";

const {
  buffer_dir,
  buffer_bytes,
  buffer_age_s,
  when_buffer_full,
  fsync,
  batch_events,
  batch_bytes,
  batch_ms,
  max_record_bytes,
  retry,
  health_check,
  shutdown_ms,
} = deliveryOptions;

const options = z.strictObject({
  ...natsOptions,
  subject: z.string().regex(SUBJECT, "expected a subject such as mcpsonde, without wildcards").default("mcpsonde")
    .describe(
      "Messages are sent to this subject with the kind of event behind it: `mcpsonde.mcp`, `mcpsonde.finding`.",
    ),
  jetstream: z.boolean().default(true).describe(
    "Wait until a stream of JetStream has stored each message; one that comes again is dropped there by its " +
      "`Nats-Msg-Id`. `false`: whoever listens gets it, and if nobody does it is gone.",
  ),
  raw: z.boolean().default(false).describe("Add each message's own text as a string, `raw`."),
  buffer_dir,
  buffer_bytes,
  buffer_age_s,
  when_buffer_full,
  fsync,
  batch_events,
  batch_bytes,
  batch_ms,
  max_record_bytes,
  retry,
  health_check,
  shutdown_ms,
});

/** What delivery asks for besides, none of which means anything to NATS. */
const NOT_HTTP = { gzip: false, concurrency: 1, headers: {}, tls: { insecure: false }, proxy: false } as const;

/** Sends. */
const component: SinkComponent<typeof options> = defineSink({
  type: "nats",
  summary: "Sends events as JSON lines to NATS, by default to a stream of JetStream",
  network: true,
  options,
  create(options, context) {
    const { subject, jetstream, raw } = options;
    const courier = natsCourier({ endpoint: nameOf(options), subject, raw });
    const delivery: DeliveryOptions = { ...options, ...NOT_HTTP };
    return deliverySink(courier, delivery, context, new NatsCarrier(options, jetstream));
  },
});
export default component;
