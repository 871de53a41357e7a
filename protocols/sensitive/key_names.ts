/**
 * Names of members, variables, headers and parameters whose values are secrets.
 *
 * @module
 */
import type { Needle } from "../byte_search/mod.ts";

/** Longest name looked at. */
const MAX_NAME = 128;

const set = (words: string) => new Set(words.split(" "));

/** Last words that make a name one of a secret. */
const SECRETS = set(
  "password passwords passwd passwort passphrase passcode pwd secret secrets token credential credentials creds " +
    "apikey authorization cookie cookies otp totp cvv cvc cvv2 mnemonic jwt bearer sessionid jsessionid phpsessid",
);
/** Ends of a last word that was written in one. */
const ENDS = [
  "password",
  "passwd",
  "passphrase",
  "apikey",
  "secretkey",
  "privatekey",
  "accesskey",
  "clientsecret",
  "accesstoken",
  "refreshtoken",
  "authtoken",
  "idtoken",
  "apitoken",
  "sessiontoken",
];
/** Last two words that do. */
const PAIRS = set(
  "api-key access-key secret-key private-key signing-key encryption-key decryption-key master-key auth-key service-key " +
    "account-key subscription-key ssh-key shared-key storage-key deploy-key session-key hmac-key webhook-key license-key " +
    "access-tokens refresh-tokens auth-tokens api-tokens bearer-tokens api-keys private-keys secret-keys recovery-codes " +
    "session-id session-cookie sess-id auth-code authorization-code mfa-code otp-code recovery-code backup-code " +
    "backup-codes code-verifier client-assertion seed-phrase basic-auth http-auth proxy-auth npm-auth " +
    "db-pass database-pass user-pass smtp-pass ftp-pass mysql-pass pg-pass postgres-pass redis-pass mongo-pass " +
    "admin-pass root-pass email-pass mail-pass sudo-pass connection-string",
);
/** What may stand after the secret's word: `passwordHash`, `token_value`. */
const TAILS = set(
  "value hash digest confirm confirmation repeat again old new current text string plain plaintext raw base64 b64 " +
    "encoded encrypted data header",
);
/** What makes a last `token` a place in a list, or a piece of text. */
const OTHER_TOKENS = set(
  "progress page next previous prev continuation continue pagination cursor sync resume start end max min num total " +
    "input output prompt completion cached stop pad eos bos unk sep cls mask special count first last per resumption " +
    "watch design lexer skip paging of",
);
/** `token` after these is no secret, and they stand in many messages. */
const NOT_AFTER = ["progress", "max", "max_", "page", "page_", "next", "next_", "input_", "output_"];
/** First words of questions: `hasPassword`, `use_token`. */
const QUESTIONS = set(
  "is has have had show hide use uses needs need requires require required with without no can should",
);

/** What each name of a secret has some part of: most names are done with here. */
const PARTS =
  /pass|pwd|secret|token|cred|key|auth|cookie|otp|cv[vc]|mnemonic|jwt|bearer|sess|code|assertion|phrase|string/i;

/** `apiKey`, `API_KEY`, `x-api-key` in words of small letters. */
function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .split(/[^a-z0-9]/);
}

/** Whether what is called so is a secret: `password`, `client_secret`, `X-Api-Key`; not `author`, `max_tokens`, `progressToken`. */
export function isSecretKey(name: string): boolean {
  if (name.length > MAX_NAME || !PARTS.test(name)) return false;
  const all = words(name);
  if (all.length > 1 && QUESTIONS.has(all[0]!)) return false;
  for (;;) {
    if (saysSecret(all)) return true;
    const last = all.at(-1) ?? "";
    if (all.length < 2 || !(TAILS.has(last) || /^\d+$/.test(last))) return name === "_auth";
    all.pop();
  }
}

/** Whether the last of the words, or the last two, say so. */
function saysSecret(all: readonly string[]): boolean {
  const whole = all.at(-1) ?? "", last = whole.replace(/\d{1,2}$/, ""), before = all.at(-2) ?? "";
  if (last === "token") return !OTHER_TOKENS.has(before) && !NOT_AFTER.some((mark) => before.endsWith(mark));
  return SECRETS.has(last) || SECRETS.has(whole) || PAIRS.has(`${before}-${last}`) ||
    ENDS.some((end) => last.endsWith(end));
}

/** All that the rules above can be about, in each way to write it, without what contains a shorter one. */
function needles(): readonly Needle[] {
  const pairs = [...PAIRS].flatMap((pair) => ["", "_", "-", ".", " "].map((mark) => pair.replace("-", mark)));
  const all = [...new Set([...SECRETS, ...ENDS, ...pairs, "_auth"])];
  const shortest = all.filter((text) => !all.some((other) => other !== text && text.includes(other)));
  return shortest.map((text) => text === "token" ? { text, notAfter: NOT_AFTER } : text);
}

/**
 * What bytes have at least one of if they have such a name, unless JSON escapes hide it. `token` is looked for without
 * what MCP and models put before it.
 */
export const SECRET_KEY_NEEDLES: readonly Needle[] = needles();

/** The rules above as data, for those who cannot call {@linkcode isSecretKey}: the sensors in other languages. */
export const SECRET_KEY_RULES = {
  max_name: MAX_NAME,
  parts: PARTS.source,
  secrets: [...SECRETS],
  ends: ENDS,
  pairs: [...PAIRS],
  tails: [...TAILS],
  other_tokens: [...OTHER_TOKENS],
  not_after: NOT_AFTER,
  questions: [...QUESTIONS],
} as const;
