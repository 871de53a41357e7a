/** The commands that capture, as a user types them. */
import { describe, expect, it, onTestFinished } from "vitest";
import { join } from "node:path";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { hold, pair } from "./_harness/peers.ts";
import { mcpsonde, run, Said, until } from "./_harness/process.ts";

interface Running {
  readonly stdout: Said;
  readonly stderr: Said;
  stop(): Promise<number>;
}

/** Starts a command that captures, and waits until it does. */
async function capturing(...args: string[]): Promise<Running> {
  const [program = "", ...rest] = mcpsonde(...args);
  const child = new Deno.Command(program, {
    args: rest,
    cwd: REPOSITORY,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const stdout = new Said(child.stdout), stderr = new Said(child.stderr);
  await until(() => `"capturing" on stderr (${stderr.text})`, () => stderr.text.includes("capturing"));
  return {
    stdout,
    stderr,
    async stop(): Promise<number> {
      child.kill("SIGINT");
      const { code } = await child.status;
      await Promise.all([stdout.done, stderr.done]);
      return code;
    },
  };
}

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "mcpsonde-commands-" });
  onTestFinished(() => Deno.remove(path, { recursive: true }));
  return path;
}

async function rawsOf(path: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
  return lines.filter(({ kind }) => kind === "mcp").map(({ type, id, method }) => `${type} ${id} ${method}`);
}

describe.skipIf(noCapture)("kernel capture by command", () => {
  it("mcpsonde -o FILE shows messages on the screen and writes them to the file", async () => {
    const file = join(await folder(), "out.jsonl");
    const running = await capturing("-o", file, "--comm", "raw-client");
    const truth = await hold(pair("calls", "pipe", "write", "read", 5));
    await until("all messages on the screen", () => running.stdout.text.split("tools/call").length > 4);
    expect(await running.stop(), running.stderr.text).toBe(0);
    expect(await rawsOf(file)).toHaveLength(truth.length);
    const [{ client, server } = { client: 0, server: 0 }] = truth;
    expect(running.stdout.text).toMatch(new RegExp(`\\S+\\[${client}\\] → \\S+\\[${server}\\]`));
  });

  it("mcpsonde record and replay give the messages that a live capture gives", async () => {
    const place = await folder();
    const capture = join(place, "session.capture"),
      live = join(place, "live.jsonl"),
      again = join(place, "again.jsonl");
    const watching = await capturing("-o", live, "--comm", "raw-client");
    const recording = await capturing("record", "-o", capture, "--comm", "raw-client");
    await hold(pair("same_ids"));
    await hold(pair("batch"));
    await until("all messages on the screen", () => watching.stdout.text.includes("three"));
    expect(await watching.stop(), watching.stderr.text).toBe(0);
    expect(await recording.stop(), recording.stderr.text).toBe(0);
    const replayed = await run(mcpsonde("replay", capture, "-o", again));
    expect(replayed.code, replayed.stderr).toBe(0);
    const messages = await rawsOf(live);
    expect(messages.length).toBeGreaterThan(24);
    expect((await rawsOf(again)).toSorted()).toEqual(messages.toSorted());
  });
});
