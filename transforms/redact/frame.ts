/**
 * Which rules hold at a place of a JSON document.
 *
 * @module
 */
import type { Selected } from "./json_path.ts";
import type { Places } from "./path.ts";
import type { Deed, Rule } from "./rule.ts";
import type { Active } from "./run.ts";

const PATH = 1, JSON_PATH = 2, KEY = 4;

/** The rules at a place. Immutable. */
export class Frame {
  /** What the first rule that takes whole values does; undefined if none holds here. */
  readonly whole: Deed | undefined;
  /** The rules for parts that hold here; none that comes after `whole`. */
  readonly parts: readonly Rule[];
  readonly #active: Active;
  readonly #places: readonly Places[];
  readonly #selected: readonly (Selected | undefined)[];
  /** By rule: which of the things that it wants were met on the way. */
  readonly #met: Uint8Array;

  private constructor(
    active: Active,
    places: readonly Places[],
    selected: readonly (Selected | undefined)[],
    met: Uint8Array,
  ) {
    this.#active = active;
    this.#places = places;
    this.#selected = selected;
    this.#met = met;
    const { rules } = active;
    const holds = (rule: Rule, k: number) => met[k] === wanted(rule);
    this.whole = rules.find((rule, k) => rule.where !== undefined && !isPart(rule) && holds(rule, k))?.deed;
    const last = this.whole?.order ?? Infinity;
    this.parts = rules.filter((rule, k) => isPart(rule) && rule.order < last && holds(rule, k));
  }

  /** At the outermost value. `parse` gives the document, where a JSONPath needs it. */
  static root(active: Active, parse: () => unknown): Frame {
    if (!active.hasPlaces) return active.anywhere ??= new Frame(active, [], [], new Uint8Array(active.rules.length));
    const { rules } = active;
    const met = new Uint8Array(rules.length);
    const document = active.hasJsonPath ? parse() : undefined;
    const places = rules.map(({ where }) => where?.path?.start ?? 0);
    const selected = rules.map(({ where }) => document === undefined ? undefined : where?.jsonPath?.select(document));
    return new Frame(active, places, selected, meet(rules, met, places, selected, undefined));
  }

  /** At a member or an element. `named`: its name counts. */
  step(key: string | number, named: boolean): Frame {
    const active = this.#active;
    if (!active.hasPlaces) return this;
    const { rules } = active;
    const places = rules.map(({ where }, k) => where?.path?.step(this.#places[k] ?? 0, key) ?? 0);
    const selected = this.#selected.map((tree) => tree?.below.get(key));
    const met = meet(rules, this.#met, places, selected, named && typeof key === "string" ? key : undefined);
    return new Frame(active, places, selected, met);
  }
}

function isPart({ pattern, kinds }: Rule): boolean {
  return pattern !== undefined || kinds !== undefined;
}

function wanted({ where }: Rule): number {
  if (where === undefined) return 0;
  return (where.path === undefined ? 0 : PATH) | (where.jsonPath === undefined ? 0 : JSON_PATH) |
    (where.keys === undefined ? 0 : KEY);
}

function meet(
  rules: readonly Rule[],
  before: Uint8Array,
  places: readonly Places[],
  selected: readonly (Selected | undefined)[],
  name: string | undefined,
): Uint8Array {
  const met = before.slice();
  rules.forEach(({ where }, k) => {
    if (where === undefined) return;
    if (where.path?.ends(places[k] ?? 0)) met[k]! |= PATH;
    if (selected[k]?.here) met[k]! |= JSON_PATH;
    if (name !== undefined && where.keys?.some((fits) => fits(name))) met[k]! |= KEY;
  });
  return met;
}
