/**
 * The calls that have not ended.
 *
 * @module
 */
import type { McpEvent } from "../../../pipeline/event.ts";
import type { CallNode } from "./node.ts";

/** Most calls that may be open; the oldest is drawn as it is when there are more. */
export const MOST_OPEN = 1000;

/** Open calls, by session. */
export class OpenNodes {
  readonly #all = new Set<CallNode>();
  readonly #bySession = new Map<number, Set<CallNode>>();

  /** All, oldest first. */
  get all(): readonly CallNode[] {
    return [...this.#all];
  }

  /** Adds a call. Gives back the oldest if there are too many. */
  add(node: CallNode): CallNode | undefined {
    this.#all.add(node);
    const { session } = node.beginning;
    const own = this.#bySession.get(session);
    if (own === undefined) this.#bySession.set(session, new Set([node]));
    else own.add(node);
    if (this.#all.size <= MOST_OPEN) return undefined;
    const [oldest] = this.#all;
    return oldest;
  }

  has(node: CallNode): boolean {
    return this.#all.has(node);
  }

  remove(node: CallNode): void {
    this.#all.delete(node);
    const { session } = node.beginning;
    const own = this.#bySession.get(session);
    own?.delete(node);
    if (own?.size === 0) this.#bySession.delete(session);
  }

  /** The client's call within which the server says something: the one of the same exchange, or the only one. */
  within(event: McpEvent): CallNode | undefined {
    const session = event.context?.session.id;
    const own = session === undefined ? undefined : this.#bySession.get(session);
    if (own === undefined) return undefined;
    let only: CallNode | undefined, count = 0;
    for (const node of own) {
      if (node.beginning.fromServer || node.parent !== undefined) continue;
      if (event.http !== undefined && node.beginning.exchange === event.http) return node;
      only = node;
      count++;
    }
    return count === 1 ? only : undefined;
  }
}
