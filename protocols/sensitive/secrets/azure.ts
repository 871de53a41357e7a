/**
 * Keys of Microsoft Azure, as learn.microsoft.com has them: storage ("Manage account access keys": 64 bytes in base64;
 * connection strings with `AccountKey=`, of Service Bus and others `SharedAccessKey=`), shared access signatures (`sig=`),
 * Entra client secrets (8Q~ and the like at the fourth character), Azure DevOps tokens.
 *
 * @module
 */
import { BASE64, chars, eachPlace, endsWord, isA, PERCENT, runEnd, startsWord } from "../_text.ts";
import type { Found, SensitiveKind } from "../kind.ts";

const SECRET = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.~-");
/** A client secret has three characters, a digit, this, and 31 to 34 more. */
const MARK = "Q~", BEFORE = 4, REST_MIN = 31, REST_MAX = 34;
/** A signature: SHA-256 in base64, percent-encoded or not. */
const SIGNATURE_MIN = 43, SIGNATURE_MAX = 140;
/** Of Azure DevOps: 84 characters, of which the 77th to 80th are `AZDO`. */
const DEVOPS = "AZDO", DEVOPS_BEFORE = 76, DEVOPS_AFTER = 4;

function findValues(text: string, name: string, found: Found): void {
  eachPlace(text, name, (at) => {
    const from = at + name.length, end = runEnd(text, from, BASE64);
    if (end - from >= 43) found(from, end);
    return end;
  });
}

/** Keys, signatures and client secrets. */
export const AZURE: SensitiveKind = {
  name: "azure_key",
  summary: "Azure storage key, shared access key or signature, client secret, DevOps token",
  group: "secret",
  onByDefault: true,
  needles: ["accountkey=", "accesskey=", "sig=", "q~", "azdo"],
  find(text, found) {
    findValues(text, "AccountKey=", found);
    findValues(text, "AccessKey=", found);
    eachPlace(text, "sig=", (at) => {
      const from = at + 4, end = runEnd(text, from, PERCENT);
      const padded = text[end] === "=" ? end + 1 : end;
      if (startsWord(text, at) && end - from >= SIGNATURE_MIN && end - from <= SIGNATURE_MAX) found(from, padded);
      return end;
    });
    eachPlace(text, MARK, (at) => {
      const start = at - BEFORE, from = at + MARK.length, end = runEnd(text, from, SECRET);
      const head = /^[\w.~-]{3}\d$/.test(text.slice(Math.max(0, start), at));
      if (head && startsWord(text, start) && end - from >= REST_MIN && end - from <= REST_MAX) found(start, end);
      return end;
    });
    eachPlace(text, DEVOPS, (at) => {
      const start = at - DEVOPS_BEFORE, end = at + DEVOPS.length + DEVOPS_AFTER;
      const value = start < 0 ? "" : text.slice(start, end);
      const whole = /^[A-Za-z0-9]{84}$/.test(value) && !isA(text, start - 1, BASE64);
      if (whole && endsWord(text, end)) found(start, end);
      return whole ? end : at;
    });
  },
};
