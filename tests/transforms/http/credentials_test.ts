import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Credentials } from "../../../transforms/http/credentials/mod.ts";
import { chunk, connect, exchanges, head, ok, post, run, text } from "./_feed.ts";

const credentials = new Credentials(false);
const hash = (secret: string): string => `sha256:${createHash("sha256").update(secret).digest("hex").slice(0, 8)}`;
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0";
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The value of one header, as shown. */
const shown = (name: string, value: string): string => credentials.headers([[name, value]])[0]![1];

describe("http credentials in headers", () => {
  it.each([
    ["authorization", `Bearer ${JWT}`, `Bearer ${hash(JWT)}`],
    ["authorization", `bearer   ${JWT} `, `bearer ${hash(JWT)}`],
    ["authorization", "Basic dXNlcjpwYXNz", `Basic ${hash("dXNlcjpwYXNz")}`],
    ["proxy-authorization", "Basic dXNlcjpwYXNz", `Basic ${hash("dXNlcjpwYXNz")}`],
    ["authorization", "no-scheme-at-all", hash("no-scheme-at-all")],
    ["authorization", "two words", hash("two words")],
    ["authorization", 'Digest username="u", response="1"', `Digest ${hash('username="u", response="1"')}`],
    ["authorization", "Negotiate", "Negotiate"],
    ["x-forwarded-authorization", "Bearer abc", `Bearer ${hash("abc")}`],
    ["x-api-key", "short", hash("short")],
    ["api-key", "0123456789abcdef", hash("0123456789abcdef")],
    ["x-goog-api-key", "AIzaSyA-1234", hash("AIzaSyA-1234")],
    ["x-auth-token", "t", hash("t")],
    ["x-amz-security-token", "IQoJb3JpZ2luX2VjE", hash("IQoJb3JpZ2luX2VjE")],
    ["private-token", "glpat-1", hash("glpat-1")],
    ["x-access-token", "a b", hash("a b")],
    ["x-acme-token", "Kd83hfk2", hash("Kd83hfk2")],
    ["x-acme-secret", "correct4horse", hash("correct4horse")],
    ["x-acme-api-key", "pk_live_12345678", hash("pk_live_12345678")],
    ["x-acme-key", "9f86d081884c7d659a2feaa0c55ad015", hash("9f86d081884c7d659a2feaa0c55ad015")],
    ["token", "t", hash("t")],
    ["dpop", JWT, hash(JWT)],
    ["x-auth", "hunter2", hash("hunter2")],
    ["x-custom-auth", "S3cr3tS3cr3tS3cr3t", hash("S3cr3tS3cr3tS3cr3t")],
    ["x-custom-auth", "Bearer S3cr3tS3cr3tS3cr3t", `Bearer ${hash("S3cr3tS3cr3tS3cr3t")}`],
    ["x-admin-password", "hunter2", hash("hunter2")],
    ["x-acme-jwt", JWT, hash(JWT)],
    ["x-db-credentials", "hunter2hunter2", hash("hunter2hunter2")],
    ["location", "/x?openai_api_key=a&X_API_KEY=b", `/x?openai_api_key=${hash("a")}&X_API_KEY=${hash("b")}`],
    [
      "location",
      "/x?pass=a&oauth_token=b&db-password=c",
      `/x?pass=${hash("a")}&oauth_token=${hash("b")}&db-password=${hash("c")}`,
    ],
    ["cookie", "sid=abc; theme=dark;x=", `sid=${hash("abc")}; theme=${hash("dark")};x=`],
    ["cookie", "bare", hash("bare")],
    ["cookie", "a=b=c==", `a=${hash("b=c==")}`],
    [
      "set-cookie",
      "sid=abc; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
      `sid=${hash("abc")}; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT`,
    ],
    ["set-cookie", "sid=; Max-Age=0", "sid=; Max-Age=0"],
    ["location", "https://a/cb?code=xyz&state=1", `https://a/cb?code=${hash("xyz")}&state=1`],
    ["location", "https://a/#access_token=xyz&token_type=b", `https://a/#access_token=${hash("xyz")}&token_type=b`],
    ["location", "https://user:pass@a/", `https://${hash("user:pass")}@a/`],
    ["referer", "http://a/?api_key=k%2B1", `http://a/?api_key=${hash("k+1")}`],
    [
      "location",
      "/login?next=https%3A%2F%2Fb%2F%3Ftoken%3Dxyz",
      `/login?next=${encodeURIComponent(`https://b/?token=${hash("xyz")}`)}`,
    ],
    [
      "sec-websocket-protocol",
      "realtime, openai-insecure-api-key.sk-1234",
      `realtime, openai-insecure-api-key.${hash("sk-1234")}`,
    ],
  ])("hides %s: %s", (name, value, expected) => {
    expect(shown(name, value)).toBe(expected);
  });

  it.each([
    ["mcp-session-id", "0123456789abcdef0123456789abcdef"],
    ["mcp-protocol-version", "2025-06-18"],
    ["mcp-name", "get_token"],
    ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ["idempotency-key", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ["surrogate-key", "article-1 article-2"],
    ["x-sort-key", "created_at"],
    ["x-use-token", "true"],
    ["x-require-auth", "true"],
    ["x-max-token", "4096"],
    ["x-partition-key", "a long sentence of words, which is no credential"],
    ["content-type", "application/json"],
    ["www-authenticate", 'Bearer resource_metadata="https://a/.well-known/oauth-protected-resource"'],
    ["location", "https://a/x?sessionId=abc&max_tokens=5&keyword=k&codec=h264&page_token=x"],
    ["etag", 'W/"0123456789abcdef"'],
    ["x-request-id", "0123456789abcdef"],
    ["user-agent", "token/1.0 (key=value)"],
  ])("shows %s: %s", (name, value) => {
    const fields = [[name, value]] as const;
    expect(credentials.headers(fields)).toBe(fields);
  });

  it("gives the same hash for the same credential, wherever it stands", () => {
    const all = [
      shown("authorization", `Bearer ${JWT}`).slice("Bearer ".length),
      shown("cookie", `t=${JWT}`).slice("t=".length),
      shown("x-api-key", JWT),
      credentials.target(`/?access_token=${JWT}`).slice("/?access_token=".length),
    ];
    expect(new Set(all)).toEqual(new Set([hash(JWT)]));
    expect(shown("x-api-key", hash(JWT))).toBe(hash(JWT));
  });

  it("keeps the other headers' order and identity", () => {
    const fields = [["a", "1"], ["authorization", "Bearer x"], ["b", "2"]] as const;
    const hidden = credentials.headers(fields);
    expect(hidden.map(([name]) => name)).toEqual(["a", "authorization", "b"]);
    expect(hidden[0]).toBe(fields[0]);
    expect(fields[1][1]).toBe("Bearer x");
  });
});

describe("http credentials in targets", () => {
  it.each([
    ["/mcp?token=a&x=1", `/mcp?token=${hash("a")}&x=1`],
    ["/mcp?x=1&API_KEY=a", `/mcp?x=1&API_KEY=${hash("a")}`],
    ["/mcp?X-Amz-Signature=a&X-Amz-Date=b", `/mcp?X-Amz-Signature=${hash("a")}&X-Amz-Date=b`],
    ["/mcp?ap%69_key=a", `/mcp?ap%69_key=${hash("a")}`],
    ["http://u:p@host/mcp", `http://${hash("u:p")}@host/mcp`],
    ["u:p@host:443", `${hash("u:p")}@host:443`],
    ["/x?code=%zz", `/x?code=${hash("%zz")}`],
  ])("hides %s", (target, expected) => expect(credentials.target(target)).toBe(expected));

  it.each([
    "/messages?sessionId=0123456789",
    "/messages/?session_id=0123456789",
    "/token",
    "/mcp?tokens=1&key_id=2&encode=3&token=",
    "/@scope/name",
    "*",
    "host:443",
  ])("shows %s", (target) => expect(credentials.target(target)).toBe(target));
});

describe("http credentials in bodies", () => {
  const body = (type: string | undefined, target: string | undefined, content: string): string =>
    decoder.decode(
      credentials.body(type === undefined ? [] : [["content-type", type]], target, encoder.encode(content)),
    );
  const FORM = "application/x-www-form-urlencoded", JSON_TYPE = "application/json";

  it.each([
    [
      FORM,
      "/any",
      "grant_type=authorization_code&code=a&code_verifier=b",
      `grant_type=authorization_code&code=${hash("a")}&code_verifier=${hash("b")}`,
    ],
    [FORM, "/any", "client_secret=a+b&scope=x", `client_secret=${hash("a b")}&scope=x`],
    [undefined, "/oauth/token", "refresh_token=a", `refresh_token=${hash("a")}`],
    [JSON_TYPE, "/token", '{"client_secret" : "a\\u0062"}', `{"client_secret" : "${hash("ab")}"}`],
    [
      JSON_TYPE,
      undefined,
      '{"access_token":"a","token_type":"Bearer","expires_in":1}',
      `{"access_token":"${hash("a")}","token_type":"Bearer","expires_in":1}`,
    ],
    [
      JSON_TYPE,
      "/register",
      '{"client_id":"i","client_secret":"s"}',
      `{"client_id":"i","client_secret":"${hash("s")}"}`,
    ],
    [
      JSON_TYPE,
      "/token",
      '{"access_\\u0074oken":"a","refresh_token":"cut',
      `{"access_\\u0074oken":"${hash("a")}","refresh_token":"${hash("cut")}`,
    ],
  ])("hides in %s to %s: %s", (type, target, content, expected) => {
    expect(body(type, target, content)).toBe(expected);
  });

  it.each([
    [JSON_TYPE, "/mcp", '{"jsonrpc":"2.0","id":1,"result":{"access_token":"a"}}'],
    [JSON_TYPE, "/mcp", '{"id":1,"result":{"access_token":"a"},"jsonrpc":"2.0"}'],
    [JSON_TYPE, "/api", '{"password":"a"}'],
    [JSON_TYPE, "/token", '{"error":"invalid_grant"}'],
    ["text/html", "/token", "<a href='?code=1'>"],
    [FORM, "/any", "max_tokens=5&sessionId=a"],
  ])("shows %s to %s: %s", (type, target, content) => expect(body(type, target, content)).toBe(content));

  it("takes broken JSON in linear time", () => {
    const hostile = `{"access_token":"a",${'"\\"'.repeat(200_000)}`;
    const start = performance.now();
    expect(body(JSON_TYPE, "/token", hostile)).not.toContain('"a"');
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("http with credentials", () => {
  const messages = (link: ReturnType<typeof connect>) => [
    chunk(
      link.up,
      post("/token?api_key=s3cret", "client_secret=s3cret", [
        "Authorization: Bearer s3cret",
        "Cookie: a=s3cret",
        "Content-Type: application/x-www-form-urlencoded",
      ]),
    ),
    chunk(link.down, ok('{"access_token":"s3cret"}', ["Set-Cookie: a=s3cret", "Location: /?code=s3cret"])),
    chunk(link.up, head("GET http://a:s3cret@b/ HTTP/1.1", ["Host: a:s3cret@b", "Transfer-Encoding: chunked"])),
    chunk(link.up, "0\r\nX-Auth-Token: s3cret\r\n\r\n"),
  ];

  it("emits none in clear", async () => {
    const events = exchanges(await run(messages(connect())));
    expect(events.length).toBe(3);
    for (const event of events) {
      expect(JSON.stringify({ ...event, stream: 0, exchange: { ...event.exchange, stream: 0 } })).not.toContain(
        "s3cret",
      );
      expect(text(event)).not.toContain("s3cret");
    }
  });

  it("emits all in clear if told to", async () => {
    const [request, response] = exchanges(await run(messages(connect()), { credentials: "keep" }));
    expect(request!.exchange.request!.headers).toContainEqual(["authorization", "Bearer s3cret"]);
    expect(request!.exchange.request!.target).toBe("/token?api_key=s3cret");
    expect(text(response!)).toBe('{"access_token":"s3cret"}');
  });
});
