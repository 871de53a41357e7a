/**
 * Modules that are loaded when they are needed, and no sooner: what an ordinary `import()` names, Deno prepares at the
 * start, all of mcpsonde in some 40 ms.
 *
 * @module
 */

/** Imports relative to a module, whose URL it takes. */
export function importer(base: string): <Module>(path: string) => Promise<Module> {
  return (path) => import(new URL(path, base).href);
}
