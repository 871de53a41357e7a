/** What `deno task ok` does, in order: the quick checks first. */
import { fromJunit, fromVitest, type Report } from "./report.ts";

/** One check, or one run of tests. */
export interface Step {
  readonly name: string;
  readonly about: string;
  /** Program and arguments; `report` is a file for a runner's report. */
  command(report: string): readonly string[];
  /** Reads the report: with it the step is a run of tests, and its output is shown. */
  readonly report?: (text: string) => Report | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Why the step cannot be done on this machine, if it cannot. */
  readonly obstacle?: () => Promise<string | undefined>;
}

const deno = Deno.execPath();
/** Development has a lock file of its own: Deno fetches all that a lock file names, and users need none of it. */
const LOCK = "--lock=tests/deno.lock";

/** The steps. */
export const steps: readonly Step[] = [
  { name: "format", about: "deno fmt --check", command: () => [deno, "fmt", "--check"] },
  { name: "lint", about: "deno lint", command: () => [deno, "lint"] },
  { name: "types", about: "deno check", command: () => ["sh", "tests/_run/types.sh"], env: { DENO: deno } },
  {
    name: "docs",
    about: "public symbols are documented",
    command: () => [deno, "doc", "--lint", "--no-npm", "mod.ts"],
  },
  {
    name: "generated",
    about: "generated files are current",
    command: () => [deno, "run", "-A", LOCK, "scripts/generate.ts", "--check"],
  },
  {
    name: "locks",
    about: "users download run-time dependencies only",
    command: () => ["sh", "tests/_run/locks.sh"],
    env: { DENO: deno },
  },
  {
    name: "shell",
    about: "shellcheck",
    command: () => ["sh", "-c", "git ls-files -z -- .ci/run mcpsonde '*.sh' | xargs -0 shellcheck"],
  },
  { name: "bpf", about: "the eBPF objects are what the source builds", command: () => ["bpf/build.sh", "--check"] },
  {
    name: "wasm",
    about: "the WebAssembly is what its sources build",
    command: () => [deno, "run", "-A", LOCK, "scripts/build_wasm.ts", "--check"],
  },
  {
    name: "sensor",
    about: "the Node sensor is what its sources build",
    command: () => [deno, "run", "-A", LOCK, "hooks/node/build.ts", "--check"],
  },
  {
    name: "page",
    about: "the page of serve is what its sources build",
    command: () => [deno, "run", "-A", LOCK, "scripts/build_web.ts", "--check"],
  },
  {
    name: "deno",
    about: "unit tests under Deno",
    command: (report) => [...denoTest(report), "--parallel", "--ignore=tests/e2e", "tests/"],
    report: fromJunit,
  },
  {
    name: "node",
    about: "runtime-neutral tests under Node",
    command: (report) => [
      "node_modules/.bin/vitest",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    report: fromVitest,
    obstacle: nodeTooOld,
  },
  {
    name: "e2e",
    about: "real peers, seen through the kernel",
    command: (report) => [...denoTest(report), "tests/e2e/"],
    report: fromJunit,
  },
];

/** vitest 4 needs Node 20; Debian 12 has 18. */
async function nodeTooOld(): Promise<string | undefined> {
  const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output().catch(() => ({
    stdout: new Uint8Array(),
  }));
  const version = new TextDecoder().decode(stdout).trim();
  return parseInt(version.slice(1)) >= 20
    ? undefined
    : `vitest needs Node 20 or later, and this is ${version || "none"}`;
}

function denoTest(report: string): readonly string[] {
  return [deno, "test", "-A", "--no-check", LOCK, `--junit-path=${report}`]; // "types" has checked
}
