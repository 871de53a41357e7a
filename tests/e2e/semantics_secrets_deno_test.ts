/** No secret that real peers say, wherever they say it, is in what mcpsonde writes by default. */
import { beforeAll, describe, expect, it } from "vitest";
import { filled } from "../corpus/placeholders.ts";
import { commands, Server, talk } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";

const INSTALL = 600_000;
const TRANSFORMS = ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type }));

/** Where a secret is put, and what kind of secret. */
const PLACES: Readonly<Record<string, string>> = {
  argument: "GITHUB_PAT",
  argument_nested: "OPAQUE",
  argument_json: "GITHUB_PAT",
  argument_name: "GITHUB_PAT",
  named: "PASSWORD",
  request_meta: "ANTHROPIC",
  prompt_argument: "AWS_KEY",
  uri_argument: "OPAQUE",
  unknown_method: "STRIPE_LIVE",
  reason: "JWT",
  client_name: "GITLAB_PAT",
  elicited: "CARD",
  server_name: "GITHUB_PAT",
  instructions: "OPENAI",
  description: "SLACK_BOT",
  schema_default: "STRIPE_LIVE",
  resource_uri: "PASSWORD",
  resource_text: "GITHUB_OAUTH",
  prompt: "JWT",
  progress: "NPM",
  log: "HF",
  elicitation: "IBAN_DE",
  error_message: "GITHUB_PAT",
  error_data: "GCP_KEY",
  result_text: "OPENAI",
  result_structured: "SENDGRID",
  result_meta: "GITHUB_FINE",
  // stdio
  command_line: "GITHUB_PAT",
  command_line_next: "GITHUB_PAT",
  environment: "GITHUB_PAT",
  stray_output: "GITHUB_PAT",
  malformed: "GITHUB_PAT",
  escaped: "GITHUB_PAT",
  // HTTP
  authorization: "OPAQUE",
  cookie: "OPAQUE",
  api_key_header: "OPAQUE",
  custom_header: "GITHUB_PAT",
  query: "OPAQUE",
  query_other: "GITHUB_PAT",
  set_cookie: "OPAQUE",
  refusal: "GITHUB_PAT",
  refused: "GITHUB_PAT",
};

/** A made-up secret for each place of a transport. */
function secretsOf(transport: string): Record<string, string> {
  const made = Object.entries(PLACES).map(([place, kind]) => {
    return [place, String(filled(`{{${kind}}}`, `${transport} ${place}`))];
  });
  return Object.fromEntries(made);
}

/** As JSON escapes, which may stand in a string of JSON in their turn. */
function escaped(text: string, backslash: string): string {
  return [...text].map((letter) => `${backslash}u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

describe.skipIf(noCapture)("redaction, of what real peers say", () => {
  let monitor: Monitor;
  let peer: ReturnType<typeof commands>;

  beforeAll(async () => {
    peer = commands(await install("typescript1"));
    monitor = await Monitor.start({
      ebpf: { only: { pid: [Deno.pid] }, tls: false },
      transforms: TRANSFORMS,
      sinks: { screen: { type: "console", verbose: true } },
      jsonl: { raw: true, details: true, other_http: "whole" },
    });
    return () => monitor[Symbol.asyncDispose]();
  }, INSTALL);

  async function hold(transport: string): Promise<void> {
    const SECRETS = JSON.stringify(secretsOf(transport));
    const client = (to: string) => peer.typescript("node", "typescript1/secrets_client.mjs", to);
    if (transport === "stdio") return void await talk(client("stdio"), { env: { SECRETS } });
    const command = peer.typescript("node", "typescript1/secrets_server.mjs", "http");
    await using server = await Server.start(command, { env: { SECRETS } });
    await talk(client(server.url("http", "/")), { env: { SECRETS } });
  }

  it.each(["stdio", "http"])("leaves none in the file or on the screen, over %s", async (transport) => {
    const before = monitor.lines().length;
    await hold(transport);
    await monitor.settle();
    const lines = monitor.lines().slice(before);
    const seen = new Set(lines.map(({ method }) => method));
    for (const method of ["resources/read", "prompts/get", "elicitation/create", "no/such/method"]) {
      expect(seen).toContain(method);
    }
    const outputs = { file: await Deno.readTextFile(monitor.path), screen: monitor.stdout, stderr: monitor.stderr };
    const leaks = Object.entries(secretsOf(transport)).flatMap(([place, secret]) => {
      const forms = [secret, escaped(secret, "\\"), escaped(secret, "\\\\")];
      const leaky = Object.entries(outputs).filter(([, text]) => forms.some((form) => text.includes(form)));
      return leaky.map(([output]) => `${place}: ${output}`);
    });
    expect(leaks).toEqual([]);
  }, 30_000);
});
