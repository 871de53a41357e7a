/**
 * Names whose values may not be seen, whatever these look like.
 *
 * @module
 */
import type { Needle } from "../../protocols/byte_search/mod.ts";
import { isSecretKey, SECRET_KEY_NEEDLES } from "../../protocols/sensitive/mod.ts";

/** What a secret is called, by what its name ends with, without `_` and `-`; any other is a `secret`. */
const SECRETS: readonly (readonly [kind: string, end: RegExp])[] = [
  ["session_id", /(?:session|sess)(?:id)?$/],
  ["cookie", /cookies?$/],
  ["password", /(?:passw[a-z]*|pass|pwd|passphrase|passcode)$/],
  ["private_key", /(?:private|signing|encryption|decryption|master|ssh|hmac|deploy)key$/],
  ["api_key", /(?:key|apikeys)$/],
  ["authorization", /auth(?:orization)?$/],
  ["code", /(?:otp|totp|cvv2?|cvc|codes?)$/],
  ["token", /(?:tokens?|jwt|bearer)$/],
  ["credential", /(?:credentials?|creds)$/],
];

/** Names of what is about a person, or as good as a secret, without `_` and `-`. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ["pin", "code"],
  ["pincode", "code"],
  ["cardpin", "code"],
  ["securitycode", "code"],
  ["verificationcode", "code"],
  ["cardnumber", "card_number"],
  ["creditcard", "card_number"],
  ["creditcardnumber", "card_number"],
  ["ccnumber", "card_number"],
  ["ssn", "national_id"],
  ["socialsecuritynumber", "national_id"],
  ["nationalid", "national_id"],
  ["passportnumber", "national_id"],
  ["auth", "authorization"],
]);
const OTHER_NEEDLES: readonly string[] = [
  ...['"pin"', 'pin\\"', "pin=", "pin_code", "pincode", "card_pin", "cardpin", "security_code", "securitycode"],
  ...["verification_code", "verificationcode", "card_number", "cardnumber", "card-number", "creditcard", "credit_card"],
  ...["cc_number", "ccnumber", '"ssn"', 'ssn\\"', "ssn=", "ssn:", "social_security", "socialsecurity", "national_id"],
  ...["nationalid", "passport_number", "passportnumber", '"auth"', 'auth\\"', "auth="],
];

/** The longest name that is looked at, in UTF-16 units. */
export const LONGEST_KEY = 128;
/** Names that are remembered. */
const MOST = 8192;

/** All kinds that a name may tell of. */
export const KEY_KINDS: readonly string[] = [
  ...new Set(["secret", ...SECRETS.map(([kind]) => kind), ...OTHERS.values()]),
].sort();

/** A message with such a name holds one of these, unless escapes hide it. */
export const KEY_NEEDLES: readonly Needle[] = [...SECRET_KEY_NEEDLES, ...OTHER_NEEDLES];

/** A name, and the kind it tells of. */
interface Known {
  readonly name: string;
  readonly kind: string | undefined;
}

const known = new Map<string, Known>();

/** The kind of what a name holds, undefined for any other name: `password` of `dbPassword`. */
export function kindOfKey(name: string): string | undefined {
  return name.length > LONGEST_KEY || name.length < 3 ? undefined : knownOf(name).kind;
}

function knownOf(name: string): Known {
  let of = known.get(name);
  if (of !== undefined) return of;
  if (known.size >= MOST) known.clear();
  const own = detached(name);
  known.set(own, of = { name: own, kind: judge(own) });
  return of;
}

const SLOTS = 4096;
/** Names that were met lately. */
const met: (Known | undefined)[] = new Array(SLOTS).fill(undefined);

/**
 * The same for the name that stands in `text[start, end)`: names come again and again, and to take each one out of its
 * text takes longer than to see that it is the last one of this length with these letters.
 */
export function kindOfKeyIn(text: string, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > LONGEST_KEY || length < 3) return undefined;
  const letters = text.charCodeAt(start) + 31 * text.charCodeAt(start + 1) + 961 * text.charCodeAt((start + end) >> 1) +
    29791 * text.charCodeAt(end - 1);
  const slot = (Math.imul(letters * 37 + length, 0x9e3779b1) >>> 20) & (SLOTS - 1);
  const last = met[slot];
  if (last !== undefined && last.name.length === length && isAt(last.name, text, start)) return last.kind;
  const of = knownOf(text.slice(start, end));
  met[slot] = of;
  return of.kind;
}

/** A loop, as names are short and `startsWith` takes its time to begin. */
function isAt(name: string, text: string, start: number): boolean {
  for (let k = 0; k < name.length; k++) if (name.charCodeAt(k) !== text.charCodeAt(start + k)) return false;
  return true;
}

function judge(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (!isSecretKey(name)) return OTHERS.get(plain);
  return SECRETS.find(([, end]) => end.test(plain))?.[0] ?? "secret";
}

/** A copy that does not keep the text alive that the name is a part of. */
function detached(name: string): string {
  return JSON.parse(JSON.stringify(name)) as string;
}
