/**
 * What answers mean, where a status may be the user's mistake rather than the records'.
 *
 * @module
 */
import { type Answer, judgeByStatus, reasonOf, type Verdict } from "../../pipeline/delivery/mod.ts";

/** How long to leave an endpoint alone that somebody has to mend first, in milliseconds. */
export const MEND_MS = 30_000;

/**
 * Wrong credentials, a wrong address: the records are kept, as they are as good as before once that is mended. `hint` says
 * what to look at.
 */
export function mend(answer: Answer, hint: string): Verdict {
  return { outcome: "retry", reason: `${reasonOf(answer)}; ${hint}`, afterMs: MEND_MS };
}

/**
 * By the status: credentials and address may be mended (401, 403, 407; 404, 405, 406, 410, 415 and redirects); what is refused for
 * its content (400, 422 and other 4xx) is sent again in smaller parts, so that one bad record does not take others along.
 */
export function judge(answer: Answer, records: readonly number[]): Verdict {
  const { status } = answer;
  if (status === 401 || status === 403 || status === 407) return mend(answer, "check the credentials");
  if (status === 406 || status === 415) return mend(answer, "check `content_type` and `gzip`");
  if (status === 404 || status === 405 || status === 410 || status >= 300 && status < 400) {
    return mend(answer, "check the URL");
  }
  const verdict = judgeByStatus(answer);
  return verdict.outcome === "rejected" ? { ...verdict, apart: records.length > 1 } : verdict;
}

/** The body of an answer as JSON; undefined if it is none. */
export function jsonOf({ body, cut }: Answer): unknown {
  if (cut) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
