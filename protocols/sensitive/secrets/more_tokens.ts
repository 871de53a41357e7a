/**
 * Tokens of further services whose form says whose they are: from the services' own documentation of their token
 * formats, and the secret types that GitHub's secret scanning names (docs.github.com, "Supported secret scanning
 * patterns").
 *
 * @module
 */
import {
  ALNUM,
  ALNUM_HYPHEN,
  BASE64,
  type Chars,
  chars,
  HEX,
  HEX_HYPHEN,
  URL_SAFE,
  URL_SAFE_DOT,
  WORD,
} from "../_text.ts";
import { type TokenForm, tokenKind } from "../_token.ts";
import type { Needle } from "../../byte_search/mod.ts";
import type { SensitiveKind } from "../kind.ts";

/** Base64url with a checksum after an equals sign. */
const ATLASSIAN = chars("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-=");

type Row = readonly [prefixes: string, chars: Chars, min: number, max?: number];

/** Service, then its forms. */
const SERVICES: readonly (readonly [name: string, service: string, ...rows: Row[]])[] = [
  ["openrouter_key", "OpenRouter API key", ["sk-or-v1-", HEX, 64, 64]],
  ["groq_key", "Groq API key", ["gsk_", ALNUM, 50, 60]],
  ["xai_key", "xAI API key", ["xai-", ALNUM, 70, 90]],
  ["perplexity_key", "Perplexity API key", ["pplx-", ALNUM, 40, 64]],
  ["replicate_token", "Replicate API token", ["r8_", ALNUM, 37, 40]],
  ["langsmith_key", "LangSmith API key", ["lsv2_pt_ lsv2_sk_", WORD, 40]],
  ["tavily_key", "Tavily API key", ["tvly-", ALNUM_HYPHEN, 20]],
  ["pinecone_key", "Pinecone API key", ["pcsk_", WORD, 50]],
  ["notion_token", "Notion integration token", ["ntn_", ALNUM, 40, 60]],
  ["linear_key", "Linear API key", ["lin_api_ lin_oauth_", ALNUM, 32, 64]],
  ["figma_token", "Figma personal access token", ["figd_ figu_ figoh_", URL_SAFE, 30]],
  ["postman_key", "Postman API key", ["PMAK-", HEX_HYPHEN, 59, 59]],
  ["atlassian_token", "Atlassian API token", ["ATATT3 ATCTT3 ATSTT3 ATBB", ATLASSIAN, 20]],
  ["airtable_token", "Airtable personal access token", ["pat", URL_SAFE_DOT, 79, 79]],
  ["databricks_token", "Databricks access token", ["dapi", HEX_HYPHEN, 32, 34]],
  ["docker_token", "Docker Hub access token", ["dckr_pat_ dckr_oat_", URL_SAFE, 27]],
  ["vault_token", "HashiCorp Vault token", ["hvs. hvb. hvr.", URL_SAFE, 24]],
  ["grafana_token", "Grafana token", ["glsa_", WORD, 41, 41], ["glc_", BASE64, 32]],
  ["doppler_token", "Doppler token", ["dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", URL_SAFE_DOT, 40]],
  ["shopify_token", "Shopify access token or secret", ["shpat_ shpca_ shppa_ shpss_", HEX, 32, 32]],
  ["square_token", "Square access token or secret", ["sq0atp- sq0csp- sq0idp-", URL_SAFE, 22], [
    "EAAAE",
    URL_SAFE,
    55,
    60,
  ]],
  ["razorpay_key", "Razorpay live key", ["rzp_live_", ALNUM, 14, 24]],
  ["mailgun_key", "Mailgun API key", ["key-", HEX, 32, 32]],
  ["brevo_key", "Brevo API key", ["xkeysib- xsmtpsib-", ALNUM_HYPHEN, 64]],
  ["resend_key", "Resend API key", ["re_", WORD, 32, 36]],
  ["sentry_token", "Sentry token", ["sntrys_", BASE64, 60], ["sntryu_", HEX, 64, 64]],
  ["new_relic_key", "New Relic key", ["NRAK- NRAA- NRJS- NRII-", URL_SAFE, 16]],
  ["dynatrace_token", "Dynatrace token", ["dt0c01. dt0s01. dt0s16.", URL_SAFE_DOT, 80]],
  ["snyk_token", "Snyk token", ["snyk_uat. snyk_sat.", URL_SAFE_DOT, 30]],
  ["planetscale_token", "PlanetScale token or password", ["pscale_tkn_ pscale_pw_ pscale_oauth_", URL_SAFE_DOT, 32]],
  ["supabase_key", "Supabase secret key", ["sbp_", HEX, 40, 40], ["sb_secret_", URL_SAFE, 20]],
  ["netlify_token", "Netlify token", ["nfp_ nfc_ nfo_ nfb_", ALNUM, 36]],
  ["vercel_token", "Vercel token", ["vcp_ vci_ vca_ vcr_ vck_", ALNUM, 24]],
  ["heroku_key", "Heroku API key", ["HRKU-", URL_SAFE, 36]],
  ["flyio_token", "Fly.io token", ["fm2_", BASE64, 100], ["fo1_", URL_SAFE, 40]],
  ["tailscale_key", "Tailscale key", ["tskey-", ALNUM_HYPHEN, 20]],
  ["terraform_token", "Terraform Cloud token", ["atlasv1.", URL_SAFE, 60]],
  ["pulumi_token", "Pulumi access token", ["pul-", HEX, 40, 40]],
  ["rubygems_key", "RubyGems API key", ["rubygems_", HEX, 48, 48]],
  ["crates_token", "crates.io token", ["cio", ALNUM, 32, 32]],
  ["buildkite_token", "Buildkite token", ["bkua_ bkct_", ALNUM, 40]],
  ["circleci_token", "CircleCI token", ["CCIPAT_ CCIPRJ_", WORD, 40]],
  ["jfrog_token", "JFrog token", ["AKCp", ALNUM, 60, 80], ["cmVmdGtu", ALNUM, 56, 56]],
  ["sourcegraph_token", "Sourcegraph access token", ["sgp_", WORD, 40], ["slk_", HEX, 64, 64]],
  ["typeform_token", "Typeform token", ["tfp_", URL_SAFE, 40]],
  ["elevenlabs_key", "ElevenLabs API key", ["sk_", HEX, 48, 48]],
  ["onepassword_token", "1Password service account token", ["ops_eyJ", BASE64, 200]],
  ["age_key", "age secret key", ["AGE-SECRET-KEY-1", ALNUM, 58, 58]],
  ["alibaba_key", "Alibaba Cloud access key", ["LTAI", ALNUM, 16, 26]],
  ["yandex_key", "Yandex Cloud key", ["AQVN", URL_SAFE, 35, 38], ["t1.", URL_SAFE_DOT, 100]],
  ["easypost_key", "EasyPost API key", ["EZAK EZTK", ALNUM, 54, 54]],
  ["shippo_token", "Shippo token", ["shippo_live_ shippo_test_", HEX, 40, 40]],
  ["prefect_key", "Prefect API key", ["pnu_ pnb_", ALNUM, 36, 36]],
  ["adafruit_key", "Adafruit IO key", ["aio_", ALNUM, 28, 28]],
  ["clojars_token", "Clojars token", ["CLOJARS_", ALNUM, 60, 60]],
];

/** Marks so short or common that the service's name is looked for in their stead. */
const NEEDLES: Readonly<Record<string, readonly Needle[]>> = {
  airtable_token: ["airtable"],
  resend_key: ["resend"],
  crates_token: ["crates.io", "cargo_registry", "cargo registry"],
  mailgun_key: ["mailgun"],
  elevenlabs_key: ["elevenlabs", "xi-api-key"],
  yandex_key: ["aqvn", "yandex"],
  vercel_token: ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
};

const hasDigit = (rest: string) => /[0-9]/.test(rest);

/** One kind a service. */
export const MORE_TOKENS: readonly SensitiveKind[] = SERVICES.map(([name, summary, ...rows]) => {
  const forms: TokenForm[] = rows.flatMap(([prefixes, chars, min, max]) =>
    prefixes.split(" ").map((prefix) => ({ prefix, chars, min, max, valid: hasDigit }))
  );
  return tokenKind(name, summary, forms, NEEDLES[name], name in NEEDLES);
});
