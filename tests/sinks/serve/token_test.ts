import { describe, expect, it } from "vitest";
import { Attempts } from "../../../sinks/serve/attempts.ts";
import { makeToken, Token } from "../../../sinks/serve/token.ts";

describe("Token", () => {
  it("knows itself and its cookie, and nothing else", () => {
    const text = makeToken(), token = new Token(text);
    expect(token.is(text)).toBe(true);
    expect(token.isCookie(token.cookie)).toBe(true);
    expect(token.is(token.cookie)).toBe(false);
    expect(token.isCookie(text)).toBe(false);
    for (const wrong of ["", text.slice(1), `${text}x`, "x".repeat(1_000_000)]) expect(token.is(wrong)).toBe(false);
  });

  it("is another one each time, and long enough not to be guessed", () => {
    const tokens = new Set(Array.from({ length: 100 }, makeToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{32}$/);
  });

  it("has the same cookie in the next run if the token is the same", () => {
    expect(new Token("0123456789abcdef").cookie).toBe(new Token("0123456789abcdef").cookie);
    expect(new Token("0123456789abcdef").cookie).not.toBe(new Token("0123456789abcdeg").cookie);
  });
});

describe("Attempts", () => {
  it("lets an address wait after 20 wrong tokens in a minute, and no other", () => {
    let now = 0;
    const attempts = new Attempts(() => now);
    for (let k = 0; k < 20; k++) {
      expect(attempts.wait("a")).toBe(0);
      attempts.failed("a");
      now += 1000;
    }
    expect(attempts.wait("a")).toBe(40);
    expect(attempts.wait("b")).toBe(0);
    now += 40_000;
    expect(attempts.wait("a")).toBe(0);
  });

  it("remembers a bounded number of addresses", () => {
    const attempts = new Attempts(() => 0);
    for (let k = 0; k < 20; k++) attempts.failed("first");
    expect(attempts.wait("first")).toBeGreaterThan(0);
    for (let k = 0; k < 1024; k++) attempts.failed(`other ${k}`);
    expect(attempts.wait("first")).toBe(0);
  });
});
