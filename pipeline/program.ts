/**
 * What a command line runs: the script behind an interpreter, the package behind `npx` or `uvx`, or the program itself.
 *
 * @module
 */

/** What runs. */
export type Runs =
  /** A file, as named on the command line: maybe relative, maybe a link. */
  | { readonly kind: "script"; readonly path: string }
  /** A Python module. */
  | { readonly kind: "module"; readonly name: string }
  /** A package that a runner fetches: `npx`, `uvx`. `spec` as given: `@scope/name@1.2`. */
  | { readonly kind: "package"; readonly registry: "npm" | "pypi"; readonly spec: string }
  /** Code on the command line itself. */
  | { readonly kind: "code" }
  /** The executable. */
  | { readonly kind: "self" };

/** A command line, taken apart. */
export interface Program {
  /** The executable's file name without version and `.exe`: `node`, `python`, `uvx`. */
  readonly name: string;
  /** What it runs. */
  readonly runs: Runs;
  /** The arguments of what it runs. */
  readonly rest: readonly string[];
}

/** How an interpreter's command line is read. */
interface Interpreter {
  /** Words before the target that mean nothing here: `deno run`, `uv tool run`. */
  readonly skip?: readonly string[];
  /** Options that take the next argument. */
  readonly withValue?: readonly string[];
  /** Options after which comes code. */
  readonly code?: readonly string[];
  /** Options that name the package, so that the first argument is only a program in it. */
  readonly from?: readonly string[];
  /** What the first argument names. */
  readonly target: "script" | "npm" | "pypi";
  /** Only with one of these as the first word does it run a package: `npm exec`. */
  readonly only?: readonly string[];
}

const NODE: Interpreter = {
  target: "script",
  withValue: ["-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file"],
  code: ["-e", "--eval", "-p", "--print", "-pe"],
};
const PYTHON: Interpreter = { target: "script", withValue: ["-W", "-X"], code: ["-c"] };
const SHELL: Interpreter = { target: "script", code: ["-c", "-ec", "-lc", "-lic"] };
const NPM: Interpreter = {
  target: "npm",
  only: ["exec", "x", "dlx"],
  from: ["-p", "--package"],
  withValue: ["--registry", "--prefix", "-C", "--dir", "--userconfig"],
  code: ["-c", "--call"],
};
const NPX: Interpreter = { target: "npm", from: NPM.from!, withValue: NPM.withValue!, code: NPM.code! };
const UV_VALUES = [
  "--with",
  "--with-requirements",
  "-p",
  "--python",
  "--directory",
  "--project",
  "--index-url",
  "--env-file",
  "--refresh-package",
];
const UVX: Interpreter = { target: "pypi", from: ["--from"], withValue: UV_VALUES };

const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  node: NODE,
  nodejs: NODE,
  tsx: NODE,
  "ts-node": NODE,
  deno: {
    target: "script",
    skip: ["run", "serve", "x"],
    withValue: ["-c", "--config", "--import-map", "--lock"],
    code: ["eval"],
  },
  bun: {
    target: "script",
    skip: ["run"],
    code: ["-e", "--eval"],
    withValue: ["-c", "--config", "--cwd", "-r", "--preload"],
  },
  bunx: NPX,
  npx: NPX,
  npm: NPM,
  pnpm: NPM,
  yarn: NPM,
  pnpx: NPX,
  python: PYTHON,
  pypy: PYTHON,
  uv: { target: "script", skip: ["run"], withValue: UV_VALUES },
  uvx: UVX,
  pipx: { target: "pypi", only: ["run"], from: ["--spec"] },
  ruby: { target: "script", code: ["-e"], withValue: ["-r", "-I"] },
  perl: { target: "script", code: ["-e", "-E"], withValue: ["-I", "-M"] },
  php: { target: "script", code: ["-r"], withValue: ["-c", "-d"] },
  sh: SHELL,
  bash: SHELL,
  dash: SHELL,
  zsh: SHELL,
};

/** Takes a command line apart. Never fails: what it does not know is a program of its own. */
export function programOf(args: readonly string[]): Program {
  const [first = "", ...given] = args.length === 1 ? titleWords(args[0]!) : withoutEnv(args);
  const name = baseName(first);
  const isTool = name === "uv" && given[0] === "tool" && given[1] === "run";
  const interpreter = isTool ? UVX : Object.hasOwn(INTERPRETERS, name) ? INTERPRETERS[name] : undefined;
  if (interpreter === undefined) return { name, runs: { kind: "self" }, rest: given };
  return read(name, interpreter, isTool ? given.slice(2) : given);
}

/** `/usr/bin/env node x`, as scripts begin, and `cmd /c npx x` without what stands before the program. */
export function withoutEnv(args: readonly string[]): readonly string[] {
  const name = baseName(args[0] ?? "").toLowerCase();
  if (name === "cmd" && (args[1] ?? "").toLowerCase() === "/c") return args.slice(2);
  if (name !== "env") return args;
  let at = 1;
  while (at < args.length && /^(-|\w+=)/.test(args[at] ?? "")) at++;
  return at < args.length ? args.slice(at) : args;
}

/** A program that has written over its arguments: `npm exec @scope/server dir`. */
function titleWords(title: string): string[] {
  return /^(npm|npx|pnpm|yarn|uvx|uv|bunx) /.test(title) ? title.split(" ").filter((word) => word !== "") : [title];
}

function read(name: string, interpreter: Interpreter, args: readonly string[]): Program {
  const { skip, only, withValue, code, from, target } = interpreter;
  let spec: string | undefined;
  let chosen = only === undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const rest = args.slice(i + 1);
    if (code?.includes(arg)) return { name, runs: { kind: "code" }, rest };
    if (arg === "-m" && (interpreter === PYTHON || name === "uv")) {
      return { name, runs: { kind: "module", name: rest[0] ?? "" }, rest: rest.slice(1) };
    }
    const [option = "", value] = split(arg);
    if (from?.includes(option)) spec ??= value ?? args[++i];
    else if (withValue?.includes(arg)) i++;
    else if (arg.startsWith("-") && arg !== "-") continue;
    else if (!chosen) {
      if (!only?.includes(arg)) break;
      chosen = true;
    } else if (skip?.includes(arg)) continue;
    else return { name, runs: named(target, spec ?? arg), rest };
  }
  return { name, runs: { kind: "self" }, rest: args };
}

function named(target: Interpreter["target"], text: string): Runs {
  if (target !== "script") return { kind: "package", registry: target, spec: text };
  if (text.startsWith("npm:")) return { kind: "package", registry: "npm", spec: text.slice(4).replace(/^\//, "") };
  return { kind: "script", path: text };
}

function split(arg: string): [option: string, value?: string] {
  const at = arg.startsWith("--") ? arg.indexOf("=") : -1;
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

/** `/usr/bin/python3.12` -> `python`. */
function baseName(path: string): string {
  const base = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).replace(/^-/, "");
  return base.replace(/\.(exe|cmd)$/i, "").replace(/^(python|pypy)[\d.]+$/, "$1");
}
