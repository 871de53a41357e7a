import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isSecretKey } from "../../protocols/sensitive/mod.ts";
import { run } from "../e2e/_harness/process.ts";
import { SAMPLES } from "../protocols/sensitive/_samples.ts";
import { PACKAGE, Place } from "./_python/run.ts";

/** Names of members that are secrets', and some that are not. */
const NAMES = (
  "password db_password DB_PASSWORD passwordHash apiKey API_KEY x-api-key X-Api-Key client_secret clientSecret token " +
  "access_token accessToken authToken token_value private_key privateKey sessionId session-cookie cvv otp smtp_pass " +
  "_auth connectionString seed_phrase recovery_codes credentials authorization Set-Cookie jwt secret1 password2 " +
  "author max_tokens progressToken nextPageToken page_token tokens hasPassword use_token inputTokens key keyboard " +
  "monkey passage compass secretary tokenizer cookie_policy input_token auth oauth_provider pass primary_key id code"
).split(" ");

describe("the Python sensor's redaction", () => {
  it("finds in all samples what the redact transform finds, and no more", async () => {
    using place = new Place();
    const names = Object.fromEntries(NAMES.map((name) => [name, isSecretKey(name)]));
    const samples = place.file("samples.json", JSON.stringify({ samples: SAMPLES, names }));
    const { code, stderr } = await run(["python3", "-m", "unittest", "discover", "-s", join(PACKAGE, "tests")], {
      env: { MCPSONDE_SAMPLES: samples },
      cwd: PACKAGE,
    });
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  }, 120_000);
});
