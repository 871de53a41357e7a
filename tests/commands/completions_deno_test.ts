import { describe, expect, it } from "vitest";
import { has, LAUNCHER, run, temporary } from "./_cli.ts";

/** A folder with `mcpsonde` and the completion script in it. */
async function prepare(shell: string, cleanup: (hook: () => unknown) => void): Promise<string> {
  const folder = await temporary(cleanup);
  await Deno.symlink(LAUNCHER, `${folder}/mcpsonde`);
  await Deno.writeTextFile(`${folder}/script`, (await run(["completions", shell])).stdout);
  return folder;
}

interface Harness {
  readonly shell: string;
  readonly args: readonly string[];
  /** A program that prints what the shell proposes for the words in its arguments. */
  readonly program: string;
}

const HARNESSES: readonly Harness[] = [
  {
    shell: "bash",
    args: ["--norc"],
    program: `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mcpsonde mcpsonde
      printf '%s\\n' "\${COMPREPLY[@]}"; complete -p mcpsonde >&2`,
  },
  {
    shell: "zsh",
    args: ["-f"],
    program: `compdef() { print -u2 compdef $@ }; _files() { print FILES }
      _describe() { for p in "\${(@P)2}"; do print -- "\${p%%:*}"; done }
      source ./script; words=("$@"); CURRENT=$#; _mcpsonde`,
  },
  {
    shell: "fish",
    args: ["--no-config"],
    program: `source ./script; complete -C (string join -- ' ' $argv) | string replace -r '\\t.*' ''`,
  },
];

for (const { shell, args, program } of HARNESSES) {
  const missing = await has(shell) ? false : `${shell} is not installed`;
  describe(`completion in ${shell}`, () => {
    async function propose(words: string[], cleanup: (hook: () => unknown) => void): Promise<string[]> {
      const folder = await prepare(shell, cleanup);
      const path = `${folder}:${Deno.env.get("PATH")}`;
      const programArgs = shell === "bash" ? [program, "harness"] : shell === "zsh" ? [program, "harness"] : [program];
      const { stdout } = await run([...args, "-c", ...programArgs, "mcpsonde", ...words], {
        program: shell,
        cwd: folder,
        env: { PATH: path },
      });
      return stdout.split("\n").filter((line) => line !== "");
    }

    it.skipIf(missing)("proposes commands", async ({ onTestFinished }) => {
      expect((await propose(["comp"], onTestFinished)).sort()).toEqual(["completions", "components"]);
    });

    it.skipIf(missing)("proposes fields of a filter", async ({ onTestFinished }) => {
      const proposals = await propose(["replay", "x.capture", "--filter", "st"], onTestFinished);
      expect(proposals).toEqual([shell === "zsh" ? "status\\" : "status:"]); // zsh splits it behind an escaped colon
    });

    it.skipIf(missing)("proposes options of a command", async ({ onTestFinished }) => {
      const proposals = await propose(["replay", "--ver"], onTestFinished);
      expect(proposals).toEqual(["--verbose"]);
    });

    it.skipIf(missing)("proposes options of the default command", async ({ onTestFinished }) => {
      expect(await propose(["--comm"], onTestFinished)).toEqual(["--comm"]);
      expect(await propose(["--vers"], onTestFinished)).toEqual(["--version"]);
    });

    it.skipIf(missing)("proposes values", async ({ onTestFinished }) => {
      expect(await propose(["completions", "f"], onTestFinished)).toEqual(["fish"]);
    });
  });
}
