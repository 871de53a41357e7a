/**
 * Where a body ends (RFC 9112, section 6.3).
 *
 * @module
 */
import type { Http1Body, Http1Head } from "./types.ts";

/** `bad`: the fields contradict each other. */
export type Framing = "interim" | "raw" | "none" | "length" | "chunked" | "close" | "bad";

/** How the body of a message is framed, and its length if that is known. */
export interface BodyFraming {
  readonly framing: Framing;
  /** Of `length`. */
  readonly length: number;
  /** The content is an event stream. */
  readonly events: boolean;
}

const LENGTH = /^\d{1,15}$/;

/** How the body after this head is framed; `told`: what its receiver knows besides. */
export function framingOf(head: Http1Head, told: Http1Body | undefined): BodyFraming {
  const { status } = head;
  let length = -1, codings = "", events = false;
  for (const field of head.headers) {
    const name = field[0];
    if (name === "content-length") length = readLength(field[1], length);
    else if (name === "transfer-encoding") codings = codings === "" ? field[1] : `${codings},${field[1]}`;
    else if (name === "content-type") events = /^text\/event-stream\b/i.test(field[1]);
  }
  const framing = status !== undefined && status < 200
    ? status === 101 ? "raw" : "interim"
    : told === "tunnel"
    ? "raw"
    : told === "none" || status === 204 || status === 304
    ? "none"
    : fromFields(status !== undefined, length, codings);
  return { framing, length, events };
}

function fromFields(response: boolean, length: number, codings: string): Framing {
  const last = lastCoding(codings);
  if (last === "chunked") return "chunked";
  if (last !== undefined) return response ? "close" : "bad";
  if (Number.isNaN(length)) return "bad";
  if (length > 0) return "length";
  return length === 0 || !response ? "none" : "close";
}

/** The last transfer coding. `identity`, which RFC 2616 had for none (section 3.6), does not count wherever it stands. */
function lastCoding(codings: string): string | undefined {
  if (codings === "" || codings === "chunked") return codings || undefined;
  return codings.split(",").map((coding) => coding.trim().toLowerCase())
    .findLast((coding) => coding !== "" && coding !== "identity");
}

/** The length so far, -1 if there was none, and one more field: NaN if they differ or one is no number. */
function readLength(value: string, before: number): number {
  if (before === -1 && LENGTH.test(value)) return Number(value);
  let length = before;
  for (const part of value.includes(",") ? value.split(",") : [value]) {
    const number = LENGTH.test(part.trim()) ? Number(part) : NaN;
    length = length === -1 || length === number ? number : NaN;
  }
  return length;
}
