/**
 * Sees code as it is loaded, and may change the source of an MCP SDK's modules.
 *
 * CommonJS goes through `Module.prototype._compile`. ES modules go through `module.registerHooks` (Node 22.15 and later,
 * Deno); Node 20 has no hooks but those in a thread of their own, which costs every start 40 ms: there its loader is seen
 * to read files through `fs.promises.readFile`. Bun has its own plugins.
 *
 * @module
 */
import fs from "node:fs";
import Module from "node:module";
import { fileURLToPath } from "node:url";
import { Buffer } from "node:buffer";
import { RUNTIME } from "../builtin.ts";
import { guarded } from "../guard.ts";
import { type AnyFunction, patch } from "../patch.ts";
import { watchBun } from "./bun.ts";
import { marked, mayBeSdk } from "./marks.ts";

/** Told of each module: its file and the bytes or text that were loaded. */
export type Loaded = (path: string, source: string | Uint8Array) => void;

/** What is done with a module's source. */
interface Watch {
  readonly loaded: Loaded | undefined;
  /** Called when an SDK is found; undefined: none is looked for. */
  readonly found: (() => void) | undefined;
}

interface LoadResult {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | Uint8Array | null | undefined;
}
type NextLoad = (url: string, context?: object) => LoadResult;
interface Hooks {
  registerHooks?(hooks: { load(url: string, context: object, next: NextLoad): LoadResult }): void;
}

/** Begins to watch. */
export function watchLoading(loaded: Loaded | undefined, found: (() => void) | undefined): void {
  const watch: Watch = { loaded, found };
  if (RUNTIME === "bun") {
    if (found !== undefined) guarded("loading.bun", () => watchBun(found));
    return;
  }
  guarded("loading.cjs", () => watchCommonJs(watch));
  guarded("loading.esm", () => {
    const { registerHooks } = Module as unknown as Hooks;
    if (registerHooks !== undefined) {
      registerHooks({
        load: (url, context, next) => onLoad(watch, url, context, next),
      });
    } else watchReads(watch);
  });
}

function watchCommonJs(watch: Watch): void {
  const { prototype } = Module as unknown as { prototype: object };
  patch(prototype, "_compile", (original) =>
    function (this: unknown, ...args: unknown[]) {
      const [content, filename] = args;
      if (typeof content === "string" && typeof filename === "string") {
        const shown = guarded("loading.cjs", () => see(watch, filename, content));
        if (shown !== undefined) args[0] = shown;
      }
      return Reflect.apply(original, this, args);
    });
}

/** ES modules only: CommonJS is seen as it is compiled. */
function onLoad(watch: Watch, url: string, context: object, next: NextLoad): LoadResult {
  const result = next(url, context);
  return guarded("loading.esm", () => {
    const { source } = result;
    if (source === null || source === undefined || result.format?.startsWith("commonjs")) return undefined;
    if (!url.startsWith("file:") || (result.format === undefined && /\.c[jt]s$/.test(url))) return undefined;
    const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
    const shown = see(watch, fileURLToPath(url), bytes);
    return shown === undefined ? undefined : { ...result, source: shown };
  }) ?? result;
}

/** Node 20: its loader of ES modules asks for a URL, and nothing else. */
function watchReads(watch: Watch): void {
  patch(fs.promises, "readFile", (original) => {
    const readFile = function (this: unknown, ...args: unknown[]) {
      const promise = Reflect.apply(original, this, args);
      const [url] = args;
      if (!(url instanceof URL) || args.length > 1 || !guarded("loading.esm", () => isLoader(readFile))) return promise;
      return promise.then((bytes: unknown) =>
        guarded("loading.esm", () => {
          if (!(bytes instanceof Uint8Array)) return undefined;
          const shown = see(watch, fileURLToPath(url), bytes);
          return shown === undefined ? undefined : Buffer.from(shown);
        }) ?? bytes
      );
    };
    return readFile;
  });
}

/** Whether the runtime's loader has called the function that was patched. It is asked for each module: two frames tell. */
function isLoader(called: AnyFunction): boolean {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = 2; // the method that stands for it, and its caller
    (Error as { prepareStackTrace: unknown }).prepareStackTrace = undefined; // the program's own is not to be called
    const at: { stack?: string } = {};
    Error.captureStackTrace(at, called);
    return at.stack?.includes("node:internal/modules/esm/load") ?? false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    (Error as { prepareStackTrace: unknown }).prepareStackTrace = prepareStackTrace;
  }
}

/** Tells of a module; gives another source for it, if it holds an SDK. */
function see({ loaded, found }: Watch, path: string, source: string | Uint8Array): string | undefined {
  loaded?.(path, source);
  if (found === undefined || !mayBeSdk(path, source)) return undefined;
  found();
  return marked(typeof source === "string" ? source : Buffer.from(source).toString("utf8"));
}
