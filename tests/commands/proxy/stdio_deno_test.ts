import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, temporary } from "../_cli.ts";
import { lines, proxy, until } from "./_proxy.ts";

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
/** Answers each line with a result for its id. */
const SERVER = `
  import readline from "node:readline";
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { id, method } = JSON.parse(line);
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { method } }));
  }`;
const node = (script: string) => ["--", "node", "--input-type=module", "-e", script];

describe("mcpsonde proxy", () => {
  it("moves messages both ways and writes them to a file", async ({ onTestFinished }) => {
    const { say, line, hangUp, rest, home } = await proxy(onTestFinished, ["--name", "echo", ...node(SERVER)]);
    await say(`${ping}\n`);
    expect(await line()).toBe('{"jsonrpc":"2.0","id":1,"result":{"method":"ping"}}');
    await hangUp();
    expect(await rest()).toEqual({ stdout: "", stderr: "", code: 0, signal: null });
    const told = await lines(home);
    expect(told[0]).toMatchObject({ kind: "mcp", method: "ping", server: "echo", source: "server" });
    expect(told.find(({ type }) => type === "response")).toMatchObject({ kind: "mcp", id: 1 });
  });

  it.each(["pipe", "file"])("does not change a byte of what comes from a %s", async (from) => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "in"), out = join(folder, "out");
    const bytes = new Uint8Array(20_000_000);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    await Deno.writeFile(path, bytes);
    const main = new URL("../../../commands/_proxy/mcpsonde_proxy.ts", import.meta.url).pathname;
    const proxied = `deno run -A ${main} proxy -o /dev/null -- cat`;
    const script = from === "pipe" ? `cat ${path} | ${proxied} | cat > ${out}` : `${proxied} < ${path} > ${out}`;
    const { code } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    expect(code).toBe(0);
    expect(Buffer.compare(await Deno.readFile(out), bytes)).toBe(0);
    await Deno.remove(folder, { recursive: true });
  });

  it.each<[string, string, { code: number; signal: string | null }]>([
    ["code", "exit 7", { code: 7, signal: null }],
    ["SIGTERM", "kill -TERM $$", { code: 143, signal: "SIGTERM" }],
    ["SIGKILL", "kill -KILL $$", { code: 137, signal: "SIGKILL" }],
    ["SIGSEGV", "kill -SEGV $$", { code: 139, signal: "SIGSEGV" }],
  ])("ends as the server ends: by %s", async (_, script, ending) => {
    const { rest } = await proxy({ onTestFinished: () => {} }.onTestFinished, ["--", "sh", "-c", script]);
    expect(await rest()).toMatchObject(ending);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const)("hands %s to the server", async (signal) => {
    const cleanups: (() => unknown)[] = [];
    const script = `trap 'echo got; exit 3' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
    const { child, line, rest } = await proxy((cleanup) => cleanups.push(cleanup), ["--", "sh", "-c", script]);
    expect(await line()).toBe("ready");
    child.kill(signal);
    expect(await line()).toBe("got");
    expect(await rest()).toMatchObject({ code: 3, signal: null });
    for (const cleanup of cleanups) await cleanup();
  });

  it("leaves standard error to the server, and says nothing there itself", async ({ onTestFinished }) => {
    const { rest } = await proxy(onTestFinished, ["--", "sh", "-c", "echo out; echo problem >&2"]);
    expect(await rest()).toMatchObject({ stdout: "out\n", stderr: "problem\n", code: 0 });
  });

  it("hands on the environment, byte for byte", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const main = new URL("../../../commands/_proxy/mcpsonde_proxy.ts", import.meta.url).pathname;
    const script =
      `export BAD=$(printf 'a\\377b') ; deno run -A ${main} proxy -o ${folder}/o -- sh -c 'printf %s "$BAD"' | od -An -tx1`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    expect(new TextDecoder().decode(stdout).trim()).toBe("61 ff 62");
  });

  it("hands on the end of the input, and then what the server still has to say", async ({ onTestFinished }) => {
    const { say, hangUp, rest } = await proxy(onTestFinished, ["--", "sh", "-c", "wc -c; sleep 0.3; echo bye"]);
    await say("12345");
    await hangUp();
    expect((await rest()).stdout.split("\n").map((line) => line.trim())).toEqual(["5", "bye", ""]);
  });

  it("hands on the end of the output while the server still reads", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const { say, line, hangUp, child } = await proxy(onTestFinished, [
      "--",
      "sh",
      "-c",
      `exec >&-; cat > ${folder}/got`,
    ]);
    expect(await line()).toBeUndefined();
    await say("late");
    await hangUp();
    expect((await child.status).code).toBe(0);
    expect(await Deno.readTextFile(`${folder}/got`)).toBe("late");
  });

  it("tells the server that the client is gone", async ({ onTestFinished }) => {
    const main = new URL("../../../commands/_proxy/mcpsonde_proxy.ts", import.meta.url).pathname;
    const folder = await temporary(onTestFinished);
    // head leaves after a line; without the news of it, yes would write for ever
    const script = `deno run -A ${main} proxy -o ${folder}/o -- yes | head -n 1`;
    const { code, stdout } = await new Deno.Command("timeout", { args: ["10", "bash", "-c", script] }).output();
    expect(new TextDecoder().decode(stdout)).toBe("y\n");
    expect(code).toBe(0);
  });

  it("tells the client that the server does not read any more", async ({ onTestFinished }) => {
    const { say, line, rest } = await proxy(onTestFinished, ["--", "sh", "-c", "exec <&-; echo closed; sleep 0.5"]);
    expect(await line()).toBe("closed");
    const flood = async () => {
      for (let i = 0; i < 100; i++) await say("x".repeat(65_536));
    };
    await expect(flood()).rejects.toThrow();
    expect((await rest()).code).toBe(0);
  });

  it("stalls a server whose client reads slowly, and keeps nothing for it", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const script =
      `i=0; while [ $i -lt 400 ]; do head -c 1000000 /dev/zero; i=$((i+1)); echo $i > ${folder}/count; done`;
    const { child } = await proxy(onTestFinished, ["-o", `${folder}/o.jsonl`, "--", "sh", "-c", script]);
    await until(() => Deno.statSync(folder).isDirectory && has(`${folder}/count`), 5000).catch(() => false);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // nobody reads: the pipes hold some 64 KiB each, the test's own stream some more
    const count = has(`${folder}/count`) ? Number(Deno.readTextFileSync(`${folder}/count`)) : 0;
    expect(count).toBeLessThan(3);
    const rss = Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${child.pid}/status`))?.[1]);
    expect(rss).toBeLessThan(250_000);
  });

  it.each([["nosuch-program", 127], ["/etc/passwd", 126]] as const)(
    "says what is wrong with %s",
    async (program, code) => {
      const { rest } = await proxy(() => {}, ["--", program]);
      const ended = await rest();
      expect(ended).toMatchObject({ stdout: "", code });
      expect(ended.stderr).toMatch(/^mcpsonde: .*(there is no such program|cannot be run)/);
    },
  );

  it("lets the server work on when its file cannot be written", async ({ onTestFinished }) => {
    const { say, line, hangUp, rest } = await proxy(onTestFinished, ["-o", "/nosuch/dir/x.jsonl", ...node(SERVER)]);
    for (let i = 0; i < 3; i++) {
      await say(`${ping}\n`);
      expect(await line()).toContain('"result"');
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    await hangUp();
    const { code, stderr } = await rest();
    expect(code).toBe(0);
    expect(stderr).toContain("mcpsonde: nothing is seen of this server");
  });

  it("lets bytes go by that the pipeline has no time for, and tells how many", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const file = join(folder, "mon.json"), sink = join(folder, "slow.ts"), out = join(folder, "out.jsonl");
    await Deno.writeTextFile(
      sink,
      `import { defineSink, z } from "${ROOT}mod.ts";
       export default defineSink({ type: "slow", summary: "", options: z.strictObject({}), create: () => async (input) => {
         for await (const batch of input) if (batch.length > 0) await new Promise((resolve) => setTimeout(resolve, 400));
       } });`,
    );
    await Deno.writeTextFile(
      file,
      JSON.stringify({
        sources: { server: { type: "stdio", queue_bytes: 262_144 } },
        sinks: { slow: { type: sink }, out: { type: "jsonl", path: out } },
      }),
    );
    const { rest, hangUp } = await proxy(onTestFinished, [
      "--pipeline",
      file,
      "--",
      "head",
      "-c",
      "20000000",
      "/dev/zero",
    ]);
    const began = Date.now();
    const { stdout, code } = await rest();
    expect([stdout.length, code]).toEqual([20_000_000, 0]);
    expect(Date.now() - began).toBeLessThan(15_000);
    const gaps = (await lines("", out)).filter(({ kind }) => kind === "gap");
    expect(gaps[0]).toMatchObject({ reason: "queue_full", source: "server" });
    await hangUp().catch(() => {});
  }, 60_000);

  it("lets the server work on when a stage fails", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const file = join(folder, "mon.json"), broken = join(folder, "broken.ts");
    await Deno.writeTextFile(
      broken,
      `import { defineSink, z } from "${ROOT}mod.ts";
       setTimeout(() => { throw new Error("where nobody waits"); }, 100);
       export default defineSink({ type: "broken", summary: "", options: z.strictObject({}), create: () => () => {
         throw new Error("as asked");
       } });`,
    );
    const config = { sources: { server: { type: "stdio" } }, sinks: { broken: { type: broken } } };
    await Deno.writeTextFile(file, JSON.stringify(config));
    const { say, line, hangUp, rest } = await proxy(onTestFinished, ["--pipeline", file, ...node(SERVER)]);
    for (let i = 0; i < 5; i++) {
      await say(`${ping}\n`);
      expect(await line()).toContain('"result"');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await hangUp();
    const { code, stderr } = await rest();
    expect(code).toBe(0);
    expect(stderr).toContain("as asked");
  });

  it("keeps only so many files of its own", async ({ onTestFinished }) => {
    const { makeRoom } = await import("../../../commands/_proxy/destination.ts");
    const folder = await temporary(onTestFinished);
    for (let i = 0; i < 205; i++) {
      await Deno.writeTextFile(join(folder, `${i % 2 ? "a" : "b"}-20260101T${String(100_000 + i)}-7.jsonl`), "");
    }
    await Deno.writeTextFile(join(folder, "notes.txt"), "");
    await makeRoom(folder);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    expect(names).toHaveLength(201);
    expect(names).toContain("notes.txt");
    expect(names).not.toContain("b-20260101T100000-7.jsonl");
    expect(names).toContain("b-20260101T100204-7.jsonl");
  });

  it("does not wait for a child of the server that keeps the output open", async ({ onTestFinished }) => {
    const { line, hangUp, rest } = await proxy(onTestFinished, [
      "--",
      "sh",
      "-c",
      "sleep 15 2>/dev/null & echo started; exit 4",
    ]);
    expect(await line()).toBe("started");
    await hangUp();
    const began = Date.now();
    expect((await rest()).code).toBe(4);
    expect(Date.now() - began).toBeLessThan(12_000);
  });

  it("never writes to the client, not even what a console sink shows", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const file = join(folder, "mon.jsonc");
    await Deno.writeTextFile(
      file,
      JSON.stringify({
        sources: { server: { type: "stdio", name: "echo" } },
        transforms: [{ type: "jsonrpc" }, { type: "mcp" }],
        sinks: { screen: { type: "console" }, out: { type: "jsonl", path: "-" } },
      }),
    );
    const { say, line, hangUp, rest } = await proxy(onTestFinished, ["--pipeline", file, ...node(SERVER)]);
    await say(`${ping}\n`);
    expect(await line()).toBe('{"jsonrpc":"2.0","id":1,"result":{"method":"ping"}}');
    await hangUp();
    const { stdout, stderr } = await rest();
    expect(stdout).toBe("");
    expect(stderr).toContain("ping");
  });

  it("refuses what the policy denies, between the server's lines, and tells of it", async ({ onTestFinished }) => {
    const args = ["--deny", "tool:rm", ...node(SERVER)];
    const { say, line, hangUp, rest, home } = await proxy(onTestFinished, args);
    const call = (id: number, name: string) =>
      `${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name } })}\n`;
    await say(call(1, "rm") + call(2, "ls"));
    const answers = [JSON.parse(await line() ?? ""), JSON.parse(await line() ?? "")].sort((a, b) => a.id - b.id);
    expect(answers[0]).toMatchObject({ id: 1, error: { code: -32010, data: { rule: "tool:rm" } } });
    expect(answers[1]).toMatchObject({ id: 2, result: { method: "tools/call" } });
    await hangUp();
    expect(await rest()).toMatchObject({ code: 0, stdout: "" });
    const told = await lines(home);
    expect(told.find(({ rule }) => rule === "policy.denied")).toMatchObject({
      message: 'tools/call of "rm" did not pass: the rule "tool:rm" denies it',
    });
    expect(told.find(({ type, id }) => type === "response" && id === 1)).toMatchObject({ error: { code: -32010 } });
  });

  it("does the same through Deno's streams alone", async ({ onTestFinished }) => {
    const args = ["--deny", "tool:rm", ...node(SERVER)];
    const { say, line, hangUp, rest } = await proxy(onTestFinished, args, { MCPSONDE_PROXY_ENGINE: "streams" });
    await say(`${ping}\n${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "rm" } })}\n`);
    const answers = [await line(), await line()].sort();
    expect(answers.map((answer) => JSON.parse(answer ?? "").id)).toEqual([1, 2]);
    await hangUp();
    expect(await rest()).toMatchObject({ code: 0, stdout: "" });
  });
});

function has(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}
