/**
 * From records to requests: one for each signal, in it a part for each resource.
 *
 * @module
 */
import type { BufferedRecord, OutgoingRequest } from "../../pipeline/delivery/mod.ts";
import { judge } from "./answer.ts";
import type { Encoding, Part } from "./encoding.ts";
import { openRecord } from "./record.ts";
import type { Signal } from "./schema.ts";
import type { Scope } from "./types.ts";

/** Where a signal goes. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Growing {
  readonly encoding: Encoding;
  readonly signal: Signal;
  readonly records: number[];
  readonly parts: Map<number, { readonly resource: Uint8Array; readonly items: Uint8Array[] }>;
}

/** Makes requests. Records of a signal that goes nowhere any more get none, nor do such as are none. */
export function requestsOf(
  records: readonly BufferedRecord[],
  targets: Readonly<Partial<Record<Signal, Target>>>,
  scope: Scope,
): OutgoingRequest[] {
  const growing = new Map<string, Growing>();
  let last: Growing | undefined;
  for (let k = 0; k < records.length; k++) {
    const record = openRecord(records[k]!.bytes);
    if (record === undefined) continue;
    const { encoding, signal, key, resource, item } = record;
    if (last?.signal !== signal || last.encoding !== encoding) {
      const name = `${encoding.name} ${signal}`;
      last = growing.get(name);
      if (last === undefined) growing.set(name, last = { encoding, signal, records: [], parts: new Map() });
    }
    last.records.push(k);
    const part = last.parts.get(key);
    if (part === undefined) last.parts.set(key, { resource, items: [item] });
    else part.items.push(item);
  }
  const requests: OutgoingRequest[] = [];
  for (const { encoding, signal, records, parts } of growing.values()) {
    const target = targets[signal];
    if (target === undefined) continue;
    const all: Part[] = [...parts.values()];
    requests.push({ ...post(encoding, signal, target, scope, all), records });
  }
  return requests;
}

/** A request without its records. */
export function post(
  encoding: Encoding,
  signal: Signal,
  { url, headers }: Target,
  scope: Scope,
  parts: readonly Part[],
): Omit<OutgoingRequest, "records"> {
  return {
    url,
    method: "POST",
    headers: { "content-type": encoding.contentType, ...headers },
    body: encoding.join(signal, encoding.encode("InstrumentationScope", scope), parts),
    judge: (answer) => judge(answer, signal),
  };
}
