/** Keys and tokens of the vendors that most servers talk to, of clouds and of messengers. */
import { hex, lower, type Samples, some, token, upper } from "./made.ts";

/** By kind. */
export const VENDOR_TOKENS: Readonly<Record<string, Samples>> = {
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
};
