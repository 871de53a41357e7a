/**
 * By what the filter in `search.c` tells bytes apart, and how likely it is to let one pass.
 *
 * A byte has a low half, of 16, and a cell: bits 2 and 3 of it, and one of four rows of ASCII, both cases of a letter being
 * in one. A set of low halves and a set of cells let those bytes pass that have one of either. As bits 2 and 3 are in both,
 * these are few others than those that the sets were made for.
 *
 * @module
 */

/** Bytes that the filter looks at together. */
export const PLACES = 4;

/** A byte's low half, 0 to 15. */
export function lowHalf(code: number): number {
  return code & 15;
}

/** A byte's cell, 0 to 15. */
export function cellOf(code: number): number {
  return code & 12 | ROWS[code >> 4]!;
}

/** By the high half: signs and what is no character of ASCII, digits, the first letters, the last ones. */
const ROWS: readonly number[] = [0, 0, 0, 1, 2, 3, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0];

/** The chance that both sets, a bit for each, let a byte of JSON with English in it pass. */
export function chance(lows: number, cells: number): number {
  return CHANCES[(lows & 15) << 4 | cells & 15]! + CHANCES[256 | lows & 240 | cells >> 4 & 15]! +
    CHANCES[512 | lows >> 4 & 240 | cells >> 8 & 15]! + CHANCES[768 | lows >> 8 & 240 | cells >> 12 & 15]!;
}

/** Those of the bytes with the same bits 2 and 3, by these, by the set of low halves, by the set of cells. */
const CHANCES = chances(frequencies());

function frequencies(): Float64Array {
  const weights = new Float64Array(256).fill(0.002);
  const add = (characters: string, each: number) => {
    for (const character of characters) weights[character.charCodeAt(0)] = each;
  };
  add("abcdefghijklmnopqrstuvwxyz", 1);
  add("etaoinsr", 5);
  add("lcdmpu", 2.5);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.2);
  add("0123456789", 1);
  add('"', 6);
  add(" ", 8);
  add(":,", 2.5);
  add("{}/._-\\", 1);
  add("[]()=", 0.3);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

function chances(frequency: Float64Array): Float64Array {
  const table = new Float64Array(1024);
  frequency.forEach((each, code) => {
    const low = 1 << (code & 3), cell = 1 << (cellOf(code) & 3), group = (code >> 2 & 3) << 8;
    for (let lows = low; lows < 16; lows = lows + 1 | low) {
      for (let cells = cell; cells < 16; cells = cells + 1 | cell) table[group | lows << 4 | cells]! += each;
    }
  });
  return table;
}
