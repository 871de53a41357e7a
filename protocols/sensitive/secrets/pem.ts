/**
 * Private keys in PEM (RFC 7468), of OpenSSH and of OpenPGP (RFC 9580, section 6.2): all have PRIVATE KEY in their label.
 *
 * @module
 */
import { chars, eachPlace, runEnd } from "../_text.ts";
import type { SensitiveKind } from "../kind.ts";

const BEGIN = "-----BEGIN ", END = "-----END ", DASHES = "-----";
const MAX_LABEL = 64;
/** The shortest keys, of Ed25519, have 64 characters. */
const MIN_BODY = 48;
/** What a key is made of, with its line ends, headers, and what JSON writes for a line end. */
const BODY = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=\r\n\t \\:,-");

/** From the first dash to the last; where the end is missing, as far as it looks like a key. */
export const PEM: SensitiveKind = {
  name: "private_key",
  summary: "Private key in PEM, OpenSSH or OpenPGP form",
  group: "secret",
  onByDefault: true,
  needles: ["PRIVATE KEY"],
  find(text, found) {
    eachPlace(text, BEGIN, (at) => {
      const from = at + BEGIN.length;
      const head = text.slice(from, from + MAX_LABEL + DASHES.length), close = head.indexOf(DASHES);
      if (close < 0 || !head.slice(0, close).includes("PRIVATE KEY")) return from;
      const label = head.slice(0, close), last = `${END}${label}${DASHES}`;
      const body = from + close + DASHES.length, run = runEnd(text, body, BODY);
      const end = text.indexOf(last, body);
      const whole = end >= 0 && end <= run;
      if ((whole ? end : run) - body < MIN_BODY) return body;
      found(at, whole ? end + last.length : run);
      return whole ? end + last.length : run;
    });
  },
};
