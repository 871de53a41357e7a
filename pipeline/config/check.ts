/**
 * Checks the shape of a pipeline: which keys it has, and which stages they name.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import type { SourceComponent, TransformComponent } from "../component.ts";
import type { Kind } from "../registry.ts";
import { find, members } from "./document.ts";
import { expectedOneOf } from "./nearest.ts";
import type { PipelinePlan, PlannedSink, PlannedStage } from "./plan.ts";
import { join, report, type Scope } from "./scope.ts";
import { checkQueue } from "./_queue_options.ts";
import { checkStage } from "./stage.ts";

const KEYS = ["sources", "transforms", "sinks"];
const SINK_KEYS = ["type", "transforms", "when_full", "queue_events"];
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;

/** Checks the whole document. What has mistakes is left out of the plan, and reported. */
export async function checkPipeline(scope: Scope): Promise<PipelinePlan | undefined> {
  const root = scope.document.tree;
  if (root === undefined) return undefined;
  if (root.type !== "object") {
    report(scope, root, "", `expected an object with ${KEYS.join(", ")}`);
    return undefined;
  }
  checkKeys(scope, root);
  return {
    sources: await checkNamed(scope, root, "source", (node, at) => checkSource(scope, node, at)),
    transforms: await checkTransforms(scope, find(root, ["transforms"]), "transforms"),
    sinks: await checkNamed(scope, root, "sink", (node, at) => checkSink(scope, node, at)),
  };
}

/** Two members of one name are a mistake wherever they are. */
export function checkDuplicates(scope: Scope, node: Node | undefined, path = ""): void {
  if (node?.type === "array") node.children?.forEach((child, i) => checkDuplicates(scope, child, join(path, [i])));
  if (node?.type !== "object") return;
  const first = new Map<string, Node>();
  for (const { key, name, value } of members(node)) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, key);
    else {report(
        scope,
        key,
        join(path, [name]),
        `given twice; first in line ${scope.document.position(earlier.offset).line}`,
      );}
    checkDuplicates(scope, value, join(path, [name]));
  }
}

function checkKeys(scope: Scope, root: Node): void {
  for (const { key, name, value } of members(root)) {
    if (name === "$schema") {
      if (value.type !== "string") report(scope, value, name, "expected a string: where the JSON Schema is");
    } else if (!KEYS.includes(name)) {
      report(scope, key, name, `unknown key; ${expectedOneOf(name, KEYS)}`);
    }
  }
}

interface Place {
  readonly name: string;
  readonly path: string;
}

async function checkNamed<Planned>(
  scope: Scope,
  root: Node,
  kind: "source" | "sink",
  check: (node: Node, at: Place) => Promise<Planned | undefined>,
): Promise<Planned[]> {
  const path = `${kind}s`;
  const named = find(root, [path]);
  const example = kind === "source" ? '{ "kernel": { "type": "ebpf" } }' : '{ "screen": { "type": "console" } }';
  if (named?.type !== "object" || members(named).length === 0) {
    const wrong = named === undefined ? "missing; " : "";
    report(scope, named ?? root, path, `${wrong}expected an object with at least one ${kind}, such as ${example}`);
    return [];
  }
  const planned: Planned[] = [];
  for (const { key, name, value } of members(named)) {
    const at = { name, path: join(path, [name]) };
    if (!NAME.test(name)) report(scope, key, at.path, 'a name may have letters, digits, "_" and "-" only');
    const one = await check(value, at);
    if (one !== undefined) planned.push(one);
  }
  return planned;
}

function checkSource(scope: Scope, node: Node, at: Place): Promise<PlannedStage<SourceComponent> | undefined> {
  return checkStage(scope, "source", node, { ...at, reserved: ["type"] });
}

async function checkTransforms(
  scope: Scope,
  node: Node | undefined,
  path: string,
): Promise<PlannedStage<TransformComponent>[]> {
  if (node === undefined) return [];
  if (node.type !== "array") {
    report(scope, node, path, 'expected an array of transforms, such as [{ "type": "jsonrpc" }]');
    return [];
  }
  const planned: PlannedStage<TransformComponent>[] = [];
  for (const [i, child] of (node.children ?? []).entries()) {
    const at = join(path, [i]);
    const one = await checkStage(scope, "transform", child, { name: at, path: at, reserved: ["type"] });
    if (one !== undefined) planned.push(one);
  }
  return planned;
}

async function checkSink(scope: Scope, node: Node, at: Place): Promise<PlannedSink | undefined> {
  const stage = await checkStage(scope, "sink" satisfies Kind, node, { ...at, reserved: SINK_KEYS });
  if (node.type !== "object") return undefined;
  const transforms = await checkTransforms(scope, find(node, ["transforms"]), join(at.path, ["transforms"]));
  const queue = await checkQueue(scope, node, at.path);
  return stage && { ...stage, ...queue, transforms };
}
