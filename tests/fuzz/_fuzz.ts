/**
 * Mutation fuzzing: any bytes may come in, and what holds must hold.
 *
 * @module
 */

/** One thing that is fuzzed. A module in this folder exports it as its default. */
export interface FuzzTarget {
  /** As it is named on the command line. */
  readonly name: string;
  /** Inputs to begin with: some that make sense. */
  readonly seeds: readonly Uint8Array[];
  /** Throws, or rejects, if something does not hold. The bytes begin a buffer of their own. */
  run(data: Uint8Array<ArrayBuffer>): void | Promise<void>;
}

/** Whole numbers from 0 to `below - 1`, the same for the same seed (xorshift32). */
export function random(seed: number): (below: number) => number {
  let x = seed >>> 0 || 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Values at the edges of integer types, and characters that mean something in most formats. */
const EDGES = [0, 1, 9, 10, 13, 32, 44, 48, 58, 59, 102, 127, 128, 255];
const MAX_BYTES = 4096;

/** A changed copy of one of the corpus, at most 4 KiB. */
export function mutate(corpus: readonly Uint8Array[], below: (n: number) => number): Uint8Array {
  const pick = () => corpus[below(corpus.length)] ?? new Uint8Array(0);
  let bytes = pick();
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const at = below(bytes.length + 1), length = below(Math.min(64, bytes.length - at + 1) || 1);
    const before = bytes.subarray(0, at), after = bytes.subarray(at + length);
    switch (below(8)) {
      case 0: // some bytes go
        bytes = join(before, after);
        break;
      case 1: // some come twice
        bytes = join(before, bytes.subarray(at, at + length), bytes.subarray(at));
        break;
      case 2: { // some come from another
        const other = pick(), from = below(other.length + 1);
        bytes = join(before, other.subarray(from, from + 1 + below(64)), bytes.subarray(at));
        break;
      }
      case 3: { // it goes on as another
        const other = pick();
        bytes = join(before, other.subarray(below(other.length + 1)));
        break;
      }
      case 4: // new ones
        bytes = join(before, Uint8Array.from({ length: 1 + below(8) }, () => below(256)), bytes.subarray(at));
        break;
      default: // others in their place
        bytes = new Uint8Array(bytes); // the slice of a Buffer is no copy
        if (at < bytes.length) bytes[at] = below(2) ? EDGES[below(EDGES.length)]! : bytes[at]! ^ 1 << below(8);
    }
  }
  return bytes.length > MAX_BYTES ? bytes.slice(0, MAX_BYTES) : bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What a run has done. */
export interface Fuzzed {
  readonly runs: number;
  readonly seconds: number;
  /** The first input that failed, and how. */
  readonly crash: { readonly data: Uint8Array; readonly error: unknown } | undefined;
}

/** One run may not take longer, in milliseconds: it would hang. */
const MAX_RUN_MS = 2000;

/** Runs the seeds and then mutations of them for so many seconds, or until one fails. */
export async function fuzz(target: FuzzTarget, seconds: number, seed: number): Promise<Fuzzed> {
  const below = random(seed), began = performance.now(), stop = began + seconds * 1000;
  let runs = 0;
  for (let now = began; now < stop || runs <= target.seeds.length;) {
    const data = target.seeds[runs] ?? mutate(target.seeds, below);
    runs++;
    try {
      const running = target.run(new Uint8Array(data));
      if (running !== undefined) await running;
      const then = now;
      now = performance.now();
      if (now - then > MAX_RUN_MS) throw new Error(`took ${Math.round(now - then)} ms`);
    } catch (error) {
      return { runs, seconds: (performance.now() - began) / 1000, crash: { data, error } };
    }
  }
  return { runs, seconds: (performance.now() - began) / 1000, crash: undefined };
}

/** The targets in this folder, by their file names. */
export async function targets(): Promise<Map<string, FuzzTarget>> {
  const all = new Map<string, FuzzTarget>();
  const files = [...Deno.readDirSync(new URL(".", import.meta.url))].map(({ name }) => name).sort();
  for (const file of files) {
    if (!file.endsWith(".ts") || file.startsWith("_") || file === "main.ts" || file.endsWith("_test.ts")) continue;
    const { default: target } = await import(new URL(file, import.meta.url).href) as { default: FuzzTarget };
    all.set(target.name, target);
  }
  return all;
}
