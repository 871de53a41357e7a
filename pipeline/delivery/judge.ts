/**
 * What an answer means where its status says all.
 *
 * @module
 */
import type { Answer, Verdict } from "./types.ts";

/** Longest text of an endpoint in a reason, in UTF-16 units. */
const LONGEST = 300;
const decoder = new TextDecoder();

/** What one record that an endpoint cannot read may be answered by, whatever comes with it. */
const ODD: readonly number[] = [400, 422];
/** What is wrong with the endpoint, or with what it knows of us, and not with what was sent. */
const NOT_US: readonly number[] = [401, 403, 404, 405, 407, 408, 421, 425, 429];

/**
 * 2xx is done; 413 is too large. What has nothing to do with the records is tried again, when `Retry-After` (RFC 9110, section
 * 10.2.3) says if it is there: 5xx, 408, 425, 429, and what somebody has to set right: 401, 403, 404, 405, 407, 421, and
 * redirects, which are not followed. All else is rejected: of 400 and 422 the records
 * that are at fault, as far as they can be told. `now` is milliseconds since the epoch.
 */
export function judgeByStatus(answer: Answer, now: number = Date.now()): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: "done" };
  const reason = reasonOf(answer);
  if (status === 413) return { outcome: "too_large", reason };
  if (status >= 400 && status < 500 && !NOT_US.includes(status)) {
    return { outcome: "rejected", reason, apart: ODD.includes(status) };
  }
  return { outcome: "retry", reason, afterMs: retryAfter(answer.headers["retry-after"], now) };
}

/** Milliseconds that a `Retry-After` asks for: a number of seconds or an HTTP date. Undefined of anything else. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Status and the beginning of the body on one line, for the log: `status 400: missing field "ts"`. */
export function reasonOf({ status, headers, body }: Answer): string {
  const to = status >= 300 && status < 400 && headers["location"] ? ` to ${line(headers["location"])}` : "";
  const text = line(decoder.decode(body.subarray(0, 4 * LONGEST)));
  return `status ${status}${to}${text === "" ? "" : `: ${text}`}`;
}

/** On one line, without what a terminal would obey. */
function line(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
