/**
 * Components that users bring along.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describeError } from "./_failures.ts";
import type { AnyComponent } from "./component.ts";
import type { ComponentKinds, Kind } from "./registry.ts";

/** Why a plug-in could not be loaded. The message names the plug-in. */
export class PluginError extends Error {
  override readonly name = "PluginError";
}

/** True if a `type` names a module rather than a built-in component. */
export function isPlugin(type: string): boolean {
  return /^(\.{0,2}\/|~\/|file:|npm:)/.test(type);
}

/**
 * Imports a plug-in and checks that its default export is a declaration of the wanted kind.
 *
 * @param kind What the plug-in has to be.
 * @param specifier As written: a path, a `file:` URL or an `npm:` specifier.
 * @param resolve Makes a path absolute.
 * @throws {PluginError} if anything is wrong with it. What the module itself threw is the `cause`.
 */
export async function loadPlugin<K extends Kind>(
  kind: K,
  specifier: string,
  resolve: (path: string) => string,
): Promise<ComponentKinds[K]> {
  const module = await load(specifier, resolve);
  const wrong = mistakeIn(kind, module["default"]);
  if (wrong !== undefined) throw new PluginError(`plug-in "${specifier}": ${wrong}`);
  return module["default"] as ComponentKinds[K];
}

async function load(specifier: string, resolve: (path: string) => string): Promise<Record<string, unknown>> {
  let url = specifier;
  if (!specifier.startsWith("npm:")) {
    let file: string;
    try {
      file = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(specifier);
    } catch (error) {
      throw new PluginError(`plug-in "${specifier}": not a usable URL: ${describeError(error)}`);
    }
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) throw new PluginError(`plug-in "${specifier}": there is no file ${file}`);
    if (!found.isFile()) throw new PluginError(`plug-in "${specifier}": ${file} is not a file`);
    url = pathToFileURL(file).href;
  }
  try {
    return await import(url);
  } catch (cause) {
    throw new PluginError(`plug-in "${specifier}" cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
}

/** The first line of what an import threw, and the place that the others point at: the rest is a picture of it. */
function reasonOf(error: unknown): string {
  const text = stripVTControlCharacters(describeError(error));
  const [reason] = text.replace(/^TypeError: (?=SyntaxError|Module not found|npm )/, "").split("\n");
  const [place] = text.match(/(?<=\n.*)file:\/\/\S+:\d+:\d+/) ?? [];
  return place === undefined ? reason! : `${reason!.replace(/\.$/, "")} (${place.replace(/.*\//, "")})`;
}

/** What is wrong with a plug-in's default export, if anything is. */
function mistakeIn(kind: Kind, declaration: unknown): string | undefined {
  const define = `define${kind[0]!.toUpperCase()}${kind.slice(1)}`;
  if (declaration === undefined) return `it has no default export; expected what ${define}({ … }) returns`;
  if (typeof declaration !== "object" || declaration === null || !("kind" in declaration)) {
    return `its default export is not a declaration; expected what ${define}({ … }) returns`;
  }
  const { kind: actual, type, summary, options, create } = declaration as Partial<Record<keyof AnyComponent, unknown>>;
  if (actual !== kind) return `it is a ${String(actual)}, and a ${kind} is wanted here`;
  if (typeof type !== "string") return 'its declaration lacks "type", a string';
  if (typeof summary !== "string") return 'its declaration lacks "summary", a string';
  if (typeof create !== "function") return 'its declaration lacks "create", a function';
  if (!isZodObject(options)) return 'its declaration lacks "options", an object schema of zod 4';
  return undefined;
}

function isZodObject(schema: unknown): boolean {
  const zod = (schema as { _zod?: { def?: { type?: unknown } } } | undefined)?._zod;
  return zod?.def?.type === "object";
}
