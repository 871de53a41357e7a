import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { junit } from "../../../commands/_check/junit.ts";
import { Talk } from "../../transforms/detect/_talk.ts";
import { finding, HOSTILE, reportOf } from "./_report.ts";

/** Elements in their order: name, attributes, text. Throws what a strict XML 1.0 parser finds wrong. */
function parse(xml: string) {
  const parser = new SaxesParser();
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return elements;
}

describe("check, JUnit XML", () => {
  it("has a suite for each detector and a test case for each rule", () => {
    const elements = parse(
      junit(reportOf([finding(new Talk()), finding(new Talk(), { rule: "test.info", severity: "info" })])),
    );
    expect(elements.map(({ name, attributes }) => `${name} ${attributes["name"] ?? attributes["message"] ?? ""}`))
      .toEqual([
        "testsuites mcpsonde check a b.capture",
        "testsuite test_detector",
        "testcase test.high",
        "failure Something is wrong",
        "testcase test.info",
        "system-out ",
        "testcase test.medium",
      ]);
    expect(elements[0]?.attributes).toMatchObject({ tests: "3", failures: "1", errors: "0" });
    expect(elements[1]?.attributes).toMatchObject({ tests: "3", failures: "1" });
    expect(elements[3]).toMatchObject({
      attributes: { type: "high" },
      text: "high: files/search: Something is wrong",
    });
  });

  it("takes any text", () => {
    const talk = new Talk({ name: HOSTILE });
    const xml = junit(reportOf([finding(talk, { message: HOSTILE, evidence: HOSTILE, details: { tool: HOSTILE } })]));
    const failure = parse(xml).find(({ name }) => name === "failure");
    expect(failure?.attributes["message"]).toContain(
      "]]> <b a='1' c=\"2\"> & \ufffd \ufffd[2J \ufffd \ufffd \ufffd \u202e",
    );
    expect(failure?.attributes["message"]).toContain("😀 \ufffd\n\t &#0; <!-- -- -->");
    // deno-lint-ignore no-control-regex
    expect(xml).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it("has an error if the capture was not read to its end", () => {
    const elements = parse(junit(reportOf([], { complete: false })));
    expect(elements[0]?.attributes).toMatchObject({ tests: "4", errors: "1" });
    expect(elements.filter(({ name }) => name === "error")).toHaveLength(1);
  });
});
