/**
 * The package that a command line names.
 *
 * @module
 */
import { programOf } from "../../../../pipeline/program.ts";

/** Longest name, in characters: npm allows 214 (`validate-npm-package-name`). */
const LONGEST = 214;

/** `npm:@scope/name@1.2` of `npx -y @scope/name@1.2` or of a script under `node_modules`; undefined if none is named. */
export function packageOfArgs(args: readonly string[]): string | undefined {
  const { runs } = programOf(args);
  if (runs.kind === "package") {
    return isName(runs.spec) ? `${runs.registry}:${plain(runs.registry, runs.spec)}` : undefined;
  }
  if (runs.kind !== "script") return undefined;
  const at = runs.path.lastIndexOf("node_modules/");
  if (at < 0) return undefined;
  const [first = "", second = ""] = runs.path.slice(at + "node_modules/".length).split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return isName(name) ? `npm:${name}` : undefined;
}

/** `name@latest` says no more than `name`; uvx takes `name==1.2` too. */
function plain(registry: string, spec: string): string {
  const text = spec.replace(/@latest$/, "");
  return registry === "pypi"
    ? text.replace("==", "@")
    : text.replace(/^(@[^/]+\/[^/@]+@[^/]+|[^/@]+@[^/]+)\/.*$/, "$1");
}

function isName(text: string): boolean {
  return text.length <= LONGEST && /^@?[a-z0-9][\w.@/=~^*<>!-]*$/i.test(text) && !text.startsWith(".bin");
}
