/**
 * Patterns in which `*` stands for any text.
 *
 * @module
 */

/** True for the texts that fit. */
export type Glob = (text: string) => boolean;

/** Compiles a pattern. Case counts for nothing. The time is at most that of the text's length times the pattern's. */
export function glob(pattern: string): Glob {
  const parts = pattern.toLowerCase().split("*");
  const first = parts[0] ?? "", last = parts.at(-1) ?? "";
  if (parts.length === 1) return (text) => text.length === first.length && text.toLowerCase() === first;
  const middle = parts.slice(1, -1).filter((part) => part !== "");
  return (text) => {
    const lower = text.toLowerCase();
    if (lower.length < first.length + last.length || !lower.startsWith(first) || !lower.endsWith(last)) return false;
    let at = first.length;
    const end = lower.length - last.length;
    for (const part of middle) {
      const found = lower.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** The longest text that everything that fits holds; undefined if there is none that is worth looking for. */
export function literalOf(pattern: string): string | undefined {
  let longest = "";
  for (const part of pattern.split(/[^ -)+-~]|\*|["\\/]/)) if (part.length > longest.length) longest = part;
  return longest.length >= 3 ? longest : undefined;
}
