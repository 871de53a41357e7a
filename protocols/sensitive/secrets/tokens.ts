/**
 * Tokens of the vendors that most MCP servers talk to, as their documentation has them. Lengths are left loose where the
 * vendor reserves to change them.
 *
 * @module
 */
import { ALNUM, ALNUM_HYPHEN, BASE64, HEX, HEX_HYPHEN, PERCENT, URL_SAFE, URL_SAFE_DOT, WORD } from "../_text.ts";
import { type TokenForm, tokenKind } from "../_token.ts";
import type { SensitiveKind } from "../kind.ts";

const forms = (prefixes: string, form: Omit<TokenForm, "prefix">): readonly TokenForm[] =>
  prefixes.split(" ").map((prefix) => ({ prefix, ...form }));
/** What stands before `sk-` in words: task-, disk-, desk-. */
const NOT_SK = "ta ma la ba ca ri di de hu tu du ki mo".split(" ");
const hasDigit = (rest: string) => /[0-9]/.test(rest);

/** By vendor. */
export const VENDOR_TOKENS: readonly SensitiveKind[] = [
  // docs.anthropic.com: sk-ant-api03-…, sk-ant-admin01-…, OAuth: sk-ant-oat01-…
  tokenKind("anthropic_key", "Anthropic API key", [{ prefix: "sk-ant-", chars: URL_SAFE, min: 20 }]),
  // platform.openai.com/docs: project, service account and admin keys; before 2024 sk- and 48 letters and digits, which
  // is also the form that many compatible services use.
  tokenKind("openai_key", "OpenAI API key, or one in its form", [
    ...forms("sk-proj- sk-svcacct- sk-admin- sk-None- sk-service-", { chars: URL_SAFE, min: 20 }),
    { prefix: "sk-", chars: ALNUM, min: 32, valid: hasDigit },
  ], [{ text: "sk-", notAfter: NOT_SK }]),
  // docs.github.com, "About authentication to GitHub": [A-Za-z0-9_], up to 255 characters.
  tokenKind("github_token", "GitHub token", [
    ...forms("ghp_ gho_ ghu_ ghr_", { chars: ALNUM, min: 36, max: 251 }),
    { prefix: "ghs_", chars: URL_SAFE_DOT, min: 36 }, // of an app: longer ones are JSON Web Tokens
    { prefix: "github_pat_", chars: WORD, min: 40, max: 244 },
  ]),
  // docs.gitlab.com/security/tokens, "Token prefixes".
  tokenKind("gitlab_token", "GitLab token", [
    ...forms("glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glwt- glsoat- glffct-", {
      chars: URL_SAFE_DOT,
      min: 20,
    }),
    { prefix: "GR1348941", chars: URL_SAFE, min: 20 },
  ]),
  // docs.slack.dev/authentication/tokens; xoxc and xoxd are what its own clients use. Webhooks are in slack_webhook.ts.
  tokenKind("slack_token", "Slack token", [
    ...forms("xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxc- xoxe- xapp- xwfp-", {
      chars: ALNUM_HYPHEN,
      min: 10,
      valid: hasDigit,
    }),
    { prefix: "xoxe.xoxp-", chars: ALNUM_HYPHEN, min: 10 },
    { prefix: "xoxe.xoxb-", chars: ALNUM_HYPHEN, min: 10 },
    { prefix: "xoxd-", chars: PERCENT, min: 20 },
  ]),
  // docs.stripe.com/keys: secret and restricted keys; endpoint secrets of webhooks.
  tokenKind("stripe_key", "Stripe secret key", [
    ...forms("sk_live_ rk_live_ sk_test_ rk_test_ sk_org_live_ sk_org_test_", { chars: ALNUM, min: 16 }),
    { prefix: "whsec_", chars: BASE64, min: 24 },
  ]),
  // docs.npmjs.com, "About access tokens".
  tokenKind("npm_token", "npm access token", [{ prefix: "npm_", chars: ALNUM, min: 36, max: 36 }]),
  // pypi.org/help: a macaroon after `pypi-`, its first bytes always these.
  tokenKind(
    "pypi_token",
    "PyPI API token",
    forms("pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", {
      chars: URL_SAFE,
      min: 50,
    }),
  ),
  // huggingface.co/docs/hub/security-tokens.
  tokenKind("huggingface_token", "Hugging Face token", forms("hf_ api_org_", { chars: ALNUM, min: 34, max: 40 })),
  // docs.sendgrid.com: SG., 22 characters, a dot, 43 characters.
  tokenKind("sendgrid_key", "SendGrid API key", [{
    prefix: "SG.",
    chars: URL_SAFE_DOT,
    min: 66,
    max: 66,
    valid: (rest) => rest.indexOf(".") === 22,
  }], [{ text: "SG.", notAfter: ["m"] }]),
  // twilio.com/docs/iam/api-keys: SK and 32 hexadecimal digits. The mark is too short to look for.
  tokenKind("twilio_key", "Twilio API key", [{ prefix: "SK", chars: HEX, min: 32, max: 32, valid: hasDigit }], [
    "twilio",
  ], true),
  // developers.cloudflare.com/fundamentals/api/get-started/token-formats: 40 characters and a checksum of 8.
  tokenKind("cloudflare_token", "Cloudflare API token", [
    ...forms("cfut_ cfat_ cfk_", { chars: ALNUM, min: 40, max: 64 }),
    { prefix: "v1.0-", chars: HEX_HYPHEN, min: 150 }, // of the origin CA
  ]),
  // docs.digitalocean.com: personal, OAuth and refresh tokens.
  tokenKind(
    "digitalocean_token",
    "DigitalOcean token",
    forms("dop_v1_ doo_v1_ dor_v1_", {
      chars: HEX,
      min: 64,
      max: 64,
    }),
  ),
];
