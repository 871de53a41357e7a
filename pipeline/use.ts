/**
 * Components as plain stages, for {@linkcode pipe}: the same types and options as in a pipeline file, without one.
 *
 * @module
 */
import { z } from "zod";
import { builtins } from "./builtins.ts";
import type { AnyComponent, Context, Log, SinkComponent, SourceComponent, TransformComponent } from "./component.ts";
import { describeIssue } from "./config/issue.ts";
import { nearest } from "./config/nearest.ts";
import { join } from "./config/scope.ts";
import { NodeMetrics } from "./metrics.ts";
import type { ComponentKinds, Kind } from "./registry.ts";
import type { Sink, Source, Transform } from "./stage.ts";

/** Options of a component as a pipeline file has them. Relative paths start from the working directory. */
export type UseOptions = Readonly<Record<string, unknown>>;

/** The parts of the context that a caller may want to give. */
export type UseContext = Partial<Pick<Context, "name" | "signal" | "log">>;

/**
 * A source by its type or declaration. It is created when it is first asked for events.
 *
 * @throws {TypeError} if there is no such type, or the options of a declaration are wrong. Those of a type are checked
 * when it is run.
 */
export function source(type: string | SourceComponent, options: UseOptions = {}, context: UseContext = {}): Source {
  const create = prepare("source", type, options, context);
  return (async function* () {
    yield* await create();
  })();
}

/**
 * A transform by its type or declaration. It is created when it is first asked for events.
 *
 * @throws {TypeError} if there is no such type, or the options of a declaration are wrong. Those of a type are checked
 * when it is run.
 */
export function transform(
  type: string | TransformComponent,
  options: UseOptions = {},
  context: UseContext = {},
): Transform {
  const create = prepare("transform", type, options, context);
  return async function* (input) {
    yield* (await create())(input);
  };
}

/**
 * A sink by its type or declaration. It is created when it is run.
 *
 * @example Usage
 * ```ts ignore
 * await pipe(source("ebpf"), transform("jsonrpc"), sink("jsonl", { path: "messages.jsonl" }));
 * ```
 *
 * @throws {TypeError} if there is no such type, or the options of a declaration are wrong. Those of a type are checked
 * when it is run.
 */
export function sink(type: string | SinkComponent, options: UseOptions = {}, context: UseContext = {}): Sink {
  const create = prepare("sink", type, options, context);
  return async (input) => await (await create())(input);
}

interface Stages {
  source: Source;
  transform: Transform;
  sink: Sink;
}

const silent: Log = { info() {}, warn() {}, error() {} };

function prepare<K extends Kind>(
  kind: K,
  type: string | ComponentKinds[K],
  options: UseOptions,
  context: UseContext,
): () => Promise<Stages[K]> {
  const create = typeof type === "string" ? builtin(kind, type, options) : declared(type, options);
  return async () => {
    const { component, values } = await create();
    const stage: unknown = await component.create(values, {
      name: component.type,
      signal: new AbortController().signal,
      log: silent,
      metrics: new NodeMetrics(component.type, component.type),
      ...context,
    });
    return stage as Stages[K];
  };
}

interface Checked {
  readonly component: AnyComponent;
  readonly values: Record<string, unknown>;
}

/** Mistakes are told at once, but where it takes a promise to check an option: those when it is created. */
function declared(component: AnyComponent, options: UseOptions): () => Checked | Promise<Checked> {
  try {
    const checked: Checked = { component, values: valuesOf(component, component.options.safeParse(options, REPORT)) };
    return () => checked;
  } catch (error) {
    if (!(error instanceof z.core.$ZodAsyncError)) throw error;
    return () => check(component, options);
  }
}

/** Whether there is one is known at once, whether the options are right only once it is loaded. */
function builtin<K extends Kind>(kind: K, type: string, options: UseOptions): () => Promise<Checked> {
  const registry = builtins();
  if (!registry.has(kind, type)) {
    const near = nearest(type, registry.types(kind));
    throw new TypeError(`There is no ${kind} "${type}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
  }
  return async () => {
    return check((await registry.get(kind, type))!, options);
  };
}

const REPORT = { reportInput: true };

async function check(component: AnyComponent, options: UseOptions): Promise<Checked> {
  return { component, values: valuesOf(component, await component.options.safeParseAsync(options, REPORT)) };
}

function valuesOf(component: AnyComponent, result: z.ZodSafeParseResult<Record<string, unknown>>): Checked["values"] {
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const text = issue.code === "unrecognized_keys"
      ? `unknown option ${issue.keys.join(", ")}`
      : describeIssue(issue, JSON.stringify(issue.input));
    return issue.path.length === 0 ? text : `${join("", issue.path)}: ${text}`;
  });
  throw new TypeError(`The options of "${component.type}" are wrong: ${mistakes.join("; ")}`);
}
