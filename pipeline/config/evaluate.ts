/**
 * From a parsed value to the value that it stands for, with its substitutions made.
 *
 * @module
 */
import type { Node } from "jsonc-parser";
import { members } from "./document.ts";
import { readText } from "./read.ts";
import { join, report, resolvePath, type Scope } from "./scope.ts";
import { type Lookup, substitute } from "./substitute.ts";

/** Enough for a key or a certificate chain. */
const MAX_SECRET_BYTES = 1024 * 1024;

/** A value, and which of its strings were one substitution each (as config paths below it). */
export interface Evaluated {
  readonly value: unknown;
  readonly substituted: ReadonlySet<string>;
}

/** Evaluates a node. Substitutions that fail are reported; the value then holds the text without them. */
export async function evaluate(scope: Scope, node: Node, path: string): Promise<Evaluated> {
  const substituted = new Set<string>();
  const lookup = lookupIn(scope);

  async function walk(node: Node, at: string): Promise<unknown> {
    switch (node.type) {
      case "object": {
        const object: Record<string, unknown> = {};
        for (const { name, value } of members(node)) {
          // Not an assignment: a key named __proto__ is a key like any other.
          const property = {
            value: await walk(value, join(at, [name])),
            enumerable: true,
            writable: true,
            configurable: true,
          };
          Object.defineProperty(object, name, property);
        }
        return object;
      }
      case "array": {
        const array: unknown[] = [];
        for (const child of node.children ?? []) array.push(await walk(child, join(at, [array.length])));
        return array;
      }
      case "string": {
        if (scope.literal) return node.value;
        const { text, whole, errors } = await substitute(String(node.value), lookup);
        for (const { piece, message } of errors) report(scope, scope.document.offsetIn(node, piece), at, message);
        if (whole) substituted.add(at);
        return text;
      }
      default:
        return node.value;
    }
  }
  return { value: await walk(node, path), substituted };
}

function lookupIn(scope: Scope): Lookup {
  return {
    env: (name) => scope.env[name],
    async file(written) {
      try {
        return await readText(resolvePath(written, scope), MAX_SECRET_BYTES);
      } catch (error) {
        throw new Error(`"${written}": ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}
