/**
 * How an HTTP exchange stands with authorisation.
 *
 * @module
 */
import type { HttpExchange, HttpHeaders } from "./event.ts";
import { header, headerAll } from "./http.ts";

/** What a server asks for in `WWW-Authenticate` (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** As sent: `Bearer`. */
  readonly scheme: string;
  /** `resource_metadata`, `error`, `scope` and the like; names in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

/** What was offered in `Authorization`, and what was said to it. */
export interface AuthState {
  /** Of the request's credentials, as sent: `Bearer`. Undefined if it had none, or credentials without a scheme. */
  readonly scheme: string | undefined;
  /** What follows the scheme, as the `http` transform shows it: a hash, unless the user wants credentials in clear. */
  readonly credential: string | undefined;
  /** What the response asks for: `Bearer` if that is among it, else what comes first. */
  readonly challenge: Challenge | undefined;
  /** Of the response, once seen. */
  readonly status: number | undefined;
}

/** Parameters and challenges that are looked at. */
const MOST = 32;
/** A scheme, or a name and its value: RFC 9110, sections 5.6.2, 5.6.4, 11.2. */
const PART = /[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/y;

/** What the `http` transform puts in the place of a credential. */
const HASHED = /^sha256:/;

/** Undefined if neither credentials nor a challenge were seen. */
export function authState({ request, response }: HttpExchange): AuthState | undefined {
  const offered = request === undefined ? undefined : header(request.headers, "authorization");
  const challenge = response === undefined ? undefined : challengeOf(response.headers);
  if (offered === undefined && challenge === undefined) return undefined;
  const space = offered?.indexOf(" ") ?? -1;
  const scheme = space >= 0 ? offered?.slice(0, space) : HASHED.test(offered ?? "") ? undefined : offered;
  return {
    scheme,
    credential: space >= 0 ? offered?.slice(space + 1).trim() : scheme === undefined ? offered : undefined,
    challenge,
    status: response?.status,
  };
}

/** The challenge that matters among the response's. */
export function challengeOf(headers: HttpHeaders): Challenge | undefined {
  const all = headerAll(headers, "www-authenticate").flatMap(challenges);
  return all.find(({ scheme }) => scheme.toLowerCase() === "bearer") ?? all[0];
}

/** The challenges in one header's value; what cannot be read ends them. */
function challenges(value: string): Challenge[] {
  const found: { scheme: string; params: Record<string, string> }[] = [];
  PART.lastIndex = 0;
  for (let parts = 0; parts < MOST; parts++) {
    const part = PART.exec(value);
    if (part === null) break;
    const [, name = "", quoted, token] = part;
    const text = quoted?.replace(/\\(.)/gs, "$1") ?? token;
    if (text === undefined) found.push({ scheme: name, params: {} });
    else {
      const last = found.at(-1);
      if (last !== undefined && name !== "__proto__") last.params[name.toLowerCase()] = text;
    }
  }
  return found;
}
