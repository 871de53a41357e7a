import { describe, expect, it } from "vitest";
import { authority, isLoopback, isUnspecified, parseListen } from "../../../sinks/serve/listen.ts";

describe("parseListen", () => {
  it("reads addresses, names and ports alone", () => {
    expect(parseListen("127.0.0.1:7077")).toEqual({ host: "127.0.0.1", port: 7077 });
    expect(parseListen("[::1]:0")).toEqual({ host: "::1", port: 0 });
    expect(parseListen("localhost:80")).toEqual({ host: "localhost", port: 80 });
    expect(parseListen("7077")).toEqual({ host: "127.0.0.1", port: 7077 });
    expect(parseListen(":7077")).toEqual({ host: "", port: 7077 });
  });

  it("refuses what is none, in a sentence", () => {
    for (const text of ["", "localhost", "127.0.0.1:70777", "::1:80", "http://x:80", "[x]:80", "a b:80", "1:2:3"]) {
      expect(() => parseListen(text)).toThrow(/is no address to listen on: expected ADDRESS:PORT/);
    }
  });

  it("writes an address as it was", () => {
    for (const text of ["127.0.0.1:7077", "[::1]:80", "localhost:1"]) expect(authority(parseListen(text))).toBe(text);
  });
});

describe("isLoopback", () => {
  it("knows what only this machine reaches", () => {
    for (const host of ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"]) expect(isLoopback(host)).toBe(true);
    for (const host of ["", "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "1270.0.0.1", "example.org"]) {
      expect(isLoopback(host)).toBe(false);
    }
  });

  it("knows what stands for all addresses", () => {
    expect(["", "0.0.0.0", "::", "127.0.0.1"].map(isUnspecified)).toEqual([true, true, true, false]);
  });
});
