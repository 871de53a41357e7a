/**
 * What an answer means where its status says all.
 *
 * @module
 */
import type { Answer, Verdict } from "./types.ts";

/** Longest text of an endpoint in a reason, in UTF-16 units. */
const LONGEST = 300;
const decoder = new TextDecoder();

/**
 * 2xx is done; 408, 425, 429 and 5xx but 501 and 505 are tried again, when `Retry-After` (RFC 9110, section 10.2.3) says if it
 * is there; 413 is too large; all else is rejected, redirects among it: they are not followed. `now` is milliseconds since the epoch.
 */
export function judgeByStatus(answer: Answer, now: number = Date.now()): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: "done" };
  const reason = reasonOf(answer);
  if (status === 413) return { outcome: "too_large", reason };
  const passes = status === 408 || status === 425 || status === 429 ||
    status >= 500 && status !== 501 && status !== 505;
  if (!passes) return { outcome: "rejected", reason };
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
