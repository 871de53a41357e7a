/**
 * How many tokens a text takes in a model's context: an estimate, by the vocabulary `o200k_base`. Other models' differ by
 * some ten percent for English and for JSON, more for other languages.
 *
 * @module
 */

/**
 * Texts are counted in slices of so many characters, cut at a space where there is one: the library takes time that
 * grows with the square of a word's length, 1.5 s for 10,000 emoji (measured).
 */
const SLICE = 512;
/** How far back from a slice's end a space is looked for. */
const BACK = 64;
/** Longer texts are counted up to here and then in proportion. About 10 ms. */
const COUNTED = 128 * 1024;
/** Words whose tokens the library keeps; its own default is 100,000. */
const CACHED = 10_000;

type Count = (text: string) => number;

let count: Count | undefined;
let loading: Promise<void> | undefined;

/**
 * Loads the vocabulary: some 150 ms and 60 MB, once. Never rejects: if it cannot be loaded, counts stay NaN and the
 * next call tries again.
 */
export function loadTokenizer(): Promise<void> {
  return loading ??= load().catch(() => {
    loading = undefined;
  });
}

/** Tokens of a text; NaN until {@linkcode loadTokenizer} has resolved. Bounded in time, whatever the text is. */
export function countTokens(text: string): number {
  if (count === undefined) return NaN;
  const counted = Math.min(text.length, COUNTED);
  let tokens = 0;
  for (let start = 0; start < counted;) {
    const end = sliceEnd(text, start, counted);
    tokens += count(text.slice(start, end));
    start = end;
  }
  return counted === text.length ? tokens : Math.round(tokens * (text.length / counted));
}

/** Where the slice that starts at `start` ends: after `start`, before a space if one is near, never within a pair. */
function sliceEnd(text: string, start: number, limit: number): number {
  const end = start + SLICE;
  if (end >= limit) return limit;
  for (let at = end; at > end - BACK; at--) if (text.charCodeAt(at) === 0x20) return at;
  return (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end + 1 : end;
}

async function load(): Promise<void> {
  const { countTokens, setMergeCacheSize } = await import("gpt-tokenizer/encoding/o200k_base");
  setMergeCacheSize(CACHED);
  const options = { disallowedSpecial: new Set<string>() }; // `<|endoftext|>` in a text is text
  count = (text) => countTokens(text, options);
}
