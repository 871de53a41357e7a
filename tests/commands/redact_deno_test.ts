import { afterAll, describe, expect, it } from "vitest";
import { KINDS } from "../../transforms/redact/options.ts";
import { ROOT, run } from "./_cli.ts";

const folder = Deno.makeTempDirSync({ prefix: "mcpsonde-redact-" });
const file = (name: string, text: string) => {
  Deno.writeTextFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
};
const MESSAGES = file(
  "messages.ndjson",
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"login","arguments":{"password":"correct horse","c":"c-9911"}}}
{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"TOKEN=ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8"}]}}
`,
);

describe("mcpsonde redact --try", () => {
  afterAll(() => Deno.removeSync(folder, { recursive: true }));

  it("counts and shows what is hidden, without showing it", async () => {
    const { code, stdout } = await run(["redact", "--try", MESSAGES]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 messages and 0 other events: 2 values hidden in 2\n/);
    expect(stdout).toMatch(/builtin +password +hash +1 +1\n/);
    expect(stdout).toContain("cor… (13 characters)");
    expect(stdout).not.toMatch(/correct horse|ghp_a1/);
  });
  it("shows all of it if asked to", async () => {
    const { stdout } = await run(["redact", "--try", MESSAGES, "--reveal"]);
    expect(stdout).toContain("correct horse");
  });
  it("takes rules of a file or of a pipeline, and names those that fit nothing", async () => {
    const rules = '"rules": [{ "key": "c", "action": "mask", "name": "customer" }, { "key": "zzz", "action": "mask" }]';
    const own = await run(["redact", "--try", MESSAGES, "--rules", file("rules.jsonc", `{ ${rules} }`)]);
    expect(own.stdout).toMatch(/customer +customer +mask +1 +1\n/);
    expect(own.stdout).toContain("nothing fits rules[1]");
    const pipeline = `{ "sources": { "a": { "type": "replay", "path": "x" } }, "sinks": { "b": { "type": "console" } },
      "transforms": [{ "type": "redact", ${rules} }] }`;
    const of = await run(["redact", "--try", MESSAGES, "--pipeline", file("p.jsonc", pipeline), "--examples", "0"]);
    expect(of.stdout).toMatch(/customer +customer +mask +1 +1\n/);
  });
  it("names mistakes with their places", async () => {
    const { code, stderr } = await run([
      ...["redact", "--try", MESSAGES, "--rules"],
      file("bad.jsonc", '{\n  "rules": [{ "field": "a..b", "action": "mask" }],\n  "hash": 1\n}'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("bad.jsonc:2:24: rules[0].field: expected a path");
    expect(stderr).toContain("bad.jsonc:3:3: hash: unknown option");
  });
  it("reads a capture", async () => {
    const { stdout } = await run(["redact", "--try", `${ROOT}examples/demo.capture`]);
    expect(stdout).toMatch(/builtin +session_id +hash +\d+/);
  });
});

describe("docs/redaction.md", () => {
  it("has every built-in kind", () => {
    const text = Deno.readTextFileSync(`${ROOT}docs/redaction.md`);
    expect(KINDS.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
  });
});

describe("the default pipeline", () => {
  it("redacts, unless told not to", async () => {
    const capture = `${ROOT}examples/demo.capture`;
    expect((await run(["replay", capture, "-o", "-"])).stdout).toContain("<session_id:hash:");
    expect((await run(["replay", capture, "-o", "-", "--no-redact"])).stdout).not.toContain("<session_id:hash:");
  });
});
