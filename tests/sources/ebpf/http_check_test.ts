import { describe, expect, it } from "vitest";
import { HttpCheck } from "../../../sources/ebpf/http_check.ts";
import { GET, POST } from "./_net.ts";

describe("HttpCheck", () => {
  const check = (...pieces: string[]) => {
    const check = new HttpCheck();
    let verdict = "more";
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      verdict = check.push("out", bytes, 0, bytes.length);
      if (verdict !== "more") break;
    }
    return verdict;
  };

  for (
    const sign of [
      POST,
      "GET /mcp HTTP/1.1\r\nMcp-Session-Id: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\nevent: endpoint\ndata: /messages\n\n",
      "GET /.well-known/oauth-protected-resource HTTP/1.1\r\n\r\n",
      "POST /v1/messages HTTP/1.1\r\n\r\n",
      "POST /openai/deployments/x/chat/completions?v=1 HTTP/1.1\r\n\r\n",
      "POST /v1beta/models/gemini:streamGenerateContent HTTP/1.1\r\n\r\n",
    ]
  ) it(`knows ${sign.split("\r\n")[0]}`, () => expect(check(sign)).toBe("confirmed"));

  it("knows a sign cut in two", () => expect(check(POST.slice(0, 60), POST.slice(60))).toBe("confirmed"));
  it("waits at first", () => expect(check(GET)).toBe("more"));
  it("gives up a large download", () => expect(check("x".repeat(300_000))).toBe("rejected"));
});
