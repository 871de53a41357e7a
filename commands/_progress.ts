/**
 * How far long work has come, in one line on a terminal's standard error, which is gone when the work is done.
 *
 * @module
 */
import process from "node:process";
import picocolors from "picocolors";
import type { Output } from "./_context.ts";
import { isUnicode } from "../sinks/console/terminal.ts";
import { bytes, count } from "../sinks/console/units.ts";
import { cut, visible } from "../sinks/console/visible.ts";

/** What the work is. */
export interface ProgressOptions {
  /** `import`, `replay`: what is being done. */
  readonly label: string;
  /** How much there is to do, where that is known. */
  readonly total?: number | undefined;
  /** What is counted: bytes unless it is something else, in the plural: `calls`. */
  readonly unit?: string | undefined;
}

/** A bar that is shown, or not. */
export interface Progress {
  /** So much more was done. */
  add(amount: number): void;
  /** So much is done in all. */
  set(amount: number): void;
  /** The work is over: the line is erased. More calls of any kind do nothing. */
  done(): void;
  [Symbol.dispose](): void;
  /** Standard error for others as long as the bar may stand there: what is written makes room for itself. */
  readonly stderr: Output;
}

/** What a terminal is and shows; tests put their own in. */
export interface ProgressTerminal {
  /** Its width now, in columns. */
  columns(): number;
  /** Milliseconds of any clock that only goes forward. */
  now(): number;
  env(name: string): string | undefined;
}

/** Work that is done sooner has no bar, and from one drawing to the next it takes this long. In milliseconds. */
export const FIRST_MS = 500, EACH_MS = 100;
/** Columns of the bar alone, at most and at least. */
const WIDEST = 32, NARROWEST = 8;
const ERASE = "\r\x1b[K";

const realTerminal: ProgressTerminal = {
  columns: () => process.stderr.columns ?? 80,
  now: () => performance.now(),
  env: (name) => process.env[name],
};

/**
 * Shows how far work has come. Nothing is ever written where standard error is no terminal. Where lines of something else
 * go to the same terminal, do not make one: see {@linkcode hasRoom}.
 */
export function progress(
  stderr: Output,
  options: ProgressOptions,
  terminal: ProgressTerminal = realTerminal,
): Progress {
  const isShown = stderr.isTTY && terminal.env("TERM") !== "dumb";
  const began = terminal.now();
  const style = { unicode: isUnicode(terminal.env), colours: !terminal.env("NO_COLOR") };
  let next = began + FIRST_MS, amount = 0, isDrawn = false, isOver = !isShown;
  const erase = () => {
    if (isDrawn) stderr.write(ERASE);
    isDrawn = false;
  };
  const set = (value: number) => {
    amount = value;
    if (isOver) return;
    const now = terminal.now();
    if (now < next) return;
    next = now + EACH_MS;
    stderr.write(ERASE + progressLine(options, amount, now - began, terminal.columns() - 1, style));
    isDrawn = true;
  };
  const done = () => {
    erase();
    isOver = true;
  };
  return {
    add: (more) => set(amount + more),
    set,
    done,
    [Symbol.dispose]: done,
    stderr: {
      isTTY: stderr.isTTY,
      write(text) {
        erase();
        stderr.write(text);
      },
    },
  };
}

/** Whether a bar on standard error would stand alone: `writesLines` says that standard output gets lines meanwhile. */
export function hasRoom(stdout: Output, stderr: Output, writesLines: boolean): boolean {
  return stderr.isTTY && !(writesLines && stdout.isTTY);
}

/** How the line is drawn. */
export interface ProgressStyle {
  readonly unicode: boolean;
  readonly colours: boolean;
}

/** `replay ━━━━━━━━──────  58 %  1.2 MiB of 2.1 MiB  410 KiB/s  3 s left`, within `columns`; what does not fit is left out. */
export function progressLine(
  { label, total, unit }: ProgressOptions,
  amount: number,
  elapsed: number,
  columns: number,
  { unicode, colours }: ProgressStyle,
): string {
  const paint = picocolors.createColors(colours);
  const sized = unit === undefined ? bytes : (value: number) => count(Math.floor(value));
  const rate = elapsed > 0 ? amount / (elapsed / 1000) : 0;
  const speed = `${sized(Math.round(rate))}${unit === undefined ? "" : ` ${unit}`}/s`;
  const name = visible(cut(label, 40));
  if (total === undefined || total <= 0) {
    return fitted([name, `${sized(amount)}${unit === undefined ? "" : ` ${unit}`}`, speed], columns, paint.dim);
  }
  const share = Math.min(1, Math.max(0, amount / total));
  const left = rate > 0 ? remaining((total - amount) / rate) : "";
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const of = `${sized(Math.min(amount, total))} of ${sized(total)}${unit === undefined ? "" : ` ${unit}`}`;
  const room = columns - name.length - percent.length - 2 - 2 - of.length - speed.length - left.length - 6;
  const wide = Math.min(WIDEST, room);
  if (wide < NARROWEST) return fitted([name, percent.trim(), of, speed, left], columns, paint.dim);
  const full = Math.round(wide * share);
  const [on, off] = unicode ? ["━", "─"] : ["#", "-"];
  const bar = (full > 0 ? paint.green(on.repeat(full)) : "") + (full < wide ? paint.dim(off.repeat(wide - full)) : "");
  return `${name} ${bar} ${percent}  ${paint.dim([of, speed, left].filter((part) => part !== "").join("  "))}`;
}

/** As many of the parts as fit. */
function fitted(parts: readonly string[], columns: number, rest: (text: string) => string): string {
  const [first = "", ...others] = parts;
  let line = "", used = Math.min(first.length, columns);
  for (const part of others) {
    if (part === "" || used + 2 + part.length > columns) continue;
    line += `  ${part}`;
    used += 2 + part.length;
  }
  return first.slice(0, columns) + rest(line);
}

function remaining(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 100) return `${whole} s left`;
  if (whole < 5970) return `${Math.ceil(whole / 60)} min left`;
  return `${Math.ceil(whole / 3600)} h left`;
}
