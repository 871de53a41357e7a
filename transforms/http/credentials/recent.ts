/**
 * A small memory of what was made of texts.
 *
 * @module
 */
import { RecentMap } from "../../../pipeline/recent_map.ts";

/** Texts that are remembered, and how long they may be together, in UTF-16 units. */
const MOST = 512, LONGEST = 64 * 1024;

/** What was made of the last texts. */
export function recentTexts(): RecentMap<string, string> {
  return new RecentMap(MOST, { heaviest: LONGEST, weigh: (text) => text.length });
}
