/**
 * What changes between two texts, for people.
 *
 * @module
 */
import picocolors from "picocolors";

/** Lines shown around a change. */
const AROUND = 2;

/** The lines that differ, with some around them, as `diff -u` has them. The texts are alike in most lines. */
export function diff(before: string, after: string, color: boolean): string {
  const paint = picocolors.createColors(color);
  const old = before.split("\n"), now = after.split("\n");
  const out: string[] = [];
  let i = 0, j = 0, shown = 0; // `shown`: lines of `old` up to here are out
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i++;
      j++;
      continue;
    }
    const [skipOld, skipNow] = nextCommon(old, now, i, j);
    const from = Math.max(shown, i - AROUND);
    if (from > shown || shown === 0) out.push(paint.cyan(`@@ line ${from + 1} @@`));
    for (let k = from; k < i; k++) out.push(`  ${old[k]}`);
    for (let k = i; k < i + skipOld; k++) out.push(paint.red(`- ${old[k]}`));
    for (let k = j; k < j + skipNow; k++) out.push(paint.green(`+ ${now[k]}`));
    i += skipOld;
    j += skipNow;
    const until = Math.min(old.length, i + AROUND);
    let same = 0;
    while (i + same < until && old[i + same] === now[j + same]) out.push(`  ${old[i + same++]}`);
    i += same;
    j += same;
    shown = i;
  }
  return out.map((line) => `${line.replace(/\r$/, "")}\n`).join("");
}

/** How far it is to the next line that both have, going as little as possible in both. */
function nextCommon(old: readonly string[], now: readonly string[], i: number, j: number): [number, number] {
  const far = Math.min(200, old.length - i + now.length - j);
  for (let sum = 1; sum <= far; sum++) {
    for (let a = 0; a <= sum; a++) {
      const line = old[i + a];
      if (line !== undefined && line.trim().length > 1 && line === now[j + sum - a]) return [a, sum - a];
    }
  }
  return [old.length - i, now.length - j];
}
