/**
 * The runtime's own modules, loaded when first needed: most programs need few of them, and start-up is theirs.
 *
 * @module
 */
import process from "node:process";

declare const require: ((name: string) => unknown) | undefined;

/** Gives a built-in module. Throws if the runtime has none of this name. */
export function builtin<Module>(name: string): Module {
  // Node 20.16 and later, Deno, Bun; in earlier ones the bundle is CommonJS.
  const known = process.getBuiltinModule?.(name);
  if (known !== undefined) return known as Module;
  if (require === undefined) throw new Error(`no built-in module ${name}`);
  return require(name) as Module;
}

/** True if the program, or the runtime itself, has loaded it already. Node only: others say no. */
export function isLoaded(name: string): boolean {
  const list = (process as { moduleLoadList?: readonly string[] }).moduleLoadList;
  return list?.includes(`NativeModule ${name}`) ?? false;
}

/** What the process runs on. */
export const RUNTIME: "node" | "deno" | "bun" = process.versions["bun"] !== undefined
  ? "bun"
  : process.versions["deno"] !== undefined
  ? "deno"
  : "node";
