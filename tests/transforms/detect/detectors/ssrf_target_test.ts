import fc from "fast-check";
import { anyText } from "../content/_any.ts";
import { describe, expect, it } from "vitest";
import { reachOf } from "../../../../transforms/detect/content/addresses.ts";
import { findUrls } from "../../../../transforms/detect/content/urls.ts";
import ssrfTarget from "../../../../transforms/detect/detectors/ssrf_target.ts";
import { found, Talk } from "../_talk.ts";

const rules = (url: string, { remote = false, tool = "fetch", key = "url", options = {} } = {}) =>
  found(ssrfTarget, [new Talk({ remote }).call(tool, { [key]: url })], options).map(({ rule }) => rule);

describe("reachOf", () => {
  it.each([
    ["169.254.169.254", "metadata"],
    ["2852039166", "metadata"],
    ["0xa9fea9fe", "metadata"],
    ["0251.0376.0251.0376", "metadata"],
    ["0xa9.0xfe.43518", "metadata"],
    ["169.254.43518", "metadata"],
    ["[::ffff:169.254.169.254]", "metadata"],
    ["[::ffff:a9fe:a9fe]", "metadata"],
    ["[64:ff9b::a9fe:a9fe]", "metadata"],
    ["[2002:a9fe:a9fe::1]", "metadata"],
    ["[fd00:ec2::254]", "metadata"],
    ["metadata.google.internal.", "metadata"],
    ["METADATA.google.internal", "metadata"],
    ["①⑥⑨.②⑤④.①⑥⑨.②⑤④", "metadata"],
    ["169。254。169。254", "metadata"],
    ["169.254.169.254.nip.io", "metadata"],
    ["a9fea9fe.nip.io", "metadata"],
    ["100.100.100.200", "metadata"],
    ["127.0.0.1", "loopback"],
    ["127.1", "loopback"],
    ["0", "loopback"],
    ["0x7f.1", "loopback"],
    ["[::1]", "loopback"],
    ["[::]", "loopback"],
    ["localhost", "loopback"],
    ["app.localhost", "loopback"],
    ["app.127-0-0-1.sslip.io", "loopback"],
    ["localtest.me", "loopback"],
    ["10.1.2.3", "private"],
    ["172.31.0.1", "private"],
    ["192.168.0.1", "private"],
    ["[fd12::1]", "private"],
    ["host.docker.internal", "private"],
    ["[fe80::1]", "link_local"],
    ["169.254.1.1", "link_local"],
    ["7f000001.a9fea9fe.rbndr.us", "rebinding"],
    ["kubernetes.default.svc", "cluster"],
    ["8.8.8.8", "public"],
    ["172.32.0.1", "public"],
    ["10.example.com", "public"],
    ["localhost.run", "public"],
    ["metadata.example.com", "public"],
    ["1.2.3.4.5", "public"],
    ["[2606:4700:4700::1111]", "public"],
    ["nip.io.example.com", "public"],
    ["", "public"],
  ])("says of %s: %s", (host, reach) => {
    expect(reachOf(host)).toBe(reach);
  });

  it("agrees on an address however it is written", () => {
    fc.assert(fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), ([a, b, c, d]) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d, octal = (n: number) => `0${n.toString(8)}`;
      const plain = reachOf(`${a}.${b}.${c}.${d}`);
      expect(reachOf(String(number))).toBe(plain);
      expect(reachOf(`0x${number.toString(16)}`)).toBe(plain);
      expect(reachOf([a, b, c, d].map(octal).join("."))).toBe(plain);
      expect(reachOf(`${a}.${(b * 256 + c) * 256 + d}`)).toBe(plain);
      expect(reachOf(`[::ffff:${a}.${b}.${c}.${d}]`)).toBe(plain);
    }));
  });

  it("takes any host and any URL", () => {
    const part = fc.constantFrom(
      "http://",
      "%2f",
      "@",
      "[",
      "]",
      ":",
      "::",
      ".",
      "0x",
      "169",
      "\\",
      "#",
      "?",
      "nip.io",
      "1",
    );
    const texts = fc.oneof(anyText, fc.array(part, { maxLength: 40 }).map((p) => p.join("")));
    fc.assert(fc.property(texts, (text) => {
      reachOf(text);
      for (const { hosts } of findUrls(text)) hosts.forEach(reachOf);
    }));
  });
});

describe("ssrf_target", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://user:pw@169.254.169.254/",
    "http://169.254.169.254\\@example.com/",
    "http:\\/\\/169.254.169.254/",
    "https://r.example/?u=http%3A%2F%2F169.254.169.254%2F",
    "https://r.example/?u=http%253A%252F%252F169.254.169.254%252F",
    "http://%31%36%39.254.169.254/",
  ])("tells of the metadata service in %s, wherever the server is", (url) => {
    expect(rules(url)).toEqual(["mcp.argument.metadata_url"]);
    expect(rules(url, { remote: true })).toEqual(["mcp.argument.metadata_url"]);
  });

  it("tells of inner addresses only if the server is elsewhere", () => {
    for (const url of ["http://localhost:3000/", "http://10.0.0.5/", "http://[::1]/", "http://192.168.1.1"]) {
      expect(rules(url)).toEqual([]);
      expect(rules(url, { remote: true })).toEqual(["mcp.argument.internal_url"]);
      expect(rules(url, { options: { local: true } })).toEqual(["mcp.argument.internal_url"]);
    }
  });

  it("tells of schemes", () => {
    expect(rules("gopher://127.0.0.1:6379/_INFO")).toEqual(["mcp.argument.url_scheme"]);
    expect(rules("dict://127.0.0.1:11211/")).toEqual(["mcp.argument.url_scheme"]);
    expect(rules("file:///etc/passwd")).toEqual(["mcp.argument.url_scheme"]);
    expect(rules("file:///home/dev/a.txt", { tool: "read_resource", key: "uri" })).toEqual([]);
  });

  it("says nothing of public addresses and of texts that speak of addresses", () => {
    expect(rules("https://example.com/?next=https://example.org", { remote: true })).toEqual([]);
    expect(rules("See http://169.254.169.254/ for more", { remote: true, key: "content" })).toEqual([]);
    expect(rules("http://localhost:8080/cb", { remote: true, key: "redirect_uri" })).toEqual([]);
    expect(rules("postgres://localhost/app", { remote: true })).toEqual([]);
    expect(rules("10.0.0.0/8", { remote: true, key: "cidr" })).toEqual([]);
  });

  it("takes a bare host for what it is where a host is asked for", () => {
    expect(rules("169.254.169.254", { key: "host" })).toEqual(["mcp.argument.metadata_url"]);
    expect(rules("169.254.169.254", { key: "id" })).toEqual([]);
  });

  it("leaves out what is allowed", () => {
    expect(rules("http://10.0.0.5/", { remote: true, options: { allow: ["10.0.0.5"] } })).toEqual([]);
  });
});
