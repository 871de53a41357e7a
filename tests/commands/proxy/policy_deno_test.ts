import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporary } from "../_cli.ts";
import { lines, proxy } from "./_proxy.ts";

const call = (id: number, name: string) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name } });

type Finish = (cleanup: () => unknown) => void;

/** What comes back for calls of `ls` and `rm` by a server that echoes, by id; and how it ended. */
async function ask(finish: Finish, args: readonly string[]) {
  const { say, line, hangUp, rest, home } = await proxy(finish, [...args, "--", "cat"]);
  await say(`${call(1, "ls")}\n${call(2, "rm")}\n{"jsonrpc":"2.0","id":3,"method":"ping"}\n`);
  const answers = [await line(), await line(), await line()].map((text) => JSON.parse(text ?? "{}"));
  await hangUp();
  const { code, stderr } = await rest();
  const denied = answers.filter(({ error }) => error !== undefined).map(({ id, error }) => [id, error.data.rule]);
  return { denied: denied.sort(), code, stderr, home };
}

describe("a policy of mcpsonde proxy", () => {
  it("may come from a file, with comments", async ({ onTestFinished }) => {
    const file = join(await temporary(onTestFinished), "rules.jsonc");
    await Deno.writeTextFile(
      file,
      `{
        // nobody removes anything
        "rules": [{ "name": "no rm", "action": "deny", "server": "fi*", "tool": "rm" }],
      }`,
    );
    expect((await ask(onTestFinished, ["--name", "files", "--policy", file])).denied).toEqual([[2, "no rm"]]);
    expect((await ask(onTestFinished, ["--name", "other", "--policy", file])).denied).toEqual([]);
  }, 60_000);

  it("lets only what is allowed be called, and nothing that is denied too", async ({ onTestFinished }) => {
    expect((await ask(onTestFinished, ["--allow", "tool:ls"])).denied).toEqual([[2, "default"]]);
    const both = await ask(onTestFinished, ["--allow", "tool:*", "--deny", "tool:rm"]);
    expect(both.denied).toEqual([[2, "tool:rm"]]);
  }, 60_000);

  it("only tells in a rehearsal", async ({ onTestFinished }) => {
    const { denied, home } = await ask(onTestFinished, ["--deny", "tool:rm", "--dry-run"]);
    expect(denied).toEqual([]);
    const findings = (await lines(home)).filter(({ rule }) => rule === "policy.denied");
    expect(findings.map(({ message }) => message)).toContain(
      'tools/call of "rm" breaks the policy: the rule "tool:rm" denies it',
    );
  }, 60_000);

  it("may stand in a pipeline file", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const file = join(folder, "mon.jsonc");
    const policy = { rules: [{ action: "deny", where: "tool:rm" }], default: "allow" };
    const out = { type: "jsonl", path: join(folder, "out.jsonl") };
    const sources = { server: { type: "stdio", policy } };
    await Deno.writeTextFile(file, JSON.stringify({ sources, transforms: [{ type: "jsonrpc" }], sinks: { out } }));
    expect((await ask(onTestFinished, ["--pipeline", file])).denied).toEqual([[2, "rules[0]"]]);
  }, 60_000);

  it("stalls a client that asks on and on for what is denied, and reads no answers", async ({ onTestFinished }) => {
    const { say, child } = await proxy(onTestFinished, ["--deny", "tool:rm", "-o", "/dev/null", "--", "cat"]);
    const block = `${call(1, "rm")}\n`.repeat(1000);
    let sent = 0;
    void (async () => {
      for (; sent < 60_000_000; sent += block.length) await say(block);
    })().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(sent).toBeLessThan(20_000_000);
    const rss = Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${child.pid}/status`))?.[1]);
    expect(rss).toBeLessThan(300_000);
  }, 60_000);

  it.each<[readonly string[], string]>([
    [["--deny", "tool:"], "--deny: a mistake in the expression"],
    [["--policy", "/nosuch"], "--policy: /nosuch cannot be read"],
    [["--dry-run"], "--dry-run needs a policy"],
    [["-o", "-"], "standard output is the client's"],
  ])("says what is wrong with %j", async (args, message) => {
    const { rest } = await proxy(() => {}, [...args, "--", "cat"]);
    const { code, stdout, stderr } = await rest();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`mcpsonde: ${message}`);
  }, 60_000);
});
