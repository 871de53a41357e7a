import { describe, expect, it } from "vitest";
import largeResult from "../../../../transforms/detect/detectors/large_result.ts";
import { found, Talk } from "../_talk.ts";

/** Results of so many characters each. */
function results(talk: Talk, sizes: readonly number[]) {
  return sizes.flatMap((size) => {
    const call = talk.call("read");
    return [call, talk.text(call, "x".repeat(size))];
  });
}

describe("large_result", () => {
  it("tells of a result that fills a context", () => {
    const [finding, ...more] = found(largeResult, results(new Talk(), [99_000, 120_000]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "mcp.result.large", severity: "low", references: ["OWASP-LLM10:2025"] });
    expect(finding?.message).toBe('The result of tools/call "read" of server "files" has about 30,010 tokens');
  });

  it("tells of a result that is far larger than the tool's are", () => {
    const sizes = Array.from({ length: 30 }, (_, k) => 400 + k * 10);
    const [finding, ...more] = found(largeResult, results(new Talk(), [...sizes, 20_000]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "mcp.result.unusually_large", severity: "info" });
    expect(finding?.message).toMatch(/has about 5,010 tokens; 95 of 100 have 1\d\d tokens or less$/);
    expect(found(largeResult, results(new Talk(), [...sizes.slice(0, 10), 20_000]))).toEqual([]);
  });

  it("does not take pictures for text", () => {
    const talk = new Talk();
    const call = talk.call("screenshot");
    const data = "A".repeat(400_000);
    const picture = talk.answer(call, { content: [{ type: "image", data, mimeType: "image/png" }] });
    const read = talk.request("resources/read", { uri: "file:///a.pdf" });
    const blob = talk.answer(read, { contents: [{ uri: "file:///a.pdf", blob: data }] });
    expect(found(largeResult, [call, picture, read, blob])).toEqual([]);
  });

  it("takes results that are not as they should be", () => {
    const talk = new Talk();
    const events = [["x".repeat(200_000)], { content: [null, "x".repeat(200_000)] }, { content: { a: 1 } }, null]
      .flatMap((result) => {
        const call = talk.call("odd");
        return [call, talk.answer(call, result)];
      });
    expect(found(largeResult, events)).toHaveLength(2);
  });
});
