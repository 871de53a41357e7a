/**
 * What the output is: coloured or not, and how wide.
 *
 * @module
 */
import process from "node:process";

/** Width of lines that go into a pipe or a file, unless `COLUMNS` says otherwise. */
export const PIPED_COLUMNS = 200;
/** Narrower terminals get lines of this width, which then wrap. */
const NARROWEST = 40;

/** The parts of the environment that matter here. */
export interface Terminal {
  readonly isTTY: boolean;
  /** The width now, in columns; undefined when it is not a terminal. */
  columns(): number | undefined;
  /** An environment variable. */
  env(name: string): string | undefined;
}

/** Standard output. */
export const stdoutTerminal: Terminal = {
  isTTY: process.stdout.isTTY === true,
  columns: () => process.stdout.columns,
  env: (name) => process.env[name],
};

/** Whether to colour: the option decides, then `NO_COLOR`, then `FORCE_COLOR`, then whether it is a terminal. */
export function hasColours(option: "auto" | "always" | "never", terminal: Terminal): boolean {
  if (option !== "auto") return option === "always";
  if (terminal.env("NO_COLOR")) return false;
  const force = terminal.env("FORCE_COLOR");
  if (force) return force !== "0" && force !== "false";
  return terminal.isTTY && terminal.env("TERM") !== "dumb";
}

/** Columns a line may take. */
export function lineColumns(option: number | undefined, terminal: Terminal): number {
  if (option !== undefined) return option;
  if (!terminal.isTTY) return Math.max(NARROWEST, Number(terminal.env("COLUMNS")) || PIPED_COLUMNS);
  return Math.max(NARROWEST, terminal.columns() ?? 80);
}

/**
 * Whether signs beyond ASCII may be written: not where the locale (`LC_ALL`, `LC_CTYPE`, `LANG`, the first that is set)
 * is `C`, `POSIX` or names another encoding. Where none is set they may.
 */
export function isUnicode(env: (name: string) => string | undefined): boolean {
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG");
  if (!locale) return true;
  const encoding = /\.([^@]*)/.exec(locale)?.[1];
  return encoding === undefined ? locale !== "C" && locale !== "POSIX" : /^utf-?8$/i.test(encoding);
}
