import { describe, expect, it } from "vitest";
import { options } from "../../../sinks/otlp/options.ts";
import { settingsOf } from "../../../sinks/otlp/settings.ts";

const settings = (given: Record<string, unknown>, env: Record<string, string> = {}) =>
  settingsOf(options.parse(given), env);

describe("the settings", () => {
  it("are OTLP's own where nothing is said", () => {
    expect(settings({})).toMatchObject({
      targets: {
        traces: { url: "http://localhost:4318/v1/traces" },
        metrics: { url: "http://localhost:4318/v1/metrics" },
        logs: { url: "http://localhost:4318/v1/logs" },
      },
      encoding: "json",
      delivery: { gzip: true, timeout_ms: 10_000, tls: {} },
      serviceName: "mcpsonde",
      isDelta: false,
      intervalMs: 60_000,
      isDisabled: false,
      warnings: [],
    });
  });

  it("come from the environment", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector:8443/base/",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://logs/in",
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, X-Tenant = one",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "api-key=traces",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_TIMEOUT: "1500",
      OTEL_EXPORTER_OTLP_COMPRESSION: "none",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/cert.pem",
      OTEL_EXPORTER_OTLP_CLIENT_KEY: "/key.pem",
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "Delta",
      OTEL_METRIC_EXPORT_INTERVAL: "5000",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=ignored,deployment.environment.name=prod%2C1",
      OTEL_SERVICE_NAME: "sonde-7",
    };
    expect(settings({}, env)).toMatchObject({
      targets: {
        traces: { url: "https://collector:8443/base/v1/traces", headers: { "api-key": "traces", "x-tenant": "one" } },
        metrics: { url: "https://collector:8443/base/v1/metrics", headers: { "api-key": "a b", "x-tenant": "one" } },
        logs: { url: "https://logs/in" },
      },
      encoding: "protobuf",
      delivery: { gzip: false, timeout_ms: 1500, tls: { ca: "/ca.pem", cert: "/cert.pem", key: "/key.pem" } },
      serviceName: "sonde-7",
      resourceAttributes: { "deployment.environment.name": "prod,1" },
      isDelta: true,
      intervalMs: 5000,
    });
  });

  it("come from the options first", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://other:1",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_COMPRESSION: "none",
      OTEL_EXPORTER_OTLP_TIMEOUT: "1",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_SERVICE_NAME: "other",
    };
    const given = {
      endpoint: "http://mine:4318",
      endpoints: { logs: "http://logs/x" },
      encoding: "json",
      gzip: true,
      timeout_ms: 20,
      signals: ["logs", "traces"],
      service_name: "mine",
    };
    expect(settings(given, env)).toMatchObject({
      targets: { traces: { url: "http://mine:4318/v1/traces" }, logs: { url: "http://logs/x" } },
      encoding: "json",
      delivery: { gzip: true, timeout_ms: 20 },
      serviceName: "mine",
    });
    expect(settings(given, env).targets.metrics).toBeUndefined();
  });

  it("leave out what the environment switches off", () => {
    expect(Object.keys(settings({}, { OTEL_METRICS_EXPORTER: "none" }).targets)).toEqual(["traces", "logs"]);
    expect(settings({}, { OTEL_SDK_DISABLED: "true" }).isDisabled).toBe(true);
  });

  it("refuse grpc by a sentence", () => {
    expect(() => settings({}, { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toThrow(
      'OTEL_EXPORTER_OTLP_PROTOCOL: grpc is not spoken here. Set "encoding": "protobuf", and as "endpoint" the receiver\'s port for HTTP, usually 4318',
    );
    expect(settings({ endpoint: "http://127.0.0.1:4317" }).warnings).toEqual([
      "port 4317 is usually OTLP over gRPC, which is not spoken here; over HTTP it is 4318",
    ]);
  });

  it("tell all mistakes at once, and no secret", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
      OTEL_EXPORTER_OTLP_HEADERS: "secret",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/jsom",
      OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
      OTEL_EXPORTER_OTLP_COMPRESSION: "zstd",
      OTEL_EXPORTER_OTLP_CLIENT_KEY: "/key.pem",
      OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: "/a.pem",
    };
    let message = "";
    try {
      settings({}, env);
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    const expected = [
      'OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL such as "http://127.0.0.1:4318", not "collector:4318"',
      'OTEL_EXPORTER_OTLP_HEADERS: expected "name=value,name=value", percent-encoded',
      'did you mean "http/json"?',
      'OTEL_EXPORTER_OTLP_TIMEOUT: expected a number of milliseconds, not "soon"',
      "OTEL_EXPORTER_OTLP_COMPRESSION: expected one of gzip, none",
      "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY belong together",
      "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE, OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE, OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE",
    ];
    for (const text of expected) expect(message).toContain(text);
    expect(message.split("\n")).toHaveLength(expected.length);
    expect(message).not.toContain("secret");
  });
});
