/**
 * Processes without secrets on their command lines.
 *
 * @module
 */
import type { Process } from "../../pipeline/event.ts";
import type { Texts } from "./texts.ts";

/** `--name`, whose value is the next argument. */
const FLAG = /^--?([A-Za-z][A-Za-z0-9_.-]{1,63})$/;

/** `--name=value` and `NAME=value`: all the rest of the argument is the value, spaces and line ends too. */
const ASSIGNED = /^(?:--?)?([A-Za-z][A-Za-z0-9_.-]{1,63})=/;

/** Redacts processes, each once. */
export class Processes {
  readonly #texts: Texts;
  readonly #known = new WeakMap<Process, Process>();
  #last: Process | undefined;
  #lastShown: Process | undefined;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** The process: the same object if nothing had to be redacted. */
  of(process: Process): Process {
    if (process === this.#last) return this.#lastShown!;
    let shown = this.#known.get(process);
    if (shown === undefined) this.#known.set(process, shown = this.#redact(process));
    this.#last = process;
    return this.#lastShown = shown;
  }

  #redact(process: Process): Process {
    const text = (value: string) => this.#texts.text(value);
    const { comm, name, exe, args, cgroup } = process;
    const shown = {
      comm: text(comm),
      name: text(name),
      exe: exe && text(exe),
      args: args && this.arguments(args),
      cgroup: cgroup && text(cgroup),
    };
    const isSame = shown.comm === comm && shown.name === name && shown.exe === exe && shown.args === args &&
      shown.cgroup === cgroup;
    return isSame ? process : { ...process, ...shown };
  }

  /** A command line. */
  arguments(args: readonly string[]): readonly string[] {
    let changed = false;
    const shown = args.map((argument, k) => {
      const flag = k === 0 ? undefined : FLAG.exec(args[k - 1] ?? "")?.[1];
      const text = flag === undefined || argument.startsWith("--")
        ? this.#argument(argument)
        : this.#texts.named(flag, argument);
      changed ||= text !== argument;
      return text;
    });
    return changed ? shown : args;
  }

  #argument(argument: string): string {
    const [start, name] = ASSIGNED.exec(argument) ?? [];
    if (start === undefined || name === undefined) return this.#texts.text(argument);
    const value = argument.slice(start.length);
    const shown = this.#texts.named(name, value);
    return shown === value ? this.#texts.text(argument) : start + shown;
  }
}
