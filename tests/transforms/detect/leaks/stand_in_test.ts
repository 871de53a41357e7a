import { describe, expect, it } from "vitest";
import { isStandIn } from "../../../../transforms/detect/leaks/stand_in.ts";
import { filled } from "../../../corpus/placeholders.ts";

const made = (kind: string, id: string): string => String(filled(`{{${kind}}}`, id));

describe("isStandIn", () => {
  it.each([
    "sk-your-key-here",
    "YOUR_TOKEN",
    made("AWS_EXAMPLE", "x"),
    "user:password",
    "xxxxxxxxxxxx",
    "ghp_****1234",
    "<secret>",
    "-----BEGIN RSA PRIVATE KEY----- mean",
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "color.primary.500",
    "changeme",
  ])("takes %j for an example", (value) => expect(isStandIn(value)).toBe(true));

  it("takes no credential for one", () => {
    const kinds = [
      "GITHUB_PAT",
      "AWS_KEY",
      "AWS_SECRET",
      "OPENAI",
      "JWT",
      "PASSWORD",
      "PEM_EC",
      "PEM_OPENSSH",
      "CARD",
      "SSN",
    ];
    for (const kind of kinds) {
      for (let i = 0; i < 50; i++) expect(isStandIn(made(kind, `${kind} ${i}`)), kind).toBe(false);
    }
  });
});
