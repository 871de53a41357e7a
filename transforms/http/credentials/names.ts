/**
 * The names under which credentials travel.
 *
 * @module
 */

/** How a header holds a credential. */
export type HeaderKind = "credential" | "maybe" | "cookie" | "set-cookie" | "url" | "authority" | "protocols";

/** Headers whose value is a credential, or holds some, whatever it looks like. */
const HEADERS: ReadonlyMap<string, HeaderKind> = new Map<string, HeaderKind>([
  ["authorization", "credential"],
  ["proxy-authorization", "credential"],
  ["x-api-key", "credential"],
  ["api-key", "credential"],
  ["token", "credential"],
  ["dpop", "credential"], // RFC 9449
  ["x-auth", "credential"],
  ["apikey", "credential"],
  ["x-apikey", "credential"],
  ["x-goog-api-key", "credential"],
  ["x-functions-key", "credential"],
  ["ocp-apim-subscription-key", "credential"],
  ["x-auth-token", "credential"],
  ["x-subject-token", "credential"],
  ["x-vault-token", "credential"],
  ["x-amz-security-token", "credential"],
  ["x-amz-sso_bearer_token", "credential"],
  ["private-token", "credential"],
  ["job-token", "credential"],
  ["deploy-token", "credential"],
  ["x-access-token", "credential"],
  ["x-id-token", "credential"],
  ["x-refresh-token", "credential"],
  ["x-auth-key", "credential"],
  ["x-jwt-assertion", "credential"],
  ["x-goog-iap-jwt-assertion", "credential"],
  ["cf-access-jwt-assertion", "credential"],
  ["cookie", "cookie"],
  ["set-cookie", "set-cookie"],
  ["host", "authority"],
  ["x-forwarded-host", "authority"],
  ["location", "url"],
  ["content-location", "url"],
  ["referer", "url"],
  ["refresh", "url"],
  ["link", "url"],
  ["x-original-url", "url"],
  ["x-original-uri", "url"],
  ["x-rewrite-url", "url"],
  ["x-forwarded-uri", "url"],
  ["sec-websocket-protocol", "protocols"], // RFC 6455; browsers cannot set Authorization, so tokens travel here
]);

/** Headers that end like one that holds a credential and hold none. */
const HARMLESS: ReadonlySet<string> = new Set([
  "sec-websocket-key", // RFC 6455 section 11.3.1: a nonce
  "idempotency-key", // draft-ietf-httpapi-idempotency-key-header
  "x-idempotency-key",
  "surrogate-key",
  "cache-key",
  "x-cache-key",
  "x-routing-key",
  "partition-key",
  "x-continuation-token", // where a listing goes on
  "x-ms-continuation-token",
  "x-next-page-token",
  "next-page-token",
  "page-token",
]);

/**
 * Query parameters, form fields and members of OAuth's JSON that hold a credential: RFC 6749, 7009, 7521, 7523, 7591,
 * 7636, 8628, 8693, RFC 6750 section 2.3; and those of presigned URLs and API keys in use.
 */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...["access_token", "refresh_token", "id_token", "id_token_hint", "token", "auth_token", "bearer_token", "jwt"],
  ...["subject_token", "actor_token", "registration_access_token", "device_code", "user_code"],
  ...["client_secret", "client_assertion", "assertion", "saml_response", "samlresponse", "secret"],
  ...["code", "code_verifier", "password", "passwd", "pwd", "pass"],
  ...["api_key", "apikey", "api-key", "key", "subscription-key", "access_key", "accesskey", "auth", "authorization"],
  ...["sig", "signature", "x-amz-signature", "x-amz-security-token", "x-amz-credential", "x-goog-signature"],
  ...["x-goog-credential", "x-oss-signature", "awsaccesskeyid", "googleaccessid", "session_token", "sessiontoken"],
  ...["private_token", "job_token", "csrf_token", "xsrf_token", "password_token", "authuser_token"],
  ...["accesstoken", "refreshtoken", "idtoken", "clientsecret", "codeverifier", "authtoken"],
]);

/** The same for names that someone put something before: `openai_api_key`. Not every `…_token`: `page_token` is none. */
const PARAMETER_END =
  /(?:api[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|verify[_-]?token|oauth[_-]?token|secret|password|passwd|passphrase)$/i;
/** Longest such name, in characters. */
const LONGEST_PARAMETER = 64;

/** How a header (name in lower case) holds a credential; undefined: not at all. */
export function headerKind(name: string): HeaderKind | undefined {
  const known = HEADERS.get(name);
  if (known !== undefined) return known;
  switch (name.charCodeAt(name.length - 1)) {
    case 0x6e: // n
      if (name.endsWith("authorization")) return "credential";
      return name.endsWith("-token") && !HARMLESS.has(name) ? "maybe" : undefined;
    case 0x68: // h
      return name.endsWith("-auth") ? "maybe" : undefined;
    case 0x64: // d
      return name.endsWith("-password") ? "credential" : undefined;
    case 0x73: // s
      return name.endsWith("-credentials") || name.endsWith("-pass") ? "maybe" : undefined;
    case 0x74: // t
      return name.endsWith("-secret") || name.endsWith("-jwt") ? "maybe" : undefined;
    case 0x79: // y
      return name.endsWith("-key") && !HARMLESS.has(name) ? "maybe" : undefined;
    default:
      return undefined;
  }
}

/** True for a parameter that holds a credential. MCP's `sessionId` does not count as one. */
export function isSecretParameter(name: string): boolean {
  if (PARAMETERS.has(name) || PARAMETERS.has(name.toLowerCase())) return true;
  return name.length <= LONGEST_PARAMETER && PARAMETER_END.test(name);
}
