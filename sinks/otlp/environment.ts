/**
 * The environment variables of OpenTelemetry: specification 1.55, "SDK environment variables" and "OTLP exporter
 * configuration". An empty value counts as none.
 *
 * @module
 */
import { expectedOneOf } from "../../pipeline/config/nearest.ts";
import type { Signal } from "./schema.ts";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of one signal. */
export interface SignalEnvironment {
  /** As it is; of the general endpoint with the signal's path. */
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string | undefined;
  readonly timeout: string | undefined;
  readonly compression: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** `OTEL_TRACES_EXPORTER` or the like is `none`. */
  readonly isOff: boolean;
}

const EXPORTERS = { traces: "OTEL_TRACES_EXPORTER", metrics: "OTEL_METRICS_EXPORTER", logs: "OTEL_LOGS_EXPORTER" };

/** Reads what concerns a signal. What cannot be read is told in `problems`. */
export function signalEnvironment(
  env: Environment,
  signal: Signal,
  path: string,
  problems: string[],
): SignalEnvironment {
  const of = (name: string) => value(env, nameOf(signal, name)) ?? value(env, nameOf(undefined, name));
  const own = value(env, nameOf(signal, "ENDPOINT")), base = value(env, nameOf(undefined, "ENDPOINT"));
  const url = own ?? (base === undefined ? undefined : withPath(base, path));
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    const name = nameOf(own === undefined ? undefined : signal, "ENDPOINT");
    problems.push(`${name}: expected a URL such as "http://127.0.0.1:4318", not "${own ?? base}"`);
  }
  return {
    url,
    headers: {
      ...pairs(env, nameOf(undefined, "HEADERS"), problems, true),
      ...pairs(env, nameOf(signal, "HEADERS"), problems, true),
    },
    protocol: of("PROTOCOL"),
    timeout: of("TIMEOUT"),
    compression: of("COMPRESSION"),
    ca: of("CERTIFICATE"),
    cert: of("CLIENT_CERTIFICATE"),
    key: of("CLIENT_KEY"),
    isOff: value(env, EXPORTERS[signal])?.toLowerCase() === "none",
  };
}

/** `OTEL_RESOURCE_ATTRIBUTES`. */
export function resourceEnvironment(env: Environment, problems: string[]): Readonly<Record<string, string>> {
  return pairs(env, "OTEL_RESOURCE_ATTRIBUTES", problems, false);
}

/** The variable's value, if it is not empty. */
export function value(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === "" ? undefined : text;
}

/** A number of milliseconds. */
export function millis(text: string | undefined, name: string, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  problems.push(`${name}: expected a number of milliseconds, not "${text}"`);
  return undefined;
}

/** One of some words, in whatever case. */
export function oneOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
  name: string,
  problems: string[],
): Word | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text.toLowerCase());
  if (found === undefined) problems.push(`${name}: ${expectedOneOf(text, words)}, not "${text}"`);
  return found;
}

/** `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; without a signal the general one. */
export function nameOf(signal: Signal | undefined, name: string): string {
  return `OTEL_EXPORTER_OTLP_${signal === undefined ? "" : `${signal.toUpperCase()}_`}${name}`;
}

/** A base URL with a path below it. */
export function withPath(base: string, path: string): string {
  if (!URL.canParse(base)) return base;
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/$/, "") + path;
  return url.href;
}

/** `key=value,key=value`, percent-encoded, as W3C Baggage has it. */
function pairs(env: Environment, name: string, problems: string[], isLower: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of (value(env, name) ?? "").split(",")) {
    if (pair.trim() === "") continue;
    const at = pair.indexOf("=");
    const key = at < 0 ? "" : pair.slice(0, at).trim();
    try {
      const text = decodeURIComponent(pair.slice(at + 1).trim());
      if (key === "" || isLower && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) throw new URIError();
      found[isLower ? key.toLowerCase() : key] = text;
    } catch {
      // not the value, which may be secret
      if (!problems.some((problem) => problem.startsWith(name))) {
        problems.push(`${name}: expected "name=value,name=value", percent-encoded`);
      }
    }
  }
  return found;
}
