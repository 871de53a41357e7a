import fc from "fast-check";
import { anyText } from "../content/_any.ts";
import { describe, expect, it } from "vitest";
import { judgePath } from "../../../../transforms/detect/content/paths.ts";
import pathTraversal from "../../../../transforms/detect/detectors/path_traversal.ts";
import { found, Talk } from "../_talk.ts";

const rules = (args: Parameters<Talk["call"]>[1], tool = "read_file") =>
  found(pathTraversal, [new Talk().call(tool, args)]).map(({ rule }) => rule);

describe("path_traversal", () => {
  it.each([
    "../../../etc/hostname",
    "..\\..\\..\\windows\\win.ini",
    "%2e%2e%2f%2e%2e%2fsecret",
    "%252e%252e%252fsecret",
    "..%c0%afsecret",
    "....//....//secret",
    "..;/..;/manager",
    "．．／secret",
    "images/../../secret",
    "/srv/www/../../../secret",
    "file:///srv/../etc/shadow",
    "report\0.pdf/x",
    "report.pdf%00.png",
    "../../.ssh/config",
    "C:\\app\\..\\..\\secret",
    "\\\\host\\share\\..\\..\\c$",
  ])("tells that %j climbs", (path) => {
    expect(rules({ path })).toEqual(["mcp.argument.path_traversal"]);
  });

  it.each([
    "/etc/passwd",
    "/etc/shadow",
    "~/.ssh/id_rsa",
    "/proc/self/environ",
    "file:///root/.bash_history",
    "/home/a/.aws/credentials",
  ])(
    "tells that %j is sensitive",
    (path) => {
      expect(rules({ path })).toEqual(["mcp.argument.sensitive_path"]);
    },
  );

  it.each([
    "src/main.ts",
    "../sibling/README.md",
    "../../packages/core/package.json",
    "/home/dev/project/a..b.txt",
    "v1.0..v1.1",
    "main...topic",
    "/tmp/x",
    "/etc/hostname",
    "docs/.env.example",
    "https://example.com/a/b",
    ".github/workflows/ci.yml",
    "100%.txt",
    "./a/./b",
    "a/../b",
  ])("says nothing of %j", (path) => {
    expect(rules({ path })).toEqual([]);
  });

  it("finds paths in lists and objects", () => {
    expect(rules({ files: [{ name: "a.txt" }, { name: "../../../../etc/passwd" }] })).toHaveLength(1);
  });

  it("leaves text alone that may speak of paths", () => {
    const content = "import a from '../../../a.ts'; // not /etc/passwd";
    expect(rules({ path: "a.ts", content }, "write_file")).toEqual([]);
    expect(rules({ query: "what is /etc/passwd" }, "web_search")).toEqual([]);
    expect(rules({ command: "cat ../../../x" }, "bash")).toEqual([]);
  });

  it("judges URIs of resources", () => {
    const talk = new Talk();
    expect(found(pathTraversal, [talk.request("resources/read", { uri: "file:///home/../etc/shadow" })])).toHaveLength(
      1,
    );
    expect(found(pathTraversal, [talk.request("resources/read", { uri: "memo://../../../x" })])).toHaveLength(0);
  });

  it("tells of what is outside of the roots, once these are known", () => {
    const talk = new Talk();
    const asked = talk.request("roots/list", {}, "server");
    const before = talk.call("read_file", { path: "/srv/other/a.txt" });
    const roots = talk.answer(asked, { roots: [{ uri: "file:///home/dev/my%20project" }, { uri: "file:///tmp" }] });
    const after = ["/srv/other/a.txt", "/home/dev/my project/a.txt", "/home/dev/my projector/a.txt", "/tmp", "/api"]
      .map((path) => talk.call("read_file", { path }));
    const findings = found(pathTraversal, [before, asked, roots, ...after]);
    expect(findings.map(({ rule, evidence }) => [rule, evidence])).toEqual([
      ["mcp.argument.outside_roots", "/srv/other/a.txt"],
      ["mcp.argument.outside_roots", "/home/dev/my projector/a.txt"],
    ]);
    expect(found(pathTraversal, [before, asked, roots, ...after], { roots: false })).toEqual([]);
  });

  it("says what and where", () => {
    const [finding] = found(pathTraversal, [new Talk().call("read", { a: { b: ["../../../../etc/passwd"] } })]);
    expect(finding).toMatchObject({
      message: 'Argument "a.b[0]" of "read" climbs to a file of the system or of a person\'s secrets',
      severity: "high",
      evidence: "../../../../etc/passwd",
      details: { tool: "read", argument: "a.b[0]" },
    });
  });

  it("takes any path", () => {
    const part = fc.constantFrom(
      "..",
      "/",
      "\\",
      "%2e",
      "%25",
      "%c0%ae",
      "a",
      "\0",
      "~",
      "file://",
      "C:",
      ";",
      "．",
      "etc/passwd",
    );
    const paths = fc.oneof(anyText, fc.array(part, { maxLength: 40 }).map((p) => p.join("")));
    fc.assert(fc.property(paths, (path) => {
      const verdict = judgePath(path);
      if (verdict !== undefined) expect(verdict.score).toBeLessThanOrEqual(1);
    }));
  });
});
