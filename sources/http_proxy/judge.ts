/**
 * Judges the bodies of requests before they reach the server.
 *
 * @module
 */
import {
  compilePolicy,
  denies,
  type PolicyConfig,
  TextJudge,
  tooLongAnswer,
  unclearAnswer,
} from "../../pipeline/policy/mod.ts";

/** Longer bodies are not kept to be judged, and so do not pass. */
const LONGEST = 8 * 1024 * 1024;
const FORM = "application/x-www-form-urlencoded";

/** A body, and whether it passes. */
export interface Judged {
  readonly passes: boolean;
  /** Empty if it was too long. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** What to answer instead; undefined if nothing is. */
  readonly answer?: Uint8Array<ArrayBuffer> | undefined;
}

const EMPTY = new Uint8Array(0);

/** Judges requests. */
export type JudgeRequest = (request: Request) => Promise<Judged>;

/** Makes the judge; undefined if the policy denies nothing. `path`: where the server takes messages. */
export async function requestJudge(
  policy: PolicyConfig | undefined,
  names: readonly string[],
  path: string,
): Promise<JudgeRequest | undefined> {
  if (policy === undefined || policy.dry_run || !denies(policy)) return undefined;
  const judge = new TextJudge(await compilePolicy(policy), names, false);
  return async (request) => {
    const body = await read(request);
    if (body === undefined) return { passes: false, body: EMPTY, answer: tooLongAnswer(LONGEST) };
    if (request.headers.has("content-encoding")) {
      return { passes: false, body, answer: unclearAnswer("its body is compressed") };
    }
    // who asks for a token does so with a form, somewhere else
    const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    const isForm = type === FORM && new URL(request.url).pathname !== path;
    if (isForm && !new TextDecoder().decode(body).includes("jsonrpc")) return { passes: true, body };
    const { passes, answer } = judge.judge(body, 0, body.length);
    return { passes: passes === "pass", body, answer };
  };
}

/** The whole body; undefined if it is too long. */
async function read({ body }: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > LONGEST) return undefined;
    parts.push(part);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
