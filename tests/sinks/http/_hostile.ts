/** Texts that do harm where they are not escaped. */
export const HOSTILE = [
  "<!channel> <@U024BE7LH> <https://evil.example|your bank>",
  "@here @everyone @channel",
  "[click](https://evil.example) www.evil.example http://evil.example",
  "\u001b[2J\u202etxt.exe\u0000\r\n\u2028",
  '"}],"text":"mine","x":[{"a":"',
  "a\nb\tc\\u0000 \ud800 ${kind} `*_~",
  "' OR 1=1; DROP TABLE mcpsonde.events; --",
  "__proto__",
  "x".repeat(5000),
] as const;
