/**
 * Made-up values of every kind, and values that nearly are some. Marks and the rest are put together here, so that
 * nothing in this file looks like a real one to those who look for them.
 */

/** So many characters, the same ones each time, with digits and letters of both cases. */
export function some(length: number, alphabet = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYz"): string {
  let text = "";
  for (let k = 0; k < length; k++) text += alphabet[(k * 7 + (k >> 2)) % alphabet.length];
  return text;
}
const hex = (length: number) => some(length, "0a1b2c3d4e5f6789");
const upper = (length: number) => some(length, "A2B3C4D5E6F7GHIJKLMNOP");
const lower = (length: number) => some(length, "a1b2c3d4e5f6g7h8i9jk");
const base64 = (text: string) => btoa(text);
const base64Url = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const HEADER = base64Url('{"alg":"HS256","typ":"JWT"}'), CLAIMS = base64Url('{"sub":"1234","name":"nobody"}');
const DASHES = "-----";
const PEM = (label: string) =>
  `${DASHES}BEGIN ${label}${DASHES}\n${some(64)}\n${some(64)}\n${some(20)}==\n${DASHES}END ${label}${DASHES}`;

/** Of one kind: what is found, whole, in a text with it; and texts in which nothing is. */
export interface Samples {
  /** The text, and what of it is the value, where it is not all. */
  readonly true: readonly (string | readonly [text: string, ...values: string[]])[];
  readonly near: readonly string[];
}

const token = (mark: string, rest: string): Samples => ({
  true: [mark + rest, [`export X="${mark}${rest}"`, mark + rest], [`{"k":"a\\n${mark}${rest}"}`, mark + rest]],
  near: [mark, mark + rest.slice(0, 8), `x${mark}${rest}`],
});

/** By kind. */
export const SAMPLES: Readonly<Record<string, Samples>> = {
  private_key: {
    true: [
      PEM("RSA PRIVATE KEY"),
      PEM("PRIVATE KEY"),
      PEM("OPENSSH PRIVATE KEY"),
      PEM("EC PRIVATE KEY").replaceAll("\n", "\\n"),
    ],
    near: [PEM("PUBLIC KEY"), PEM("CERTIFICATE"), "BEGIN PRIVATE KEY", `${DASHES}BEGIN RSA PRIVATE`],
  },
  anthropic_key: token("sk-" + "ant-", "api03-" + some(86) + "-AA"),
  openai_key: {
    true: ["sk-" + some(48), "sk-" + "proj-" + some(100), "sk-" + "svcacct-" + some(60), "sk-" + "admin-" + some(40)],
    near: ["sk-" + some(20), "task-" + some(48), "sk-proj-short", "sk-learn-and-some-other-packages-of-python-2"],
  },
  github_token: {
    true: [
      ..."pousr".split("").map((c) => "gh" + c + "_" + some(36)),
      "github" + "_pat_" + some(22) + "_" + some(59),
      ["https://x-access-token:" + "ghs_" + some(36) + "@github.com/", "ghs_" + some(36)],
    ],
    near: ["ghp_" + some(35), "ghx_" + some(36), "github_pat_" + some(10), "xghp_" + some(36)],
  },
  gitlab_token: {
    true: [
      "glpat-" + some(20),
      "glpat-" + some(27) + ".01." + some(9),
      "gldt-" + some(20),
      "GR13" + "48941" + some(20),
    ],
    near: ["glpat-" + some(12), "GR1348941", "aglpat-" + some(20)],
  },
  slack_token: {
    true: [
      "xoxb-" + "123456789012-1234567890123-" + some(24),
      "xapp-" + "1-A0123-" + some(40),
      "xoxe.xoxp-" + "1-" + some(60),
    ],
    near: ["xoxb-", "xoxz-" + some(40), "xoxb-abc", "foxoxb-" + some(40)],
  },
  stripe_key: {
    true: ["sk_" + "live_" + some(24), "rk_" + "live_" + some(24), "sk_" + "test_" + some(24), "whsec_" + some(32)],
    near: ["pk_" + "live_" + some(24), "sk_" + "live_" + "abc", "task_" + "live_" + some(24)],
  },
  npm_token: { true: ["npm_" + some(36)], near: ["npm_" + some(35), "npm_" + some(37), "npm_config_registry"] },
  pypi_token: token("pypi-" + "AgEIcHlwaS5vcmc", some(80)),
  huggingface_token: token("hf_", some(34)),
  sendgrid_key: {
    true: ["SG." + some(22) + "." + some(43)],
    near: ["SG." + some(21) + "." + some(43), "SG." + some(66), "USG." + some(22) + "." + some(43)],
  },
  twilio_key: {
    true: [["twilio SK" + hex(32), "SK" + hex(32)]],
    near: ["SK" + hex(31), "SKU" + hex(31), "RISK" + hex(32)],
  },
  cloudflare_token: {
    true: ["cfut_" + some(48), "cfat_" + some(48), "cfk_" + some(48), "v1.0-" + hex(24) + "-" + hex(146)],
    near: ["cfut_" + some(20), "v1.0-" + hex(24), "v1.0-beta"],
  },
  digitalocean_token: token("dop" + "_v1_", hex(64)),
  aws_key: {
    true: [
      "AKIA" + upper(16),
      "ASIA" + upper(16),
      [`AKIA${upper(16)}\n${some(40)}`, "AKIA" + upper(16), some(40)],
      [`aws_secret_access_key = ${some(40)}`, some(40)],
      [`{"SecretAccessKey":"${some(38)}/+"}`, some(38) + "/+"],
      "IQoJb3JpZ2lu" + some(300),
    ],
    near: [
      "AKIA" + upper(15),
      "AKIA" + upper(17),
      "AKIA" + lower(16),
      "AROA" + upper(16),
      some(40),
      `secret access key ${hex(40)}`,
    ],
  },
  gcp_key: {
    true: ["AIza" + some(35), "GOCSPX-" + some(28), "ya29." + some(100), "1//0" + some(60)],
    near: ["AIza" + some(34), "AIza" + some(36), "GOCSPX-" + some(20), "ya29.abc", "11//0" + some(60)],
  },
  azure_key: {
    true: [
      [`AccountName=x;AccountKey=${some(86)}==;EndpointSuffix=core.windows.net`, some(86) + "=="],
      [`SharedAccessKey=${some(43)}=`, some(43) + "="],
      [`https://x.blob.core.windows.net/c?sv=2024-11-04&se=2026-01-01&sig=${some(43)}%3D`, some(43) + "%3D"],
      some(3) + "8Q~" + some(34),
      some(76) + "AZDO" + some(4),
    ],
    near: [
      "AccountKey=abc",
      "sig=abc",
      some(3) + "xQ~" + some(34),
      some(3) + "8Q~" + some(20),
      some(70) + "AZDO" + some(4),
    ],
  },
  slack_webhook: {
    true: [[`https://hooks.slack.com/services/T01234567/B01234567/${some(24)}`, some(24)]],
    near: ["https://hooks.slack.com/services/T01234567", `https://slack.com/services/T0/B0/${some(24)}`],
  },
  discord_token: {
    true: [
      ["discord M" + some(23) + "." + some(6) + "." + some(38), "M" + some(23) + "." + some(6) + "." + some(38)],
      [`https://discord.com/api/webhooks/123456789012345678/${some(68)}`, some(68)],
    ],
    near: ["discord.com/channels/123456789012345678", "M" + some(10) + "." + some(6) + "." + some(38), "version.1.2.3"],
  },
  telegram_bot_token: {
    true: ["123456789" + ":AA" + some(33), [
      `api.telegram.org/bot1234567890:AA${some(33)}/getMe`,
      "1234567890:AA" + some(33),
    ]],
    near: ["123456789:AA" + some(20), "1234:AA" + some(33), "00:AA:11:22:33:44"],
  },
  openrouter_key: token("sk-or" + "-v1-", hex(64)),
  groq_key: token("gsk_", some(52)),
  xai_key: token("xai-", some(80)),
  perplexity_key: token("pplx-", some(48)),
  replicate_token: token("r8_", some(37)),
  langsmith_key: token("lsv2" + "_pt_", hex(32) + "_" + hex(10)),
  tavily_key: token("tvly-", some(32)),
  pinecone_key: token("pcsk_", some(69)),
  notion_token: token("ntn_", some(46)),
  linear_key: token("lin_" + "api_", some(40)),
  figma_token: token("figd_", some(40)),
  postman_key: token("PMAK-", hex(24) + "-" + hex(34)),
  atlassian_token: token("ATATT3", "xFfGF0" + some(180) + "=1A2B3C4D"),
  airtable_token: {
    true: [["airtable pat" + some(14) + "." + hex(64), "pat" + some(14) + "." + hex(64)]],
    near: ["path" + some(14) + "." + hex(64), "pat" + some(14)],
  },
  databricks_token: token("dapi", hex(32)),
  docker_token: token("dckr" + "_pat_", some(27)),
  vault_token: token("hvs.", some(90)),
  grafana_token: token("glsa_", some(32) + "_" + hex(8)),
  doppler_token: token("dp.pt.", some(43)),
  shopify_token: token("shpat_", hex(32)),
  square_token: token("sq0atp-", some(22)),
  razorpay_key: token("rzp_" + "live_", some(14)),
  mailgun_key: { true: [["mailgun key-" + hex(32), "key-" + hex(32)]], near: ["key-" + hex(31), "monkey-" + hex(32)] },
  brevo_key: token("xkeysib-", hex(64) + "-" + some(16)),
  resend_key: { true: [["resend re_" + some(33), "re_" + some(33)]], near: ["are_" + some(33), "re_" + some(10)] },
  sentry_token: token("sntrys_", some(90)),
  new_relic_key: token("NRAK-", upper(27)),
  dynatrace_token: token("dt0c01.", upper(24) + "." + upper(64)),
  snyk_token: token("snyk_uat.", some(60)),
  planetscale_token: token("pscale_" + "tkn_", some(43)),
  supabase_key: token("sbp_", hex(40)),
  netlify_token: token("nfp_", some(36)),
  vercel_token: token("vcp_", some(56)),
  heroku_key: token("HRKU-", some(60)),
  flyio_token: token("fm2_", some(200)),
  tailscale_key: token("tskey-", "auth-" + some(40)),
  terraform_token: {
    true: [[some(14) + ".atlasv1." + some(67), "atlasv1." + some(67)]],
    near: ["atlasv1." + some(10)],
  },
  pulumi_token: token("pul-", hex(40)),
  rubygems_key: token("rubygems_", hex(48)),
  crates_token: {
    true: [["crates.io cio" + some(32), "cio" + some(32)]],
    near: ["cio" + some(31), "socio" + some(32)],
  },
  buildkite_token: token("bkua_", hex(40)),
  circleci_token: token("CCIPAT_", some(22) + "_" + hex(40)),
  jfrog_token: token("AKCp", some(69)),
  sourcegraph_token: token("sgp_", hex(40)),
  typeform_token: token("tfp_", some(59)),
  elevenlabs_key: {
    true: [["elevenlabs sk_" + hex(48), "sk_" + hex(48)]],
    near: ["sk_" + hex(47), "task_" + hex(48)],
  },
  onepassword_token: token("ops_eyJ", some(300)),
  age_key: token("AGE-" + "SECRET-KEY-1", upper(58)),
  alibaba_key: token("LTAI", some(20)),
  yandex_key: token("AQVN", some(36)),
  easypost_key: token("EZAK", some(54)),
  shippo_token: token("shippo_" + "live_", hex(40)),
  prefect_key: token("pnu_", some(36)),
  adafruit_key: token("aio_", some(28)),
  clojars_token: token("CLOJARS_", hex(60)),
  jwt: {
    true: [
      `${HEADER}.${CLAIMS}.${some(43)}`,
      `${HEADER}.${CLAIMS}.`.slice(0, -1),
      [`see ${HEADER}.${CLAIMS}.${some(43)}.`, `${HEADER}.${CLAIMS}.${some(43)}`],
      [`{"id_token":"${HEADER}.${CLAIMS}.${some(43)}"}`, `${HEADER}.${CLAIMS}.${some(43)}`],
    ],
    near: [
      HEADER,
      `${base64Url('{"typ":"JWT"}')}.${CLAIMS}.${some(43)}`,
      `eyJ${some(40)}.${CLAIMS}`,
      "eyJ.eyJ.x",
      `x${HEADER}.${CLAIMS}.a`,
    ],
  },
  connection_string: {
    true: [
      ["postgres://user:hunter2@db.example.com:5432/x", "hunter2"],
      ["redis://:hunter2@cache", "hunter2"],
      ["mongodb+srv://u:p%40ss@cluster0.example.net/?w=1", "p%40ss"],
      ["amqp://u:a@b@host", "a@b"],
      ["https:\\/\\/u:hunter2@host\\/x", "hunter2"],
    ],
    near: [
      "https://example.com:8080/@scope/x",
      "postgres://user@host/db",
      "postgres://user:${PW}@host",
      "http://[::1]:80/",
      "mailto:a@b",
      "https://host/a:b@c",
      "postgres://user:***@host",
      "://:@",
    ],
  },
  authorization: {
    true: [
      ["Authorization: Bearer x1", "x1"],
      [`bearer ${some(32)}`, some(32)],
      [`{"Authorization":"Bearer ${some(8)}"}`, some(8)],
      [`Authorization: Basic ${base64("user:hunter2")}`, base64("user:hunter2")],
      [`-H 'Authorization: token ${some(30)}'`, some(30)],
    ],
    near: [
      "bearer authentication",
      "Bearer token",
      "basic authentication",
      "Basic " + base64("no colon"),
      "Authorization: Bearer ${TOKEN}",
      "Authorization: Bearer <token>",
      "the bearer of this letter has 12 coins",
      "Authorization Token Grant Dispatcher",
    ],
  },
  cookie: {
    true: [
      ["Cookie: sid=abc123; theme=dark", "abc123", "dark"],
      ["Set-Cookie: sid=abc123; Path=/; HttpOnly", "abc123"],
      ['{"cookie":"sid=abc123"}', "abc123"],
    ],
    near: ["Cookie: none", "cookies are tasty", "Cookie: a=b", "cookie=1"],
  },
  assigned_secret: {
    true: [
      ["DB_PASSWORD=hunter22", "hunter22"],
      ["api_key: 'abcd1234'", "abcd1234"],
      ["curl 'https://x/?a=1&access_token=abcdef&b=2'", "abcdef"],
      ['{\\"clientSecret\\": \\"s3cr3t\\"}', "s3cr3t"],
      ["Server=x;Password=hunter22;", "hunter22"],
      ["--token=abc123def", "abc123def"],
      ["a\\nexport API_KEY=abc123def\\n", "abc123def"],
    ],
    near: [
      "password: string",
      "max_tokens=4096000",
      "const token = generateToken()",
      "token == other1",
      "password=${PASSWORD}",
      "password: <password>",
      "api_key = os.environ['API_KEY1']",
      "secret: ********",
      "Token: none",
      "the password: it is long",
      "author=someone1",
      "passwordPolicy=strong1",
      "password=process.env.PASSWORD1",
      "passwd=x",
    ],
  },
  card_number: {
    true: [
      "4111 1111 1111 1111",
      "4012-8888-8888-1881",
      "378282246310005",
      "3782 822463 10005",
      "5555555555554444",
      "2223003122003222",
      "6011111111111117",
      "30569309025904",
      "3530111333300000",
      ["pay 4242424242424242 now", "4242424242424242"],
      ["1234 4111 1111 1111 1111 5555 5555 5555 4444 12", "4111 1111 1111 1111", "5555 5555 5555 4444"],
    ],
    near: [
      "4111 1111 1111 1112",
      "1732218808000123",
      "41111111111111111",
      "0.4111111111111111",
      "x4111111111111111",
      "4111-1111-1111111-1",
      "1234567812345670",
      "4111111111111111.5",
      "0000000000000000",
      "4222222222222",
    ],
  },
  iban: {
    true: [
      "GB82WEST12345698765432",
      "DE89 3704 0044 0532 0130 00",
      "NL91ABNA0417164300",
      "NO9386011117947",
      "FR1420041010050500013M02606",
      "MT84MALT011000012345MTLCAST001S",
      ["to DE89370400440532013000.", "DE89370400440532013000"],
    ],
    near: [
      "GB82WEST12345698765433",
      "DE8937040044053201300",
      "XX82WEST12345698765432",
      "GB82WEST123456987654321",
      "ab12cd34ef56ab78",
      "SHA256ABCDEF0123456789",
    ],
  },
  us_ssn: {
    true: ["123-45-6789", "912-70-1234", ["SSN: 123456789", "123456789"]],
    near: [
      "000-12-3456",
      "666-12-3456",
      "123-00-6789",
      "123-45-0000",
      "123456789",
      "1123-45-6789",
      "900-10-1234",
      "2026-11-21",
    ],
  },
  de_tax_id: {
    true: [["Steuer-ID 86095742719", "86095742719"], "86 095 742 719"],
    near: ["86095742719", "Steuer-ID 86095742718", "Steuer-ID 12345678901", "00 000 000 000"],
  },
  fr_nir: {
    true: ["255081416802538", "2 55 08 14 168 025 38"],
    near: ["255081416802539", "955081416802538", "25508141680253"],
  },
  in_aadhaar: {
    true: ["2341 2341 2346", ["Aadhaar 234123412346", "234123412346"]],
    near: ["2341 2341 2347", "1341 2341 2346", "234123412346", "2341-2341-23466"],
  },
  ca_sin: {
    true: [["social insurance number 130 692 544", "130 692 544"]],
    near: ["130 692 544", "social insurance number 130 692 545", "social insurance 046 454 286"],
  },
  pl_pesel: {
    true: [["PESEL 44051401359", "44051401359"]],
    near: ["44051401359", "PESEL 44051401358", "PESEL 44991401359"],
  },
  nl_bsn: { true: [["BSN: 111222333", "111222333"]], near: ["111222333", "BSN: 111222334", "BSN: 000000000"] },
  se_personnummer: {
    true: [["personnummer 811228-9874", "811228-9874"], ["personnummer 19811228-9874", "19811228-9874"]],
    near: ["811228-9874", "personnummer 811228-9875", "personnummer 811328-9874"],
  },
  au_tfn: { true: [["TFN 123 456 782", "123 456 782"]], near: ["123 456 782", "TFN 123 456 783"] },
  uk_nhs: { true: [["NHS number 943 476 5919", "943 476 5919"]], near: ["943 476 5919", "NHS number 943 476 5918"] },
  br_cpf: {
    true: [["CPF 529.982.247-25", "529.982.247-25"], ["cpf=52998224725", "52998224725"]],
    near: ["52998224725", "CPF 529.982.247-26", "CPF 111.111.111-11"],
  },
  uk_nino: {
    true: [["National Insurance number AB123456C", "AB123456C"], ["NI number: AB 12 34 56 C", "AB 12 34 56 C"]],
    near: ["AB123456C", "NINO DA123456C", "NINO BG123456A", "NINO AB123456E", "NINO AB1234567C"],
  },
  es_dni: {
    true: [["DNI 12345678Z", "12345678Z"], ["NIE: X1234567L", "X1234567L"], ["NIF 12345678-Z", "12345678-Z"]],
    near: ["12345678Z", "DNI 12345678A", "DNI 1234567Z", "DNI 20261121T195300"],
  },
  it_fiscal_code: {
    true: [["codice fiscale RSSMRA85T10A562S", "RSSMRA85T10A562S"]],
    near: ["RSSMRA85T10A562T", "RSSMRA85T10A56", "XRSSMRA85T10A562S"],
  },
  cn_resident_id: {
    true: ["11010519491231002X"],
    near: ["110105194912310021", "11010519491331002X", "01010519491231002X"],
  },
  email: {
    true: ["jane.doe+x@mail.example.com", ["<a@b.io>", "a@b.io"], ["mailto:a_b@example.org.", "a_b@example.org"]],
    near: ["git@github.com:a/b", "@scope/package", "package@1.2.3", "a@b", "user@localhost", "@", "a@.com"],
  },
  phone: {
    true: [
      "+49 151 23456789",
      "+1 (415) 555-0132",
      "(415) 555-0132",
      "415-555-0132",
      "030 1234567",
      "01 42 68 53 00",
      "+442079460958",
    ],
    near: [
      "1732218808000",
      "1+2",
      "2026-11-21",
      "01-02-2026",
      "192.168.0.100",
      "415-555-01321",
      "550e8400-e29b-41d4-a716-446655440000",
      "12345678",
      "v0.10-20",
    ],
  },
  high_entropy: {
    true: [some(40), "f3a9c0d17b5e48264a8d90c1e2b7f65303d94e8a"],
    near: [
      "550e8400-e29b-41d4-a716-446655440000",
      "https://example.com/some/path/to/a/page",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "TheQuickBrownFoxJumpsOver",
    ],
  },
};
