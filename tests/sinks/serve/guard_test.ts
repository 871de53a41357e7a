import { describe, expect, it } from "vitest";
import { type Asked, Guard } from "../../../sinks/serve/guard.ts";

const local = new Guard({ host: "127.0.0.1", allowedHosts: [], allowedOrigins: ["https://dash.example"] });
const open = new Guard({ host: "0.0.0.0", allowedHosts: ["sonde.example", "odd.example:8443"], allowedOrigins: [] });

function asked(more: Partial<Asked>): Asked {
  return { host: "127.0.0.1:7077", origin: undefined, site: undefined, mode: undefined, isPage: false, ...more };
}

function takes(guard: Guard, more: Partial<Asked>): boolean {
  return guard.refuses(asked(more)) === undefined;
}

describe("Guard", () => {
  it("takes requests that ask for this machine, whatever the port: a tunnel may have another", () => {
    for (const host of ["127.0.0.1:7077", "localhost:9999", "LOCALHOST", "[::1]:7077", "127.0.0.1"]) {
      expect(takes(local, { host })).toBe(true);
    }
  });

  it("refuses names that an attacker may let point here", () => {
    for (
      const host of [
        undefined,
        "",
        "evil.example",
        "evil.example:7077",
        "localhost.evil.example:7077",
        "127.0.0.1.nip.io",
        "127.0.0.1:7077:80",
        "169.254.169.254",
        "localhost:7077@evil.example",
        "[::1",
      ]
    ) expect(takes(local, { host })).toBe(false);
  });

  it("takes any address, and names that it was told of, where it listens on all", () => {
    for (const host of ["10.1.2.3:7077", "[fe80::1]:7077", "sonde.example", "sonde.example:81", "odd.example:8443"]) {
      expect(takes(open, { host })).toBe(true);
    }
    for (const host of ["evil.example", "odd.example", "odd.example:80", "x.sonde.example"]) {
      expect(takes(open, { host })).toBe(false);
    }
  });

  it("refuses pages of other origins, those on other ports of this machine too", () => {
    expect(takes(local, { origin: "http://127.0.0.1:7077" })).toBe(true);
    for (const origin of ["null", "", "http://127.0.0.1:3000", "http://localhost:7077", "https://evil.example"]) {
      expect(takes(local, { origin })).toBe(false);
    }
    expect(takes(local, { origin: "https://dash.example" })).toBe(true);
  });

  it("refuses what other sites embed, and takes links to the page", () => {
    for (const site of ["cross-site", "same-site", "x"]) {
      expect(takes(local, { site })).toBe(false);
      expect(takes(local, { site, mode: "navigate" })).toBe(false);
      expect(takes(local, { site, mode: "no-cors", isPage: true })).toBe(false);
      expect(takes(local, { site, mode: "navigate", isPage: true })).toBe(true);
    }
    for (const site of ["same-origin", "none"]) expect(takes(local, { site })).toBe(true);
  });
});
