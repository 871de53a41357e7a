/** Documents with what is to be hidden in them, and what looks like it. */
import fc from "fast-check";

/** A secret that is known by its form. */
export const TOKEN = "ghp_q7Za2b3c4d5e6f7g8h9j2k3m4n5p6q7r8s9t2";
const LEAF = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constantFrom(true, null, 4111111111111111, "4111 1111 1111 1111", TOKEN, `see ${TOKEN}.`, "password: string"),
  fc.constantFrom(
    "API_KEY=abc123def456",
    "a\nb: c",
    "token=x1y2z3w4 --password hunter2",
    '{"password":"hunter2"}',
    "[1",
  ),
  fc.constantFrom("a%3Db", "Authorization: Bearer abcdef0123456789", '"x"', " {", "50%25 off\ttoday", "é: ü"),
);
const NAME = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "password",
    "a",
    "x-api-key",
    "inputSchema",
    "parameters",
    "properties",
    "default",
    "token",
    "max_tokens",
  ),
  fc.constantFrom(TOKEN, "pass\nword", "tokens: x", "pin", "clientSecret", "secret?", "session_id"),
);
/** Any document. */
export const DOCUMENT = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, LEAF, tie("object"), tie("array")),
  object: fc.dictionary(NAME, tie("value"), { maxKeys: 5 }),
  array: fc.array(tie("value"), { maxLength: 4 }),
}));
