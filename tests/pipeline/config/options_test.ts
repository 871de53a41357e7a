import { describe, expect, it } from "vitest";
import { parse, problemsOf, withSink } from "./_check.ts";

async function optionsOf(members: string): Promise<Record<string, unknown>> {
  const { plan, problems } = await parse(withSink(`"type": "jsonl", "path": "out"${members}`));
  expect(problems).toEqual([]);
  return plan!.sinks[0]!.options;
}

describe("options", () => {
  it("that are paths start from the file's folder, wherever in the options they are", async () => {
    const options = await optionsOf(`, "also": ["a", "/b", "~/c", "../d"], "rotate": { "dir": "old" }`);
    expect(options["path"]).toBe("/cfg/out");
    expect(options["also"]).toEqual(["/cfg/a", "/b", "/home/u/c", "/d"]);
    expect(options["rotate"]).toEqual({ dir: "/cfg/old" });
    expect((await optionsOf(`, "also": "~"`))["also"]).toBe("/home/u");
  });

  it("that are paths by default are resolved too", async () => {
    expect((await optionsOf(""))["state"]).toBe("/home/u/.state");
  });

  it("are filled in from the environment", async () => {
    const options = await optionsOf(`, "also": "\${DIR}/\${DIR}.jsonl", "labels": { "x": "$\${DIR}", "y": "$5 {}" }`);
    expect(options["also"]).toBe("/cfg/logs/logs.jsonl");
    expect(options["labels"]).toEqual({ x: "${DIR}", y: "$5 {}" });
  });

  it("that are numbers or true or false may be one substitution", async () => {
    expect(await optionsOf(`, "raw": "\${RAW}", "rotate": { "size": "\${SIZE:-42}" }`)).toMatchObject({
      raw: true,
      rotate: { size: 42 },
    });
    const { plan } = await parse(
      withSink(`"type": "jsonl", "path": "x", "when_full": "\${W:-drop}", "queue_events": "\${N:-7}"`),
    );
    expect(plan!.sinks[0]).toMatchObject({ whenFull: "drop", queueEvents: 7 });
  });

  it("that are strings stay strings, whatever is filled in", async () => {
    expect(await optionsOf(`, "labels": { "size": "\${SPEED}" }`)).toMatchObject({ labels: { size: "2.5" } });
  });

  it.each([
    [`"raw": "true"`, `expected true or false, got "true"`],
    [`"raw": "\${SPEED}"`, 'expected true or false, got "${SPEED}"'],
    [`"rotate": { "size": "\${WORD}" }`, 'expected a number, got "${WORD}"'],
    [`"rotate": { "size": "\${SPEED}" }`, 'expected a whole number, got "${SPEED}"'],
    [`"rotate": { "size": 1.5 }`, "expected a whole number, got 1.5"],
    [`"rotate": { "size": 0 }`, "expected at least 1, got 0"],
    [`"rotate": []`, "expected an object, got an array"],
    [`"also": 5`, "expected a string, or an array, got 5"],
    [`"labels": { "a": {} }`, "expected a string, got an object"],
    [`"path": ""`, `expected at least 1 character, got ""`],
    [`"when_full": "dorp"`, `expected one of "block", "drop", got "dorp"; did you mean "drop"?`],
    [`"when_full": "drop", "queue_events": "many"`, `expected a number, got "many"`],
    [`"transforms": {}`, `expected an array of transforms, such as [{ "type": "jsonrpc" }]`],
  ])("tells what was expected of %s", async (member, message) => {
    const path = member.startsWith(`"path"`) ? "" : `, "path": "x"`;
    const problems = await problemsOf(withSink(`"type": "jsonl"${path}, ${member}`));
    expect(problems.length).toBe(1);
    expect(problems[0]!.slice(problems[0]!.indexOf(": ", 20) + 2)).toBe(message);
  });

  it("never show what was filled in", async () => {
    const text = withSink(`"type": "jsonl", "path": "x", "raw": "\${WORD}", "when_full": "\${WORD}"`);
    expect((await problemsOf(text)).join()).not.toContain("hunter2");
  });

  it("report a variable that is not set, in its place", async () => {
    expect(await problemsOf(withSink(`"type": "jsonl",\n"path": "logs/\${TODAY}"`))).toEqual([
      "mon.jsonc:4:15: sinks.b.path: the environment variable TODAY is not set; give a default with " +
      '"${TODAY:-…}"',
    ]);
  });

  it("report a file that cannot be read, in its place", async () => {
    expect(await problemsOf(withSink(`"type": "jsonl",\n"path": "\${file:token}"`))).toEqual([
      'mon.jsonc:4:10: sinks.b.path: "token": no such file',
    ]);
  });
});
