/** What the benchmarks share: native helpers, figures from /proc, results. */
import { join } from "node:path";

/** One measured figure and what it should be. */
export interface Figure {
  /** What was measured, for the first column of the README's table. */
  readonly what: string;
  /** The value with its unit. */
  readonly measured: string;
  /** The same without mcpsonde, or done plainly, in the same run. */
  readonly baseline?: string;
  /** What it should be, and whether it is; neither for what only explains another figure. */
  readonly target?: string;
  readonly ok?: boolean;
}

/** Reports a benchmark's figures: as sentences, or with `--json` for bench/all.ts. */
export function report(bench: string, figures: readonly Figure[]): void {
  const lines = figures.map(({ what, measured, baseline, target, ok }) => {
    const judged = target === undefined ? "" : `; should be ${target}: ${ok ? "yes" : "NO"}`;
    return `${what}: ${measured}${baseline ? ` (bare ${baseline})` : ""}${judged}`;
  });
  const text = Deno.args.includes("--json") ? JSON.stringify({ bench, figures }) : lines.join("\n");
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Compiles bench/native/NAME.c into the cache, if it is newer; gives the program's path. */
export async function native(name: string): Promise<string> {
  const cache = join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? "/root", ".cache"), "mcpsonde-ci");
  const program = join(cache, "bench", name);
  const source = new URL(`native/${name}.c`, import.meta.url).pathname;
  const age = (path: string) => Deno.stat(path).then(({ mtime }) => mtime?.getTime() ?? 0, () => 0);
  if (await age(program) < await age(source)) {
    await Deno.mkdir(join(cache, "bench"), { recursive: true });
    await output("gcc", "-O2", "-o", program, source);
  }
  return program;
}

/** Runs a program; gives its standard output. */
export async function output(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The same on one core, the last one, if `taskset` is there. */
export async function pinned(program: string, ...args: string[]): Promise<string> {
  const cores = navigator.hardwareConcurrency;
  try {
    return await output("taskset", "-c", String(cores - 1), program, ...args);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await output(program, ...args);
  }
}

/** What bench/native/writer.c prints. */
export interface Written {
  readonly writer: number;
  readonly reader: number;
  readonly count: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Writes so many messages of 300 bytes over a pipe. */
export async function write(count: number, perSecond?: number): Promise<Written> {
  const rate = perSecond === undefined ? [] : [String(perSecond)];
  return JSON.parse(await output(await native("writer"), String(count), "300", ...rate));
}

/** Processor time that a process has used, in seconds (in steps of 10 ms). */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100; // utime, stime in USER_HZ
}

/** Resident memory of a process, in MiB, of the kinds named in /proc/PID/status. */
export function residentMiB(pid: number, ...kinds: ("VmRSS" | "RssAnon" | "RssFile" | "RssShmem")[]): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const of = (kind: string) => Number(new RegExp(`^${kind}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
  return kinds.reduce((sum, kind) => sum + of(kind), 0) / 1024;
}

/** What one writer's messages became in a JSONL file. */
export interface Landed {
  /** Messages of that writer. */
  readonly messages: number;
  /** Of these, different ones, by their number. */
  readonly different: number;
  /** `gap` lines, which tell of losses. */
  readonly gaps: readonly string[];
}

/** Counts a writer's messages in a JSONL file, whatever its size. */
export async function landed(path: string, { writer, count }: Written): Promise<Landed> {
  const mark = `"from_pid":${writer},`, number = /"logger":1(\d{9})/;
  const seen = new Uint8Array(count);
  const gaps: string[] = [];
  let messages = 0, different = 0, rest = "";
  using file = await Deno.open(path);
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.includes('"kind":"gap"')) gaps.push(line);
      if (!line.includes(mark)) continue;
      messages++;
      const n = Number(number.exec(line)?.[1] ?? -1);
      if (n >= 0 && n < count && seen[n] === 0) different += seen[n] = 1;
    }
  }
  return { messages, different, gaps };
}

/** The smallest and the middle one. */
export function spread(values: readonly number[]): { readonly min: number; readonly median: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? NaN, median: sorted[sorted.length >> 1] ?? NaN };
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
