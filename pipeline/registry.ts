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

/** Imports the module that declares a component, as its default export. */
export type LoadComponent<K extends Kind> = () => Promise<{ readonly default: ComponentKinds[K] }>;

interface Entry {
  readonly kind: Kind;
  readonly type: string;
  load(): Promise<AnyComponent>;
}

const ORDER: Record<Kind, number> = { source: 0, transform: 1, sink: 2 };

/**
 * A set of components. One type name may stand for a source and for a sink; within a kind it is unique. What nobody
 * uses is not loaded.
 */
export class Registry {
  readonly #entries = new Map<string, Entry>();

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
    return this.#add({ kind: component.kind, type: component.type, load: () => Promise.resolve(component) });
  }

  /**
   * Adds a component that is loaded when it is first asked for.
   *
   * @throws {RangeError} if the kind already has a component of this type.
   */
  addLazy<K extends Kind>(kind: K, type: string, load: LoadComponent<K>): this {
    return this.#add({ kind, type, load: async () => (await load()).default as AnyComponent });
  }

  /** Whether there is a component of this kind and type. */
  has(kind: Kind, type: string): boolean {
    return this.#entries.has(keyOf(kind, type));
  }

  /** The component of this kind and type, if there is one. */
  async get<K extends Kind>(kind: K, type: string): Promise<ComponentKinds[K] | undefined> {
    return await this.#entries.get(keyOf(kind, type))?.load() as ComponentKinds[K] | undefined;
  }

  /** The types of one kind, or all, in order. */
  types(kind?: Kind): string[] {
    return this.#sorted(kind).map(({ type }) => type);
  }

  /** All components, or those of one kind: sources, transforms, sinks, each by name. */
  list(): Promise<AnyComponent[]>;
  /** The components of one kind, by name. */
  list<K extends Kind>(kind: K): Promise<ComponentKinds[K][]>;
  list(kind?: Kind): Promise<AnyComponent[]> {
    return Promise.all(this.#sorted(kind).map((entry) => entry.load()));
  }

  #add(entry: Entry): this {
    const key = keyOf(entry.kind, entry.type);
    if (this.#entries.has(key)) {
      throw new RangeError(`There is a ${entry.kind} of type "${entry.type}" already`);
    }
    this.#entries.set(key, entry);
    return this;
  }

  #sorted(kind: Kind | undefined): Entry[] {
    return [...this.#entries.values()]
      .filter((entry) => kind === undefined || entry.kind === kind)
      .sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || (a.type < b.type ? -1 : 1));
  }
}

function keyOf(kind: Kind, type: string): string {
  return `${kind} ${type}`;
}
