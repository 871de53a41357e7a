import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { pair, start } from "./_harness/peers.ts";
import { mcpsonde, Said, until } from "./_harness/process.ts";
import { noTmux, Tmux } from "./_harness/tmux.ts";

const DEMO = `${REPOSITORY}examples/demo.capture`;
const HOSTILE = `${REPOSITORY}examples/hostile.capture`;
const LIMIT = 90_000;

describe.skipIf(noTmux)("mcpsonde top in a terminal", () => {
  it("shows a capture, opens what is chosen, and gives the terminal back", async () => {
    await using tmux = await Tmux.start(80, 24);
    await tmux.command(...mcpsonde("top", DEMO));
    const first = await tmux.sees(/^›.*initialize/m);
    expect(first.split("\n")[0]).toMatch(/^ mcpsonde top {2}demo\.capture +recording$/);
    expect(first).toMatch(/get-sum {2}a=19, b=23 +✓ ok +19 ms$/m);
    await tmux.keys("j", "Enter");
    await tmux.sees(/▾ Request[^]*name: get-sum/);
    await tmux.keys("Escape", "2");
    await tmux.sees(/^›mcp-servers/m);
    await tmux.keys("3", "Enter");
    await tmux.sees("c opens it");
    await tmux.keys("?");
    await tmux.sees("In detail and health");
    await tmux.keys("q", "q");
    await tmux.isRestored();
  }, LIMIT);

  it("filters, copies, exports, and draws what fits as the terminal changes", async () => {
    await using tmux = await Tmux.start(120, 40, { NO_COLOR: "1" });
    await tmux.command(...mcpsonde("top", HOSTILE));
    await tmux.sees(/^ TIME +CLIENT +SERVER/m);
    await tmux.type("/");
    await tmux.sees("Enter filters");
    await tmux.type("tool:rea");
    await tmux.sees(/^ +read_file/m);
    await tmux.keys("Tab");
    await tmux.type(" and bogus:1");
    await tmux.sees(/^ +\^+ unknown field "bogus"/m);
    await tmux.keys("C-w", "C-w", "Enter");
    const filtered = await tmux.sees(/1 of 3 {2}filter tool:read_file/);
    expect(filtered).not.toContain("search_notes");
    // deno-lint-ignore no-control-regex
    expect(await tmux.run("capture-pane", "-p", "-e")).not.toMatch(/\x1b\[[\d;]*3[0-7]m/);
    await tmux.keys("y");
    await tmux.sees("copied");
    await until("the clipboard", async () => (await tmux.run("show-buffer").catch(() => "")).includes('"read_file"'));
    await tmux.type("e");
    await tmux.sees("write to ./mcpsonde-call-");
    await tmux.keys("C-u");
    const path = join(tmux.folder, "call.json");
    await tmux.type(path);
    await tmux.keys("Enter");
    await tmux.sees("written to");
    expect(JSON.parse(await Deno.readTextFile(path))).toMatchObject({ call: { name: "read_file" } });
    await tmux.run("resize-window", "-x", "42", "-y", "11");
    expect(await tmux.sees(/^ 1 of 3/m)).toContain("read_file");
    await tmux.run("resize-window", "-x", "30", "-y", "8");
    await tmux.sees("too small: 30x8");
    await tmux.run("resize-window", "-x", "100", "-y", "30");
    await tmux.sees(/^ TIME +SERVER/m);
    await tmux.keys("C-c");
    await tmux.isRestored();
  }, LIMIT);

  it("gives the terminal back on signals, for the time of Ctrl-Z, and when it fails", async () => {
    await using tmux = await Tmux.start(80, 24);
    for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
      await tmux.command(...mcpsonde("top", DEMO));
      await tmux.sees(/^›.*initialize/m);
      if (signal === "SIGTERM") {
        await tmux.keys("C-z");
        await tmux.sees("Stopped");
        await tmux.isRestored();
        await tmux.type("fg");
        await tmux.keys("Enter");
        await tmux.sees(/^›.*initialize/m);
        await tmux.keys("j");
        await tmux.sees(/^›.*get-sum/m);
      }
      Deno.kill(await tmux.pid(), signal);
      await tmux.isRestored();
      await tmux.run("send-keys", "clear", "Enter");
    }
    await tmux.command(Deno.execPath(), "run", "-A", "--no-check", `${REPOSITORY}tests/e2e/fixtures/top_crash.ts`);
    await tmux.sees(/TypeError/);
    await tmux.isRestored();
  }, LIMIT);

  it("shows what another mcpsonde serves, and says when it is gone", async () => {
    const [program = "", ...args] = mcpsonde("serve", DEMO, "--listen", "127.0.0.1:0");
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
    const said = new Said(child.stderr);
    const ended = async () => {
      await child.status;
      await said.done;
    };
    try {
      await until(() => `an address (${said.text})`, () => said.text.includes("#token="), 30_000);
      const [, address = "", token = ""] = /(http:\/\/\S+?)\/?#token=(\S+)/.exec(said.text) ?? [];
      await using tmux = await Tmux.start(80, 24, { MCPSONDE_TOKEN: token });
      await tmux.command(...mcpsonde("top", address));
      await tmux.sees(/demo\.capture at 127\.0\.0\.1:\d+ +remote$/m);
      await tmux.sees(/get-sum/);
      await tmux.keys("g", "j", "Enter");
      await tmux.sees(/name: get-sum/);
      child.kill("SIGTERM");
      await ended();
      await tmux.keys("1");
      await tmux.sees(/not answer|refused|closed|lost/);
      await tmux.keys("q");
      await tmux.isRestored();
    } finally {
      try {
        child.kill("SIGTERM");
      } catch {
        // it has ended
      }
      await ended();
    }
  }, LIMIT);

  it("refuses where there is no terminal, and names what to use", async () => {
    await using tmux = await Tmux.start(80, 24);
    await tmux.type(`${mcpsonde("top").join(" ")} < /dev/null; echo "code $?"`);
    await tmux.keys("Enter");
    expect((await tmux.sees("code 2")).replaceAll("\n", "")).toContain("no keys can be read; use mcpsonde");
  }, LIMIT);
});

describe.skipIf(noTmux || noCapture)("mcpsonde top over the kernel", () => {
  it("shows calls as they happen", async () => {
    await using tmux = await Tmux.start(120, 40);
    await tmux.command(...mcpsonde("top", "--comm", "python*"));
    await tmux.sees(/waiting for MCP traffic|sources\.kernel/);
    await tmux.keys("5");
    await tmux.sees(/sources\.kernel +ebpf/, 60_000);
    await tmux.keys("1");
    const session = await start(pair("calls", "pipe", "write", "read"));
    await tmux.sees(/^›.*✓ ok/m, 60_000);
    await session.ended();
    await tmux.keys("Space");
    await tmux.sees("PAUSED");
    await tmux.keys("Enter");
    await tmux.sees("▾ Timeline");
    await tmux.keys("q");
    await tmux.isRestored();
  }, LIMIT * 2);
});
