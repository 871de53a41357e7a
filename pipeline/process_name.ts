/**
 * What a person would call a process: `server-everything` rather than `node`.
 *
 * @module
 */

/** Programs that run someone else's code: the name worth showing is in their arguments. */
const INTERPRETERS =
  /^(node|nodejs|deno|bun|python[\d.]*|pypy[\d.]*|ruby|perl|php|java|dotnet|sh|bash|dash|zsh|tsx|ts-node|uv|uvx|npx|npm|npm exec|pnpm|yarn|MainThread)$/;
/** Script names that say nothing: the folder above is the name. */
const PLAIN = /^(index|main|server|cli|app|run|start|mod|__main__|__init__|stdio|program|bin)$/;
const FOLDERS = /^(dist|build|src|lib|bin|out|esm|cjs|es|node_modules|\.bin|\.)$/;
/** Options that take the next argument. */
const WITH_VALUE = /^(-r|--require|--import|--loader|-C|-W|-X|--config|-c|--env-file|--inspect-port|--allow-\w+=?)$/;

function base(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The package or script that a path names. */
function scriptName(path: string): string {
  if (path.startsWith("npm:") || path.startsWith("jsr:")) return packageName(path.slice(4));
  const parts = path.replaceAll("\\", "/").split("/").filter((part) => part !== "");
  const stem = (parts.pop() ?? "").replace(/\.(m?[jt]sx?|c[jt]s|pyz?|rb|pl|php|jar|dll|sh)$/, "");
  if (!PLAIN.test(stem)) return stem;
  while (parts.length > 0 && FOLDERS.test(parts.at(-1)!)) parts.pop();
  return parts.at(-1) ?? stem;
}

/** `@scope/name@1.2/bin` -> `name`. */
function packageName(specifier: string): string {
  const parts = specifier.replace(/^\//, "").split("/");
  const name = specifier.startsWith("@") ? parts[1] ?? parts[0]! : parts[0]!;
  return name.replace(/@.*$/, "") || specifier;
}

/**
 * Names a process by its task name and command line. The result has no control characters and at most 40 characters.
 */
export function processName(comm: string, args?: readonly string[]): string {
  const program = base(args?.[0] ?? "").replace(/^-/, "");
  // A program may write over its argv (a title): then args[0] is that title, with spaces.
  let name = comm === "MainThread" || program.startsWith(comm) ? program || comm : comm;
  if (args && args.length > 1 && (INTERPRETERS.test(program) || INTERPRETERS.test(comm))) {
    name = fromArguments(args.slice(1)) ?? name;
  }
  name = (name.split(" ")[0] ?? name).replace(/:$/, ""); // `nginx: worker process`
  // deno-lint-ignore no-control-regex
  return (name || comm).replace(/[\u0000-\u001f\u007f-\u009f]/g, "?").slice(0, 40) || "?";
}

function fromArguments(args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "-m" && args[i + 1]) {
      return base(args[i + 1]!.replaceAll(".", "/").replace(/\/__main__$/, "").replace(/\/(server|main|cli)$/, ""));
    }
    if (arg === "-c" || arg === "-e" || arg === "--eval" || arg === "-") return undefined; // code, not a name
    if (arg === "-jar") continue;
    if (WITH_VALUE.test(arg)) {
      i++;
      continue;
    }
    if (arg.startsWith("-") || /^(run|exec|x|dlx|tool|serve)$/.test(arg)) continue;
    if (arg.startsWith("@") || arg.startsWith("npm:")) return packageName(arg.replace(/^npm:/, ""));
    return scriptName(arg);
  }
  return undefined;
}
