/**
 * Credentials in header fields.
 *
 * @module
 */
import { hashed } from "./hash.ts";
import { type HeaderKind } from "./names.ts";
import { hideInAuthority, hideInUrl } from "./urls.ts";

/** Schemes of `Authorization` (IANA's registry, and those in use); what stands before a credential is shown if it is one. */
const SCHEME = new RegExp(
  "^(?:Basic|Bearer|Concealed|Digest|DPoP|GNAP|HOBA|Mutual|Negotiate|NTLM|OAuth|PrivateToken|SCRAM-SHA-1|SCRAM-SHA-256|" +
    "vapid|AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256|AWS|Token|ApiKey|Api-Key|Key|JWT|Hawk|HMAC|GoogleLogin|" +
    "SharedKey|SharedKeyLite|SharedAccessSignature|Signature|SSWS|Splunk|GenieKey|Bot|Sentry|WSSE|MAC)(?=[ \\t]|$)",
  "i",
);
/** In `Sec-WebSocket-Protocol`: the prefix of a token, from OpenAI's and Kubernetes' clients. */
const IN_PROTOCOL = /^(openai-insecure-api-key\.|base64url\.bearer\.authorization\.k8s\.io\.)(.+)$/i;
/** Shortest value of a header that may hold a credential, in characters, and the same if only its name's `-key` says so. */
const SHORTEST = 8;
const SHORTEST_KEY = 16;

/** The value without credentials in clear. */
export function hideInHeader(kind: HeaderKind, name: string, value: string): string {
  switch (kind) {
    case "credential":
      return hideCredential(value);
    case "maybe":
      return looksLikeCredential(name, value) ? hideCredential(value) : value;
    case "cookie":
      return value.split(";").map(hideCookie).join(";");
    case "set-cookie":
      return hideSetCookie(value);
    case "url":
      return hideInUrl(value);
    case "authority":
      return hideInAuthority(value);
    case "protocols":
      return value.split(",").map(hideProtocol).join(",");
  }
}

/** `Bearer x` becomes `Bearer sha256:…`; what has no scheme becomes a hash as a whole. */
function hideCredential(value: string): string {
  const scheme = SCHEME.exec(value)?.[0];
  if (scheme === undefined) return hashed(value);
  const credential = value.slice(scheme.length).trim();
  return credential === "" ? value : `${scheme} ${hashed(credential)}`;
}

/** `name=value` becomes `name=sha256:…`, with the space before it. One without a name is a value: RFC 6265bis section 5.6. */
function hideCookie(cookie: string): string {
  const text = cookie.trimStart();
  const space = cookie.slice(0, cookie.length - text.length);
  const equals = text.indexOf("=");
  return `${space}${text.slice(0, equals + 1)}${hashed(text.slice(equals + 1).trim())}`;
}

/** The attributes after the first `;` stay. */
function hideSetCookie(value: string): string {
  const end = value.indexOf(";");
  return end < 0 ? hideCookie(value) : hideCookie(value.slice(0, end)) + value.slice(end);
}

function hideProtocol(item: string): string {
  const text = item.trimStart();
  const [, prefix, token] = IN_PROTOCOL.exec(text) ?? [];
  if (prefix === undefined || token === undefined) return item;
  return `${item.slice(0, item.length - text.length)}${prefix}${hashed(token.trimEnd())}`;
}

/** False for a word, a number and a sentence: `x-sort-key: name`, `x-use-token: true`. */
function looksLikeCredential(name: string, value: string): boolean {
  const text = value.slice(SCHEME.exec(value)?.[0].length ?? 0).trim();
  const certain = /-(?:token|secret|auth|jwt|credentials|pass)$|api-key$/.test(name);
  if (text.length < (certain ? SHORTEST : SHORTEST_KEY) || /[\s,]/.test(text)) return false;
  return !/^(?:[a-z]+(?:[-_][a-z]+)*|[A-Z][a-z]+|[0-9]+)$/.test(text) || text.length >= 32;
}
