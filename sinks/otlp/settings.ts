/**
 * What the options and the environment come to. Options win.
 *
 * @module
 */
import type { DeliveryOptions } from "../../pipeline/delivery/mod.ts";
import {
  type Environment,
  millis,
  nameOf,
  oneOf,
  resourceEnvironment,
  type SignalEnvironment,
  signalEnvironment,
  value,
  withPath,
} from "./environment.ts";
import { type Options, SIGNAL_NAMES } from "./options.ts";
import type { Target } from "./requests.ts";
import { type Signal, SIGNALS } from "./schema.ts";

/** What the sink does. */
export interface Settings {
  readonly targets: Readonly<Partial<Record<Signal, Target>>>;
  readonly encoding: "json" | "protobuf";
  readonly delivery: DeliveryOptions;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly isDelta: boolean;
  /** Of mcpsonde's own counters, which are observed: `lowmemory` has these cumulative. */
  readonly isOwnDelta: boolean;
  readonly intervalMs: number;
  /** `OTEL_SDK_DISABLED`: nothing is to be sent. */
  readonly isDisabled: boolean;
  /** What an operator should know. */
  readonly warnings: readonly string[];
}

const DEFAULT = "http://localhost:4318";
const PROTOCOLS = ["http/json", "http/protobuf", "grpc"] as const;
/** The port of OTLP over gRPC. */
const GRPC = "4317";

/**
 * Puts together what to do.
 *
 * @throws {Error} that names everything that cannot be done, in a sentence each.
 */
export function settingsOf(options: Options, env: Environment): Settings {
  const problems: string[] = [], warnings: string[] = [];
  const of = (signal: Signal) => signalEnvironment(env, signal, SIGNALS[signal].path, problems);
  const all: Record<Signal, SignalEnvironment> = { traces: of("traces"), metrics: of("metrics"), logs: of("logs") };
  const wanted = options.signals ?? SIGNAL_NAMES.filter((signal) => !all[signal].isOff);
  /** A value that one sink can have only one of. */
  const common = (member: "protocol" | "timeout" | "compression" | "ca" | "cert" | "key", name: string) => {
    const values = new Set(wanted.map((signal) => all[signal][member]));
    if (values.size > 1) {
      const names = wanted.map((signal) => nameOf(signal, name)).join(", ");
      problems.push(
        `${names}: the signals of one sink cannot differ in this. Have one sink for each of them, with "signals"`,
      );
    }
    return wanted[0] === undefined ? undefined : all[wanted[0]][member];
  };

  const protocol = options.encoding === undefined
    ? oneOf(common("protocol", "PROTOCOL"), PROTOCOLS, nameOf(undefined, "PROTOCOL"), problems)
    : undefined;
  if (protocol === "grpc") {
    problems.push(
      `${nameOf(undefined, "PROTOCOL")}: grpc is not spoken here. Set "encoding": "protobuf", and as "endpoint" the ` +
        "receiver's port for HTTP, usually 4318",
    );
  }
  const compression = options.gzip === undefined
    ? oneOf(common("compression", "COMPRESSION"), ["gzip", "none"], nameOf(undefined, "COMPRESSION"), problems)
    : undefined;
  const timeout = options.timeout_ms ?? millis(common("timeout", "TIMEOUT"), nameOf(undefined, "TIMEOUT"), problems);
  const { tls } = options;
  const ca = tls.ca ?? common("ca", "CERTIFICATE");
  const cert = tls.cert ?? common("cert", "CLIENT_CERTIFICATE"), key = tls.key ?? common("key", "CLIENT_KEY");
  if ((cert === undefined) !== (key === undefined)) {
    problems.push(`${nameOf(undefined, "CLIENT_CERTIFICATE")} and ${nameOf(undefined, "CLIENT_KEY")} belong together`);
  }
  const temporality = options.temporality ?? oneOf(
    value(env, nameOf("metrics", "TEMPORALITY_PREFERENCE")),
    ["cumulative", "delta", "lowmemory"],
    nameOf("metrics", "TEMPORALITY_PREFERENCE"),
    problems,
  );
  const interval = options.metrics_interval_ms ??
    millis(value(env, "OTEL_METRIC_EXPORT_INTERVAL"), "OTEL_METRIC_EXPORT_INTERVAL", problems);
  const fromEnvironment = resourceEnvironment(env, problems);
  const targets: Partial<Record<Signal, Target>> = {};
  for (const signal of wanted) targets[signal] = targetOf(signal, options, all[signal], warnings);
  const isDisabled = value(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"));

  const { "service.name": named, ...attributes } = fromEnvironment;
  return {
    targets,
    encoding: options.encoding ?? (protocol === "http/protobuf" ? "protobuf" : "json"),
    delivery: {
      ...options,
      gzip: options.gzip ?? compression !== "none",
      timeout_ms: timeout ?? 10_000,
      tls: { ...tls, ca, cert, key },
    },
    serviceName: options.service_name ?? value(env, "OTEL_SERVICE_NAME") ?? named ?? "mcpsonde",
    resourceAttributes: { ...attributes, ...options.resource_attributes },
    isDelta: temporality === "delta" || temporality === "lowmemory",
    isOwnDelta: temporality === "delta",
    intervalMs: interval ?? 60_000,
    isDisabled: isDisabled || wanted.length === 0,
    warnings,
  };
}

function targetOf(signal: Signal, options: Options, env: SignalEnvironment, warnings: string[]): Target {
  const own = options.endpoints?.[signal];
  const base = options.endpoint === undefined ? undefined : withPath(options.endpoint, SIGNALS[signal].path);
  const url = own ?? base ?? env.url ?? withPath(DEFAULT, SIGNALS[signal].path);
  if (URL.canParse(url) && new URL(url).port === GRPC) {
    const warning = `port ${GRPC} is usually OTLP over gRPC, which is not spoken here; over HTTP it is 4318`;
    if (!warnings.includes(warning)) warnings.push(warning);
  }
  return { url, headers: env.headers };
}
