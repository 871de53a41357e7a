/**
 * Makes the events of messages whose end has come.
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";
import type { Body } from "./body.ts";
import { uncode } from "./coding.ts";
import type { Direction } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import { event, type Hub } from "./hub.ts";

const NO_HEADERS: HttpHeaders = [];
const EMPTY = new Uint8Array(0);

/** The request is over: whole, or `incomplete` for a reason. */
export function tellRequest(
  hub: Hub,
  direction: Direction,
  exchange: Exchange,
  body: Body | undefined,
  incomplete: string | undefined,
): void {
  exchange.times.requestEnd = direction.time;
  exchange.requestDone = true;
  const { bytes, why } = kept(hub, direction, exchange, exchange.request?.headers, body, incomplete);
  hub.outlet.request(exchange, event("request", direction, exchange, bytes, body?.wireBytes ?? 0, why));
}

/** The response is over. `streams`: only its head, and its events come one by one. */
export function tellResponse(
  hub: Hub,
  direction: Direction,
  exchange: Exchange,
  body: Body | undefined,
  incomplete: string | undefined,
  streams = false,
): void {
  if (streams) {
    return hub.outlet.response(
      exchange,
      event("response", direction, exchange, undefined, 0, incomplete),
      direction.time,
    );
  }
  exchange.times.responseEnd = direction.time;
  exchange.responseDone = true;
  const { bytes, why } = kept(hub, direction, exchange, exchange.response?.headers, body, incomplete);
  const told = event("response", direction, exchange, bytes, body?.wireBytes ?? 0, why);
  hub.outlet.response(exchange, told, direction.time);
}

/** What is shown of a body: decoded, and without credentials. */
function kept(
  hub: Hub,
  direction: Direction,
  exchange: Exchange,
  headers: HttpHeaders | undefined,
  body: Body | undefined,
  incomplete: string | undefined,
): { readonly bytes: Uint8Array | undefined; readonly why: string | undefined } {
  const taken = body === undefined ? EMPTY : body.take();
  if (body !== undefined && taken === undefined) {
    hub.skip(direction, body.lost ?? "too_large", body.wireBytes, 1);
    return { bytes: undefined, why: body.lost };
  }
  if (taken === undefined || (incomplete !== undefined && incomplete !== "reset" && incomplete !== "joined_late")) {
    return { bytes: undefined, why: incomplete }; // a body with holes is of no use
  }
  if (taken.length === 0) return { bytes: taken, why: incomplete };
  const known = headers ?? NO_HEADERS;
  const { bytes, problem } = uncode(hub.options, known, taken, incomplete === "reset");
  if (bytes === undefined) {
    hub.skip(direction, problem ?? "bad_coding", taken.length, 1);
    return { bytes: undefined, why: incomplete ?? problem };
  }
  return { bytes: hub.credentials.body(known, exchange.request?.target, bytes), why: incomplete ?? problem };
}
