/**
 * Puts kinds into as many groups as a search can tell apart.
 *
 * @module
 */
import type { Needle } from "../byte_search/mod.ts";
import type { SensitiveKind } from "./kind.ts";

/** Kinds that share a bit. */
export interface KindGroup {
  readonly kinds: readonly SensitiveKind[];
  /** Of all of them. */
  readonly needles: readonly Needle[];
}

/**
 * Puts kinds, in their order, into at most `count` groups. Those with one or two needles of their own mark share groups:
 * they are seldom hit.
 */
export function partitionKinds(kinds: readonly SensitiveKind[], count: number): readonly KindGroup[] {
  const isRare = ({ needles }: SensitiveKind) =>
    needles.every((needle) => typeof needle === "string" && needle.length > 3);
  const alone = kinds.length <= count ? kinds : kinds.filter((kind) => !isRare(kind)).slice(0, count - 1);
  const rest = kinds.filter((kind) => !alone.includes(kind));
  const size = Math.ceil(rest.length / Math.max(1, count - alone.length));
  const lists = alone.map((kind) => [kind]);
  for (let k = 0; k < rest.length; k += size) lists.push(rest.slice(k, k + size));
  return lists.map((list) => ({ kinds: list, needles: list.flatMap(({ needles }) => needles) }));
}
