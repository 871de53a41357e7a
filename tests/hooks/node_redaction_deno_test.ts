import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Texts } from "../../transforms/redact/texts.ts";
import { policyOf } from "../../transforms/redact/policy.ts";
import { readConfig } from "../../hooks/node/src/config/read.ts";
import type { RedactConfig } from "../../hooks/node/src/config/config.ts";
import { engine, optionsOf } from "../../hooks/node/src/redact/engine.ts";
import { Sieve } from "../../hooks/node/src/redact/sieve.ts";
import { NodePlace, peers, start } from "./_node/run.ts";
import { files, named, read } from "./_python/events.ts";

const LONG = 120_000;
const SERVER = join(await peers("typescript1"), "typescript1", "hook_server.cjs");
const TOKEN = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5";
const PASSWORD = "correct-horse-battery";

const config = readConfig(undefined).config.redact as RedactConfig;
const policy = policyOf(optionsOf(config), []);

/** All that was written, as text. */
function written(place: NodePlace): string {
  return files(place.spool).map((file) => Deno.readTextFileSync(join(place.spool, file))).join("");
}

describe("the Node sensor", () => {
  it("writes no secret, in whatever it stands", async () => {
    using place = new NodePlace({ imports: false });
    const words = JSON.stringify(["-e", "0", "--", "--api-key", TOKEN, "--password", PASSWORD]);
    const script = place.file(
      "server.cjs",
      `require(${JSON.stringify(SERVER)}); require("node:child_process").spawn(process.execPath, ${words})`,
    );
    await using client = await start(place, script);
    await client.call("echo", { text: `my token is ${TOKEN} and password=${PASSWORD}` });
    await client.call("echo", { text: JSON.stringify({ password: PASSWORD, text: `\u2028${TOKEN}` }) });
    await client.call("shell", { command: `echo --password ${PASSWORD} ${TOKEN}` });
    await client.call("get", { url: `http://127.0.0.1:1/?api_key=${TOKEN}` });
    await client.end();
    const text = written(place);
    expect(text.split("\n").filter((line) => line.includes(TOKEN) || line.includes(PASSWORD))).toEqual([]);
    expect(text).toContain("my token is <github_token>");
    const told = read(place.spool);
    expect(named(told, "mcp_event").length).toBeGreaterThanOrEqual(10);
    expect(named(told, "sensor_drops")).toEqual([]);
  }, LONG);

  it("hides what the user's rules say, and hashes alike what is alike", async () => {
    const redact = {
      action: "hash",
      hash_key: "0123456789abcdef",
      rules: [
        { name: "customer", value: "C-[0-9]{6}", action: "hash" },
        { key: "internal_*", action: "remove" },
        { field: "params.arguments.words", action: "mask" },
      ],
    };
    using place = new NodePlace({ redact });
    await using client = await start(place, SERVER);
    await client.call("echo", { text: "for C-123456 and C-123456", internal_note: "between us" });
    await client.call("run", { words: ["echo", "quiet"] });
    await client.end();
    const text = written(place);
    expect(text).not.toMatch(/C-123456|between us/);
    expect(text).toMatch(/for (<customer:hash:\w+>) and \1/);
    const request = named(read(place.spool), "mcp_event").find(({ call, event }) => {
      return call?.name === "run" && event.event === "server_received_request";
    });
    expect(JSON.stringify(request?.event.message)).not.toContain("quiet");
  }, LONG);

  it("writes everything as it is if it is told to", async () => {
    using place = new NodePlace({ redact: false });
    await using client = await start(place, SERVER);
    await client.call("echo", { text: TOKEN });
    await client.end();
    expect(written(place)).toContain(TOKEN);
  }, LONG);

  it("redacts short texts as mcpsonde's own redaction does", () => {
    const own = engine(policy), texts = new Texts(policy);
    const samples = [
      { text: `token ${TOKEN}` },
      { password: PASSWORD, nested: [{ api_key: "k".repeat(20) }] },
      { text: "AKIAIOSFODNN7EXAMPLE and 4111 1111 1111 1111" },
      { text: "nothing of interest", url: "https://user:pa55word1@host/path" },
      { text: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----" },
      { headers: { authorization: "Bearer abcdefghijklmnop123456" } },
      { text: '{"inner":"{\\"token\\":\\"abcdefghijkl1234\\"}"}' },
      { text: "%7B%22password%22%3A%22correct-horse%22%7D" },
    ];
    for (const sample of samples) {
      const text = JSON.stringify(sample), bytes = new TextEncoder().encode(text);
      const expected = texts.bytes(bytes, 0, bytes.length, policy.always)?.text ?? text;
      expect(own.redact(text, false)).toBe(expected);
      if (expected !== text) expect(new Sieve().mayHold(bytes, 0, bytes.length)).toBe(true);
    }
  });

  it("does not look closer at what has no sign of a secret", () => {
    const bytes = new TextEncoder().encode(
      '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"fine"}]}}',
    );
    expect(new Sieve().mayHold(bytes, 0, bytes.length)).toBe(false);
  });
});
