/**
 * What there is to say of a server, as text.
 *
 * @module
 */
import type { Definition, McpServer } from "../../pipeline/context.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { visible } from "../../sinks/console/visible.ts";

/** Longest command line or address, name, and description, in UTF-16 units. */
const COMMAND = 240, NAME = 40, DESCRIPTION = 300;

/** `everything 2.0.0`. */
export function titleOf({ name, info }: McpServer): string {
  return shown(info?.version === undefined ? name : `${name} ${info.version}`, NAME);
}

/** The address, or the command line as a shell would have it. */
export function placeOf({ address, process }: McpServer): string {
  if (address !== undefined) return shown(address, COMMAND);
  const args = process?.args;
  return shown(args === undefined ? process?.exe ?? process?.name ?? "?" : args.map(quoted).join(" "), COMMAND);
}

/** Tokens that a list takes in a model's context; NaN until the tokenizer is loaded. */
export function tokensOf(list: ReadonlyMap<string, Definition>): number {
  let sum = 0;
  for (const { tokens } of list.values()) sum += tokens;
  return sum;
}

/** The first line of a definition's description. */
export function descriptionOf({ value }: Definition): string {
  const { description } = value;
  return typeof description === "string" ? shown(description.trim().split("\n")[0] ?? "", DESCRIPTION) : "";
}

/** Local time; with the day unless it is the same as that of `now`. */
export function timeOf(time: number, now: number): string {
  const date = new Date(time), two = (n: number) => String(n).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock.slice(0, 5)}`;
}

/** One line in which every character is seen. */
export function shown(text: string, length: number): string {
  return shortened(visible(text), length);
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
