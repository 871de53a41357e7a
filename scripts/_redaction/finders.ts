/**
 * How values are found of the kinds that are code in `protocols/sensitive`, by kind.
 *
 * `patterns` are expressions: `group` of them is the value; `start` and `end` say that no letter or digit may stand before
 * and after it; `check` names what must hold of it; `near` is an expression of words of which one has to stand at most 60
 * characters before the value or 20 after it. `numerals` are numbers in groups (`3-2-4`), `near` ones only with such a
 * word. Any other `finder` is the name of a function that the sensors have.
 *
 * @module
 */
import { NUMBERS } from "./numbers.ts";

const URL_SAFE = "[A-Za-z0-9_-]", BASE64 = "[A-Za-z0-9+/=]", PERCENT = "[A-Za-z0-9_.~%+/-]";

interface Pattern {
  readonly regex: string;
  readonly flags?: "i";
  readonly group?: number;
  readonly start?: true;
  readonly end?: true;
  readonly check?: string;
  readonly near?: string;
}
const patterns = (...list: readonly Pattern[]) => ({ finder: "patterns", patterns: list });

/** By name of the kind. */
export const FINDERS: Readonly<Record<string, Record<string, unknown>>> = {
  private_key: { finder: "pem" },
  aws_key: { finder: "aws" },
  authorization: { finder: "authorization" },
  cookie: { finder: "cookie" },
  assigned_secret: { finder: "assignment" },
  connection_string: { finder: "user_info" },
  card_number: { finder: "cards" },
  iban: { finder: "ibans" },
  sendgrid_key: patterns({
    regex: `SG\\.${URL_SAFE}{22}\\.${URL_SAFE}{43}(?![A-Za-z0-9_.-])`,
    start: true,
  }),
  azure_key: patterns(
    { regex: `AccountKey=(${BASE64}{43,})`, group: 1 },
    { regex: `AccessKey=(${BASE64}{43,})`, group: 1 },
    { regex: `(?<![A-Za-z0-9])sig=(${PERCENT}{43,140}=?)(?!${PERCENT})`, group: 1 },
    { regex: "[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,34}(?![A-Za-z0-9_.~-])", start: true },
    { regex: `(?<!${BASE64})[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}`, end: true },
  ),
  slack_webhook: patterns({
    regex:
      "hooks\\.slack\\.com\\\\?/(?:services|workflows|triggers)\\\\?/[A-Za-z0-9]{1,20}\\\\?/[A-Za-z0-9]{1,20}\\\\?/" +
      `(${URL_SAFE}{16,})`,
    group: 1,
  }),
  discord_token: patterns(
    {
      regex: "discord(?:app)?\\.com\\\\?/api\\\\?/(?:v[0-9]{1,2}\\\\?/)?webhooks\\\\?/[0-9]{17,20}\\\\?/" +
        `(${URL_SAFE}{60,})`,
      group: 1,
    },
    {
      regex: `[MNO]${URL_SAFE}{22,27}\\.${URL_SAFE}{6}\\.${URL_SAFE}{27,38}(?!${URL_SAFE})`,
      start: true,
    },
  ),
  telegram_bot_token: patterns({
    regex: `(?:(?<=bot)|(?<![A-Za-z0-9]))[0-9]{8,11}:AA${URL_SAFE}{33}(?!${URL_SAFE})`,
  }),
  jwt: patterns({
    regex: `eyJ${URL_SAFE}{4,8192}(?:\\.${URL_SAFE}*){1,4}`,
    start: true,
    check: "jwt",
  }),
  email: patterns({
    regex:
      "[A-Za-z0-9][A-Za-z0-9.!#$&'*+=?^_`{|}~-]{0,63}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,8}\\.[A-Za-z]{2,24}",
    end: true,
    check: "email",
  }),
  phone: patterns(
    {
      regex: "\\+[1-9][0-9]{0,2}(?:[ .-]?\\(?[0-9]{1,5}\\)?){1,6}",
      start: true,
      end: true,
      check: "phone_international",
    },
    {
      regex: "(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}-)[2-9][0-9]{2}-[0-9]{4}",
      start: true,
      end: true,
      check: "phone_american",
    },
    { regex: "0[1-9][0-9]{0,4}(?:[ /-][0-9]{2,8}){1,4}", start: true, end: true, check: "phone_trunk" },
  ),
  high_entropy: patterns({ regex: `(?<!${PERCENT})${PERCENT}{20,256}(?!${PERCENT})`, check: "entropy" }),
  br_cpf: patterns(
    { regex: "(?<![0-9])[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}(?![0-9])", check: "br_cpf" },
    { regex: "(?<![0-9])[0-9]{3}\\.?[0-9]{3}\\.?[0-9]{3}-?[0-9]{2}(?![0-9])", check: "br_cpf", near: "cpf" },
  ),
  uk_nino: patterns({
    regex: "[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z](?:[0-9]{6}| [0-9]{2} [0-9]{2} [0-9]{2} )[A-D]",
    flags: "i",
    start: true,
    end: true,
    check: "uk_nino",
    near: "national[ _-]?insurance|(?<![a-z])ni[ _-]?(?:no|number)",
  }),
  es_dni: patterns({
    regex: "(?:[0-9]{8}|[XYZ]-?[0-9]{7})-?[A-HJ-NP-TV-Z]",
    flags: "i",
    start: true,
    end: true,
    check: "es_dni",
    near: "(?<![a-z])dni(?![a-z])|(?<![a-z])ni[ef](?![a-z])|documento[ _-]?nacional|identidad",
  }),
  it_fiscal_code: patterns({
    regex: "[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
    flags: "i",
    start: true,
    end: true,
    check: "it_fiscal_code",
  }),
  cn_resident_id: patterns({
    regex: "[1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9X]",
    flags: "i",
    start: true,
    end: true,
    check: "cn_resident_id",
  }),
  ...NUMBERS,
};
