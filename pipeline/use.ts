/**
 * Components as plain stages, for {@linkcode pipe}: the same types and options as in a pipeline file, without one.
 *
 * @module
 */
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
 * @throws {TypeError} if there is no such type, or its options are wrong.
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
 * @throws {TypeError} if there is no such type, or its options are wrong.
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
 * @throws {TypeError} if there is no such type, or its options are wrong.
 */
export function sink(type: string | SinkComponent, options: UseOptions = {}, context: UseContext = {}): Sink {
  const create = prepare("sink", type, options, context);
  return async (input) => await (await create())(input);
}

const silent: Log = { info() {}, warn() {}, error() {} };

function prepare<K extends Kind>(
  kind: K,
  type: string | ComponentKinds[K],
  options: UseOptions,
  context: UseContext,
): () => ReturnType<ComponentKinds[K]["create"]> {
  const component: AnyComponent = typeof type === "string" ? builtin(kind, type) : type;
  const checked = check(component, options);
  return () =>
    component.create(checked, {
      name: component.type,
      signal: new AbortController().signal,
      log: silent,
      metrics: new NodeMetrics(component.type, component.type),
      ...context,
    }) as ReturnType<ComponentKinds[K]["create"]>;
}

function builtin(kind: Kind, type: string): AnyComponent {
  const registry = builtins();
  const component = registry.get(kind, type);
  if (component !== undefined) return component;
  const near = nearest(type, registry.list(kind).map((component) => component.type));
  throw new TypeError(`There is no ${kind} "${type}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
}

function check(component: AnyComponent, options: UseOptions): Record<string, unknown> {
  const result = component.options.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const text = issue.code === "unrecognized_keys"
      ? `unknown option ${issue.keys.join(", ")}`
      : describeIssue(issue, JSON.stringify(issue.input));
    return issue.path.length === 0 ? text : `${join("", issue.path)}: ${text}`;
  });
  throw new TypeError(`The options of "${component.type}" are wrong: ${mistakes.join("; ")}`);
}
