/**
 * All kinds, those that say more first.
 *
 * @module
 */
import type { SensitiveKind } from "./kind.ts";
import { CARD } from "./personal/card.ts";
import { EMAIL } from "./personal/email.ts";
import { IBAN } from "./personal/iban.ts";
import { LETTER_IDS } from "./personal/letter_ids.ts";
import { NUMERIC_IDS } from "./personal/numeric_ids.ts";
import { PHONE } from "./personal/phone.ts";
import { ASSIGNMENT } from "./secrets/assignment.ts";
import { AUTHORIZATION } from "./secrets/authorization.ts";
import { AWS } from "./secrets/aws.ts";
import { AZURE } from "./secrets/azure.ts";
import { DISCORD, SLACK_WEBHOOK, TELEGRAM } from "./secrets/bots.ts";
import { CONNECTION_STRING } from "./secrets/connection_string.ts";
import { COOKIE } from "./secrets/cookie.ts";
import { ENTROPY } from "./secrets/entropy.ts";
import { GCP } from "./secrets/gcp.ts";
import { JWT } from "./secrets/jwt.ts";
import { MORE_TOKENS } from "./secrets/more_tokens.ts";
import { PEM } from "./secrets/pem.ts";
import { VENDOR_TOKENS } from "./secrets/tokens.ts";

/**
 * What is known, in the order in which {@linkcode findSensitive} prefers it.
 *
 * On by default is every secret, and of personal data what has check digits or a strict form: card, account and identity
 * numbers. E-mail addresses and telephone numbers are off: they stand in every git log, package list and contact, where a
 * user of a monitor wants to read them, and nobody can act with one as with a secret.
 */
export const SENSITIVE: readonly SensitiveKind[] = [
  PEM,
  ...VENDOR_TOKENS,
  AWS,
  GCP,
  AZURE,
  SLACK_WEBHOOK,
  DISCORD,
  TELEGRAM,
  ...MORE_TOKENS,
  JWT,
  CONNECTION_STRING,
  AUTHORIZATION,
  COOKIE,
  ASSIGNMENT,
  CARD,
  IBAN,
  ...NUMERIC_IDS,
  ...LETTER_IDS,
  EMAIL,
  PHONE,
  ENTROPY,
];
