/**
 * What documents write where a secret would stand. Redaction takes such values out all the same; they are no leak.
 *
 * @module
 */

/** Words of examples. In random letters one of them is rarer than one in a thousand keys. */
const WORDS = /your|example|sample|dummy|placeholder|change.?me|insert|xxxx|\*\*\*|\.\.\.|\u2026|<[^>]*>|\$\{|%[sd]\b/i;
/** What passwords and users are called in examples. */
const WHOLE = /^(?:[a-z]+:)?(?:pass(?:word|wd|phrase)?|secret|user(?:name)?|token|key|root|admin|test|hunter2)$/i;
/** Letters of Base64 that a private key has at least; a certificate's name has none. */
const KEY_BODY = 40;
/** Names in dots: `color.primary.500`. */
const NAME = /^[a-z]+(?:[._/][a-z0-9]{1,16})+$/;
/** Longer values are not looked at: they are no examples. */
const LONGEST = 400;

/** True if the value found stands for a secret and is none. */
export function isStandIn(value: string): boolean {
  if (value.startsWith("-----BEGIN")) return bodyOf(value) < KEY_BODY;
  if (value.length > LONGEST) return false;
  return WHOLE.test(value) || WORDS.test(value) || NAME.test(value) || new Set(value).size <= 2;
}

/** Letters of Base64 after the first line, up to enough. */
function bodyOf(key: string): number {
  const start = key.indexOf("-----", 10) + 5;
  return key.slice(start, start + 200).match(/[A-Za-z0-9+/]/g)?.length ?? 0;
}
