/**
 * How much the inventory keeps.
 *
 * @module
 */

/** The bounds. Sizes are those of the canonical form, in UTF-16 code units. */
export interface InventoryLimits {
  /** Servers; beyond it the longest silent one is forgotten. */
  readonly servers: number;
  /** Entries of one list of one server; more are passed over. */
  readonly entries: number;
  /** Length of an entry's name or URI; one with a longer name is passed over. */
  readonly name: number;
  /** Size of one entry; a larger one is passed over. */
  readonly entrySize: number;
  /** Bytes of one page of a list; a larger one is not read. */
  readonly pageBytes: number;
  /** Size of all entries of one list, over all its pages; what is more is passed over. */
  readonly listSize: number;
  /** Size of all entries of all servers; beyond it the lists of the longest silent server are forgotten. */
  readonly size: number;
  /** Lists of one server that have begun and wait for their next page. */
  readonly pages: number;
  /** Characters of `instructions` and of the strings that name a party; the rest is cut. */
  readonly text: number;
}

const KIB = 1024, MIB = 1024 * KIB;

/** What holds unless told otherwise. */
export const LIMITS: InventoryLimits = {
  servers: 1024,
  entries: 2048,
  name: 4 * KIB,
  entrySize: 256 * KIB,
  pageBytes: 4 * MIB,
  listSize: 4 * MIB,
  size: 32 * MIB,
  pages: 4,
  text: 64 * KIB,
};

/** What was passed over, by why. */
export interface InventoryCounts {
  /** Pages of lists that were too large or not what the protocol says. */
  lists: number;
  /** Entries that were too large, too many, or without a name that can be kept. */
  entries: number;
  /** Servers, and lists of servers, that were forgotten. */
  forgotten: number;
}
