import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteSearch } from "../../../protocols/byte_search/mod.ts";
import { isSecretKey, SECRET_KEY_NEEDLES } from "../../../protocols/sensitive/mod.ts";

const SECRET =
  ("password passwd pwd secret token api_key apikey apiKey API_KEY X-Api-Key access_token accessToken refresh_token " +
    "client_secret clientSecret private_key privateKey authorization Authorization Proxy-Authorization cookie Set-Cookie " +
    "session_id sessionId JSESSIONID DB_PASSWORD db.password MYSQL_ROOT_PASSWORD newPassword password_confirmation " +
    "passwordHash password2 token_value githubToken GITHUB_TOKEN slack-bot-token csrfToken aws_secret_access_key " +
    "AWSSecretKey secretAccessKey _auth npmAuth credentials basic_auth smtp_pass signingKey encryption_key SSHKey otp cvv " +
    "connectionString authToken IDToken id_token bearer jwt passphrase recovery_codes code_verifier HTTPPassword")
    .split(" ");
const PLAIN =
  ("author authors authority key keys name max_tokens maxTokens tokens tokenCount token_count total_tokens promptTokens " +
    "progressToken nextCursor nextPageToken page_token continuationToken NextToken syncToken token_type tokenType " +
    "token_endpoint authorization_endpoint passwordPolicy password_min_length secretName secret_name hasPassword " +
    "is_secret use_token public_key publicKey primaryKey foreign_key sort_key idempotency_key cookieName session sessions " +
    "compass passenger passing tokenizer stop_token eosToken keyboard monkey id pid auth authenticated oauth bypass " +
    "secretary tokenize cookieConsentGiven requires_authorization pin code passport").split(" ");

describe("isSecretKey", () => {
  it.each(SECRET)("knows %s", (name) => expect(isSecretKey(name)).toBe(true));
  it.each(PLAIN)("leaves alone %s", (name) => expect(isSecretKey(name)).toBe(false));

  it("looks at no endless name", () => {
    expect(isSecretKey("a".repeat(1e6) + "_password")).toBe(false);
    expect(isSecretKey("")).toBe(false);
  });

  it("says yes only where a needle is", () => {
    const search = new ByteSearch([SECRET_KEY_NEEDLES]);
    const word = fc.constantFrom(
      ..."api access secret private key keys token tokens auth pass password pwd db user cookie session id code value hash"
        .split(" "),
      ..."otp mfa max progress page next new author credential creds jwt bearer seed phrase client app climax homepage 2"
        .split(" "),
    );
    const names = fc.array(word, { minLength: 1, maxLength: 4 }).chain((words) =>
      fc.constantFrom(
        words.join("_"),
        words.join("-"),
        words.join("."),
        words.join(""),
        words.join(" "),
        `_${words.join("_").toUpperCase()}`,
        words.map((each) => each[0]!.toUpperCase() + each.slice(1)).join(""),
      )
    );
    fc.assert(
      fc.property(names, (name) => {
        const bytes = new TextEncoder().encode(`{"${name}":"x"}`);
        if (isSecretKey(name)) expect([name, search.search(bytes, 0, bytes.length)]).toEqual([name, 1]);
      }),
      { numRuns: 5000 },
    );
  });
});
