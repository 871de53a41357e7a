/**
 * The `http` sink: events to whatever takes JSON over HTTP.
 *
 * @module
 */
import { defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { deliverySink } from "../../pipeline/delivery/mod.ts";
import type { CourierFactory } from "./courier.ts";
import { linesCourier } from "./lines.ts";
import { options, type Preset } from "./options.ts";
import { slackCourier, webhookCourier } from "./presets/alerts.ts";
import { clickhouseCourier } from "./presets/clickhouse.ts";
import { elasticsearchCourier } from "./presets/elasticsearch.ts";
import { lokiCourier } from "./presets/loki.ts";
import { splunkCourier } from "./presets/splunk_hec.ts";

const COURIERS: Readonly<Record<Preset, CourierFactory>> = {
  loki: lokiCourier,
  elasticsearch: elasticsearchCourier,
  opensearch: elasticsearchCourier,
  splunk_hec: splunkCourier,
  clickhouse: clickhouseCourier,
  slack: slackCourier,
  webhook: webhookCourier,
};

/** Those that document that they take compressed bodies. */
const COMPRESSED: ReadonlySet<Preset> = new Set(["loki", "elasticsearch", "opensearch", "splunk_hec", "clickhouse"]);

/** Sends. */
const component: SinkComponent<typeof options> = defineSink({
  type: "http",
  summary: "Sends events over HTTP: as JSON, by a template, or as Loki, Splunk and others want",
  network: true,
  options,
  create(options, context) {
    const courier = options.preset === undefined ? linesCourier : COURIERS[options.preset];
    const { gzip = options.preset !== undefined && COMPRESSED.has(options.preset) } = options;
    return deliverySink(courier(options, context), { ...options, gzip }, context);
  },
});
export default component;
