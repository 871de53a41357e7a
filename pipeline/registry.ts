/**
 * The components that a pipeline file may name.
 *
 * @module
 */
import type { AnyComponent, SinkComponent, SourceComponent, TransformComponent } from "./component.ts";

/** The three kinds of component, with the declaration of each. */
export interface ComponentKinds {
  /** Makes events. */
  source: SourceComponent;
  /** Changes events. */
  transform: TransformComponent;
  /** Delivers events. */
  sink: SinkComponent;
}

/** `source`, `transform` or `sink`. */
export type Kind = keyof ComponentKinds;

/** A set of components. One type name may stand for a source and for a sink; within a kind it is unique. */
export class Registry {
  readonly #components = new Map<string, AnyComponent>();

  /** A registry that holds the given components. */
  constructor(components: Iterable<AnyComponent> = []) {
    for (const component of components) this.add(component);
  }

  /**
   * Adds a component.
   *
   * @throws {RangeError} if the kind already has a component of this type.
   */
  add(component: AnyComponent): this {
    const key = keyOf(component.kind, component.type);
    if (this.#components.has(key)) {
      throw new RangeError(`There is a ${component.kind} of type "${component.type}" already`);
    }
    this.#components.set(key, component);
    return this;
  }

  /** The component of this kind and type, if there is one. */
  get<K extends Kind>(kind: K, type: string): ComponentKinds[K] | undefined {
    return this.#components.get(keyOf(kind, type)) as ComponentKinds[K] | undefined;
  }

  /** All components, or those of one kind: sources, transforms, sinks, each by name. */
  list(): AnyComponent[];
  /** The components of one kind, by name. */
  list<K extends Kind>(kind: K): ComponentKinds[K][];
  list(kind?: Kind): AnyComponent[] {
    return [...this.#components.values()]
      .filter((component) => kind === undefined || component.kind === kind)
      .sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || (a.type < b.type ? -1 : 1));
  }
}

const ORDER: Record<Kind, number> = { source: 0, transform: 1, sink: 2 };

function keyOf(kind: Kind, type: string): string {
  return `${kind} ${type}`;
}
