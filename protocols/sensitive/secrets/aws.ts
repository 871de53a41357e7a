/**
 * Keys of Amazon Web Services. docs.aws.amazon.com/IAM: "IAM identifiers" (AKIA: access key, ASIA: temporary, ABIA:
 * bearer token, ACCA: context-specific; 20 characters of base32) and "Manage access keys" (secret: 40 characters).
 *
 * @module
 */
import { BASE32, BASE64, isA, runEnd } from "../_text.ts";
import { findTokens } from "../_token.ts";
import type { Found, SensitiveKind } from "../kind.ts";

const IDS = ["AKIA", "ASIA", "ABIA", "ACCA"].map((prefix) => ({ prefix, chars: BASE32, min: 16, max: 16 }));
/** How session tokens and Bedrock's API keys begin in base64. */
const LONG = ["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "ABSKQmVkcm9ja0FQSUtleS"]
  .map((prefix) => ({ prefix, chars: BASE64, min: 60 }));
const NAMES = /secret_?access_?key|aws_?secret|secretkey/gi;
/** How far a secret may stand from the id or name that tells what it is. */
const NEAR = 120;
const SECRET = 40;

/** Tells of an access key's secret that starts in `text[from, to)`; gives the place up to which it has looked. */
function findSecret(text: string, from: number, to: number, found: Found): number {
  let at = Math.max(0, from);
  if (isA(text, at - 1, BASE64)) at = runEnd(text, at, BASE64); // the rest of a run that began before
  while (at < Math.min(to, text.length)) {
    if (!isA(text, at, BASE64)) {
      at++;
      continue;
    }
    const end = runEnd(text, at, BASE64);
    // In `key=SECRET` the equals sign belongs to the run.
    const run = text.slice(at, end), value = run.slice(run.lastIndexOf("=", run.length - 2) + 1);
    if (value.length === SECRET && /[A-Z]/.test(value) && /[a-z]/.test(value) && /[0-9]/.test(value)) {
      found(end - SECRET, end);
    }
    at = end;
  }
  return at;
}

/** Access key ids, and secrets that stand near one or near their usual name. */
export const AWS: SensitiveKind = {
  name: "aws_key",
  summary: "AWS access key id, secret access key, session token",
  group: "secret",
  onByDefault: true,
  needles: ["akia", "asia", "abia", "acca", "secret_access_key", "secretaccesskey", "aws_secret", "secretkey"].concat(
    LONG.map(({ prefix }) => prefix),
  ),
  around: true,
  find(text, found) {
    /** Up to where secrets have been looked for. */
    let searched = 0;
    const marks = Array.from(text.matchAll(NAMES), ({ index }) => index);
    for (const form of IDS) {
      findTokens(text, form, (start, end) => {
        marks.push(start);
        found(start, end);
      });
    }
    marks.sort((a, b) => a - b);
    for (const mark of marks) searched = findSecret(text, Math.max(mark - NEAR, searched), mark + NEAR, found);
    for (const form of LONG) findTokens(text, form, found);
  },
};
