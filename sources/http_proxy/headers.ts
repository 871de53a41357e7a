/**
 * Which header fields pass a proxy.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";

/** Fields that are about one connection (RFC 9110 section 7.6.1), and those of proxies. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The fields without those of the connection, and without those that `Connection` names. */
export function endToEnd(headers: Iterable<readonly [name: string, value: string]>): HttpHeaders {
  const fields = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const named = new Set(
    fields.filter(([name]) => name === "connection")
      .flatMap(([, value]) => value.split(",").map((name) => name.trim().toLowerCase())),
  );
  return fields.filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name));
}

/** Pairs of a flat list of names and values, as Node has it. */
export function pairs(flat: readonly string[]): [name: string, value: string][] {
  const out: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) out.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return out;
}
