import { describe, expect, it } from "vitest";
import { type Lookup, substitute } from "../../../pipeline/config/substitute.ts";

const lookup: Lookup = {
  env: (name) => ({ A: "1", EMPTY: "", TRICKY: "${A}" })[name],
  file: (path) => path === "secret" ? Promise.resolve("s3cr3t\n\n") : Promise.reject(new Error(`no file ${path}`)),
};

describe("substitute", () => {
  it.each([
    ["plain $ and {}", "plain $ and {}"],
    ["${A}", "1"],
    ["<${A}${A}>", "<11>"],
    ["${A:-x}", "1"],
    ["${B:-x y:-z}", "x y:-z"],
    ["${B:-}", ""],
    ["${EMPTY:-x}", "x"],
    ["${EMPTY}", ""],
    ["$${A}", "${A}"],
    ["$$${A}", "$${A}"],
    ["${TRICKY}", "${A}"],
    ["${file:secret}", "s3cr3t\n"],
  ])("makes of %s what it stands for", async (text, expected) => {
    const { text: filled, errors } = await substitute(text, lookup);
    expect(filled).toBe(expected);
    expect(errors).toEqual([]);
  });

  it.each([
    ["x${B}", "${B}", /^the environment variable B is not set/],
    ["${file:nope}", "${file:nope}", /^no file nope$/],
    ["a${A", "${A", /without "}"/],
    ["${}", "${}", /^expected "\$\{NAME\}"/],
    ["${1}", "${1}", /^expected "\$\{NAME\}"/],
    ["${A-x}", "${A-x}", /^expected "\$\{NAME\}"/],
  ])("tells what is wrong with %s", async (text, piece, message) => {
    const { errors } = await substitute(text, lookup);
    expect(errors.length).toBe(1);
    expect(errors[0]!.piece).toBe(piece);
    expect(errors[0]!.message).toMatch(message);
  });

  it("tells whether a string is one substitution", async () => {
    const whole = async (text: string) => (await substitute(text, lookup)).whole;
    expect(await whole("${A}")).toBe(true);
    expect(await whole("${A} ")).toBe(false);
    expect(await whole("$${A}")).toBe(false);
    expect(await whole("${A}${A}")).toBe(false);
  });
});
