/**
 * What formats and presets have in common.
 *
 * @module
 */
import type { Courier, OutgoingRequest } from "../../pipeline/delivery/mod.ts";
import type { Context } from "../../pipeline/component.ts";
import type { HttpOptions } from "./options.ts";

/** Makes the courier of a format or preset. */
export type CourierFactory = (options: HttpOptions, context: Context) => Courier;

/** What a request says besides its records. */
export interface Envelope {
  readonly url: string;
  readonly method: "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
}

/** The indexes of so many records. */
export function indexes(records: readonly unknown[]): number[] {
  return Array.from(records, (_, k) => k);
}

/** A request that carries these records. */
export function request(
  envelope: Envelope,
  records: readonly number[],
  body: Uint8Array,
  judge: NonNullable<OutgoingRequest["judge"]>,
): OutgoingRequest {
  return { ...envelope, records, body, judge };
}

/**
 * Of a request that carries one record: receivers that know it drop repeats by it
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header).
 */
export function idempotencyKey(id: string): { readonly "idempotency-key": string } {
  return { "idempotency-key": `"${id}"` };
}
