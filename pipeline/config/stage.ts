/**
 * Checks one stage: its type, which may be a plug-in, and its options.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import { isPlugin, loadPlugin } from "../plugin.ts";
import type { ComponentKinds, Kind } from "../registry.ts";
import { find } from "./document.ts";
import { nearest } from "./nearest.ts";
import { checkOptions } from "./options.ts";
import type { PlannedStage } from "./plan.ts";
import { join, report, resolvePath, type Scope } from "./scope.ts";

/** A stage's name, its config path, and the keys that are not its component's options. */
export interface StageAt {
  readonly name: string;
  readonly path: string;
  readonly reserved: readonly string[];
}

/** The checked stage, or undefined after reporting every mistake. */
export async function checkStage<K extends Kind>(
  scope: Scope,
  kind: K,
  node: Node,
  { name, path, reserved }: StageAt,
): Promise<PlannedStage<ComponentKinds[K]> | undefined> {
  if (node.type !== "object") {
    report(scope, node, path, `expected an object with a "type", such as { "type": "${EXAMPLES[kind]}" }`);
    return undefined;
  }
  const typeNode = find(node, ["type"]);
  const typePath = join(path, ["type"]);
  if (typeNode?.type !== "string") {
    const wrong = typeNode === undefined ? "missing; " : "";
    report(scope, typeNode ?? node, typePath, `${wrong}expected ${choices(scope, kind)}`);
    return undefined;
  }
  const type = String(typeNode.value);
  const component = await findComponent(scope, kind, typeNode, typePath);
  if (component === undefined) return undefined;
  const options = await checkOptions(scope, component, { node, path, reserved });
  if (options === undefined) return undefined;
  const { at } = scope.document.problem(node.offset, path, "");
  return { name, path, type, component, options, at };
}

const EXAMPLES: Readonly<Record<Kind, string>> = { source: "ebpf", transform: "jsonrpc", sink: "console" };

async function findComponent<K extends Kind>(
  scope: Scope,
  kind: K,
  node: Node,
  path: string,
): Promise<ComponentKinds[K] | undefined> {
  const type = String(node.value);
  if (!isPlugin(type)) {
    const component = await scope.registry.get(kind, type);
    if (component === undefined) report(scope, node, path, unknownType(scope, kind, type));
    return component;
  }
  try {
    return await loadPlugin(kind, type, (written) => resolvePath(written, scope));
  } catch (error) {
    report(scope, node, path, error instanceof Error ? error.message : String(error), error);
    return undefined;
  }
}

function unknownType(scope: Scope, kind: Kind, type: string): string {
  const other = (["source", "transform", "sink"] as const).find((other) => scope.registry.has(other, type));
  if (other !== undefined) {
    return `"${type}" is a ${other}, and a ${kind} is wanted here; expected ${choices(scope, kind)}`;
  }
  const near = /[/\\]|\.[mc]?[jt]s$/.test(type) ? `./${type}` : nearest(type, scope.registry.types(kind));
  return `unknown ${kind}; expected ${choices(scope, kind)}${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

function choices(scope: Scope, kind: Kind): string {
  const plugin = `a plug-in such as "./my_${kind}.ts"`;
  const types = scope.registry.types(kind);
  return types.length === 0 ? plugin : `${types.join(", ")} or ${plugin}`;
}
