/**
 * "Did you mean …?"
 *
 * @module
 */

/** The name that was most likely meant, if any comes near enough. Case, `_` and `-` count for nothing. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  if (wrong.length > 64) return undefined; // nobody meant that, and the comparison is quadratic
  const limit = Math.max(1, Math.floor(wrong.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    const edits = distance(plain(wrong), plain(name));
    if (edits < least) [best, least] = [name, edits];
  }
  return best;
}

/** `expected one of a, b, c`, and the nearest of them. */
export function expectedOneOf(wrong: string, names: readonly string[]): string {
  const near = nearest(wrong, names);
  return `expected one of ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** How many letters must be added, removed, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, rows[i - 2]![j - 2]! + 1);
      }
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
