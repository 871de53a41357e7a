/**
 * Tells which kinds a long text may have, by one search over its bytes.
 *
 * @module
 */
import { ByteSearch } from "../byte_search/mod.ts";
import type { SensitiveKind } from "./kind.ts";
import { SENSITIVE } from "./kinds.ts";
import { type KindGroup, partitionKinds } from "./partition.ts";

const GROUPS = 31;
const encoder = new TextEncoder();

/** The search for all kinds whose needles stand in the text itself; made when first asked for. */
let made: { readonly search: ByteSearch; readonly groups: readonly KindGroup[] } | undefined;
/** By what was found: the kinds that are not there. Forgotten when there are many. */
const absent = new Map<number, ReadonlySet<SensitiveKind>>();
const MOST = 256;

/** Those of the kinds that the text may have, in their order. */
export function sieve(text: string, kinds: readonly SensitiveKind[]): readonly SensitiveKind[] {
  const { search, groups } = made ??= make();
  const bytes = encoder.encode(text), bits = search.search(bytes, 0, bytes.length);
  let not = absent.get(bits);
  if (not === undefined) {
    if (absent.size >= MOST) absent.clear();
    absent.set(bits, not = new Set(groups.flatMap(({ kinds }, k) => (bits >> k & 1) === 0 ? kinds : [])));
  }
  const missing = not;
  return kinds.filter((kind) => !missing.has(kind));
}

function make(): NonNullable<typeof made> {
  const groups = partitionKinds(SENSITIVE.filter(({ elsewhere }) => elsewhere !== true), GROUPS);
  return { groups, search: new ByteSearch(groups.map(({ needles }) => needles)) };
}
