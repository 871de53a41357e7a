/**
 * What names of spool files say.
 *
 * @module
 */
import { MANY, ONE } from "../../pipeline/query/ast.ts";
import { matcher } from "../../pipeline/query/glob.ts";

/** Who writes a file. */
export interface Writer {
  /** The same for all files that one writer writes one after the other. */
  readonly key: string;
  /** The process, as the writer sees it. */
  readonly pid: number;
  /** Grows from file to file. */
  readonly generation: number;
}

/** BlueRock's `python-{pid}-{tid}.{generation}.ndjson`, and ours (hooks/README.md). */
const BLUEROCK = /^(python-(\d{1,10})-\d{1,10})\.(\d{1,9})\.ndjson(?:\.gz)?$/;
const OURS = /^(mcpsonde-[a-z]+-(\d{1,10})-\d{1,16})\.(\d{1,9})\.ndjson(?:\.gz)?$/;

/** The writer that a file is named after, if it is. */
export function writerOf(name: string): Writer | undefined {
  const [, key, pid, generation] = BLUEROCK.exec(name) ?? OURS.exec(name) ?? [];
  return key === undefined ? undefined : { key, pid: Number(pid), generation: Number(generation) };
}

/** True for a name that one of the patterns fits: `*` stands for any characters, `?` for one. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const fits = patterns.map((pattern) =>
    matcher(pattern.split(/([*?])/).map((piece) => piece === "*" ? MANY : piece === "?" ? ONE : piece))
  );
  return (name) => fits.some((fit) => fit(name));
}
