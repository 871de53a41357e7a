/** Secrets that no vendor gives out: keys, tokens and passwords known by their form or by what stands before them. */
import { base64, base64Url, type Samples, some } from "./made.ts";

const HEADER = base64Url('{"alg":"HS256","typ":"JWT"}'), CLAIMS = base64Url('{"sub":"1234","name":"nobody"}');
const DASHES = "-----";
const PEM = (label: string) =>
  `${DASHES}BEGIN ${label}${DASHES}\n${some(64)}\n${some(64)}\n${some(20)}==\n${DASHES}END ${label}${DASHES}`;

/** By kind. */
export const CREDENTIALS: Readonly<Record<string, Samples>> = {
  private_key: {
    true: [
      PEM("RSA PRIVATE KEY"),
      PEM("PRIVATE KEY"),
      PEM("OPENSSH PRIVATE KEY"),
      PEM("EC PRIVATE KEY").replaceAll("\n", "\\n"),
    ],
    near: [PEM("PUBLIC KEY"), PEM("CERTIFICATE"), "BEGIN PRIVATE KEY", `${DASHES}BEGIN RSA PRIVATE`],
  },
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
