/**
 * Fills in the placeholders of items: `{{NAME}}` or `{{NAME 40}}`. What comes out depends on the item's id only. Made-up
 * credentials have the form, the length and where there are any the check digits of real ones, so that no file needs to
 * hold them.
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { Json } from "../../pipeline/event.ts";
import { hash } from "./item.ts";
import { prose } from "./prose.ts";

const DIGITS = "0123456789", HEX = DIGITS + "abcdef", UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALNUM = DIGITS + UPPER + UPPER.toLowerCase(), BASE64 = ALNUM + "+/", BASE64_URL = ALNUM + "-_";

/** A value with its placeholders filled in; member names too. */
export function filled(value: Json, id: string): Json {
  const random = new Random(hash(id));
  const walk = (value: Json): Json => {
    if (typeof value === "string") return fill(value, random);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, value]) => [fill(name, random), walk(value)]));
  };
  return walk(value);
}

function fill(text: string, random: Random): string {
  return text.replaceAll(/\{\{([A-Z0-9_]+)(?: (\d+))?\}\}/g, (_, name: string, count?: string) => {
    const make = MADE[name];
    if (make === undefined) throw new RangeError(`no such placeholder: '${name}'`);
    return make(random, Number(count ?? 32));
  });
}

/** Small numbers that are the same in each run (mulberry32). */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to below this. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % end;
  }

  /** So many letters of an alphabet. */
  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join("");
  }
}

const json64 = (value: Json): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const MADE: Readonly<Record<string, (random: Random, count: number) => string>> = {
  PROSE: (random, count) => prose(count, (below) => random.below(below)),
  HEX: (random, count) => random.text(HEX, count),
  ALNUM: (random, count) => random.text(ALNUM, count),
  UPPER: (random, count) => random.text(UPPER + DIGITS, count),
  B64: (random, count) => random.text(BASE64, count),
  PNG: (random, count) => "iVBORw0KGgoAAAANSUhEUgAA" + random.text(BASE64, count),
  UUID: uuid,
  GITHUB_PAT: (random) => checked("ghp_", random),
  GITHUB_OAUTH: (random) => checked("gho_", random),
  GITHUB_FINE: (random) => `github_pat_${random.text(ALNUM, 22)}_${random.text(ALNUM, 59)}`,
  GITLAB_PAT: (random) => `glpat-${random.text(ALNUM, 20)}`,
  AWS_KEY: (random) => `AKIA${random.text(UPPER + "234567", 16)}`,
  AWS_TEMP: (random) => `ASIA${random.text(UPPER + "234567", 16)}`,
  AWS_EXAMPLE: () => `AKIA${"IOSFODNN7"}EXAMPLE`,
  AWS_SECRET: (random) => random.text(BASE64, 40),
  GCP_KEY: (random) => `AIza${"Sy"}${random.text(BASE64_URL, 33)}`,
  AZURE_STORAGE: (random) => Buffer.from(random.text(ALNUM, 64)).toString("base64"),
  AZURE_CLIENT: (random) => `${random.text(ALNUM, 3)}8Q~${random.text(ALNUM, 34)}`,
  SLACK_BOT: (random) =>
    `xoxb-${random.text("123456789", 12)}-${random.text("123456789", 13)}-${random.text(ALNUM, 24)}`,
  SLACK_USER: (random) =>
    `xoxp-${random.text("123456789", 12)}-${random.text("123456789", 12)}-${random.text(DIGITS, 12)}-${
      random.text(HEX, 32)
    }`,
  SLACK_WEBHOOK: (random) =>
    `https://hooks.slack.com/services/T0${random.text(UPPER, 9)}/B0${random.text(UPPER, 9)}/${random.text(ALNUM, 24)}`,
  STRIPE_LIVE: (random) => `sk_live_${random.text(ALNUM, 99)}`,
  STRIPE_RESTRICTED: (random) => `rk_live_${random.text(ALNUM, 99)}`,
  STRIPE_PUBLISHABLE: (random) => `pk_live_${random.text(ALNUM, 99)}`,
  OPENAI: (random) => `sk-proj-${random.text(BASE64_URL, 74)}T3BlbkFJ${random.text(BASE64_URL, 74)}`,
  OPENAI_OLD: (random) => `sk-${random.text(ALNUM, 20)}T3BlbkFJ${random.text(ALNUM, 20)}`,
  ANTHROPIC: (random) => `sk-ant-api03-${random.text(BASE64_URL, 93)}AA`,
  NPM: (random) => checked("npm_", random),
  PYPI: (random) => `pypi-${"AgEIcHlwaS5vcmc"}${random.text(BASE64_URL, 140)}`,
  SENDGRID: (random) => `SG.${random.text(BASE64_URL, 22)}.${random.text(BASE64_URL, 43)}`,
  HF: (random) => `hf_${random.text(ALNUM, 34)}`,
  DIGITALOCEAN: (random) => `dop_v1_${random.text(HEX, 64)}`,
  TELEGRAM: (random) => `${random.text("123456789", 10)}:AA${random.text(BASE64_URL, 33)}`,
  JWT: jwt,
  OPAQUE: (random) => random.text(ALNUM, 43),
  BASIC: (random) => Buffer.from(`admin:${random.text(ALNUM, 14)}`).toString("base64"),
  PASSWORD: (random) => `${random.text(ALNUM, 9)}!${random.text(ALNUM, 6)}`,
  PEM_PKCS8: (random) => pem("PRIVATE KEY", random, 1600),
  PEM_RSA: (random) => pem("RSA PRIVATE KEY", random, 1200),
  PEM_EC: (random) => pem("EC PRIVATE KEY", random, 164),
  PEM_OPENSSH: (random) => pem("OPENSSH PRIVATE KEY", random, 360),
  PEM_CERT: (random) => pem("CERTIFICATE", random, 1100),
  CARD: (random) => card("453201", 16, random),
  CARD_SPACED: (random) => spaced(card("453201", 16, random)),
  CARD_AMEX: (random) => card("378282", 15, random),
  CARD_BAD: (random) => nextDigit(card("453201", 16, random)),
  IBAN_DE: (random) => iban("DE", `${random.text(DIGITS, 18)}`),
  IBAN_GB_SPACED: (random) => spaced(iban("GB", `NWBK${random.text(DIGITS, 14)}`)),
  IBAN_FR_SPACED: (random) => spaced(iban("FR", random.text(DIGITS, 23))),
  IBAN_BAD: (random) => nextDigit(iban("DE", random.text(DIGITS, 18))),
  SSN: (random) => `${200 + random.below(400)}-${10 + random.below(80)}-${1000 + random.below(8000)}`,
};

/** With the checksum that GitHub and npm end their tokens with: CRC-32 of the random part, in base 62, six letters. */
function checked(prefix: string, random: Random): string {
  const secret = random.text(ALNUM, 30);
  let rest = crc32(secret), sum = "";
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) sum = ALNUM[rest % 62] + sum;
  return prefix + secret + sum;
}

function uuid(random: Random): string {
  const [a, b, c, d] = [8, 4, 3, 12].map((length) => random.text(HEX, length));
  return `${a}-${b}-4${c}-a${random.text(HEX, 3)}-${d}`;
}

function jwt(random: Random): string {
  const header = json64({ alg: "HS256", typ: "JWT" });
  return `${header}.${json64({ sub: random.text(DIGITS, 10), iat: 1_795_283_249 })}.${random.text(BASE64_URL, 43)}`;
}

function pem(kind: string, random: Random, length: number): string {
  const lines = random.text(BASE64, length).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join("\n");
}

/** With the check digit of ISO/IEC 7812-1 (Luhn). */
function card(prefix: string, length: number, random: Random): string {
  const digits = prefix + random.text(DIGITS, length - 1 - prefix.length);
  const sum = [...digits].reverse().reduce((sum, digit, i) => {
    const twice = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return sum + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return digits + String((10 - sum % 10) % 10);
}

/** With the check digits of ISO 13616. */
function iban(country: string, account: string): string {
  const digits = [...`${account}${country}00`].map((letter) => parseInt(letter, 36)).join("");
  return country + String(98n - BigInt(digits) % 97n).padStart(2, "0") + account;
}

/** The last digit one higher, so that no check fits. */
function nextDigit(digits: string): string {
  return digits.slice(0, -1) + String((Number(digits.at(-1)) + 1) % 10);
}

function spaced(digits: string): string {
  return (digits.match(/.{1,4}/g) ?? []).join(" ");
}
