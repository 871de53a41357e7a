import { describe, expect, it } from "vitest";
import { ROOT, run } from "./_cli.ts";

const UTC = { env: { TZ: "UTC" }, cwd: ROOT };
const replay = (filter: string, ...more: string[]) =>
  run(["replay", "examples/demo.capture", "--no-summary", `--filter=${filter}`, ...more], UTC);

describe("--filter", () => {
  it("shows what docs/filter.md says, for replay", async () => {
    const page = await Deno.readTextFile(`${ROOT}docs/filter.md`);
    const block = page.split("```console\n").find((block) => block.includes("demo.capture"))?.split("```")[0] ?? "";
    const examples = block.split(/^\$ mcpsonde /m).slice(1);
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) {
      const [command = "", ...lines] = example.split("\n");
      const [, start = "", filter = ""] = /^(.*) --filter '(.*)'$/.exec(command) ?? [];
      const { code, stdout, stderr } = await run([...start.split(" "), "--filter", filter], UTC);
      expect([code, stdout, stderr]).toEqual([0, lines.join("\n"), ""]);
    }
  });

  it("shows and writes what matches", async () => {
    const { code, stdout } = await replay("tool:get-sum", "-o", "-");
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line)); // and nothing else
    expect(code).toBe(0);
    expect(lines.map(({ type }) => type)).toEqual(["request", "response"]);
    expect((await replay("-tool:*")).stdout).not.toContain("get-sum");
  });

  it("says so where nothing matches", async () => {
    const { code, stderr } = await replay("tool:nosuch kind:mcp");
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^mcpsonde: transforms\[\d\]: none of \d+ events matched the filter\n$/),
    ]);
  });

  it("takes an expression that begins with a hyphen, also as an argument of its own", async () => {
    const { stdout } = await replay("-dir:response");
    expect(stdout).toContain("notifications/initialized");
    expect((await run(["replay", "examples/demo.capture", "--no-summary", "--filter", "-dir:response"], UTC)).stdout)
      .toBe(stdout);
  });

  it.each([[["replay", "x.capture"]], [["demo"]], [[]]])("shows each mistake in its place: %j", async (command) => {
    const { code, stdout, stderr } = await run([...command, "--filter", "tol:ü latency>500q\u001b (a"]);
    expect([code, stdout, stderr]).toEqual([
      2,
      "",
      `mcpsonde: --filter: 3 mistakes in the expression
  tol:ü latency>500q␛ (a
  ^^^           ^^^^^ ^
  column 1: unknown field "tol"; did you mean "tool"?
  column 15: expected a duration such as 500ms, 1.5s, 2m or 30us, got 500q␛
  column 21: this "(" is never closed
mcpsonde: see mcpsonde --help
`,
    ]);
  });

  it("does not go with a pipeline file", async () => {
    const { code, stderr } = await run(["--pipeline", "x.jsonc", "--filter", "a"]);
    expect([code, stderr]).toEqual([
      2,
      'mcpsonde: --pipeline FILE holds all options itself: write "filter" into x.jsonc\n',
    ]);
  });
});
