/**
 * Values out of lines that anyone may have written.
 *
 * @module
 */
import type { Json, Process } from "../../event.ts";

/** A JSON object. */
export type Line = { readonly [name: string]: Json };

/** The object there; an empty one if there is none. */
export function object(value: Json | undefined): Line {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The text there. */
export function string(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The number there. */
export function number(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The texts there. */
export function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Milliseconds since the epoch of an ISO time; with the microseconds that `Date.parse` leaves out. */
export function time(value: Json | undefined): number | undefined {
  if (typeof value !== "string") return undefined;
  const whole = Date.parse(value);
  if (Number.isNaN(whole)) return undefined;
  const micros = /\.\d{3}(\d{1,6})/.exec(value)?.[1];
  return micros === undefined ? whole : whole + Number(`0.${micros}`);
}

/** Processes that are remembered before all are forgotten. */
const MOST = 65_536;

/** Makes one process of all that are the same. */
export class KnownProcesses {
  readonly #known = new Map<string, Process>();

  /** The process; undefined if the line knows of none. */
  of(pid: Json | undefined, comm: Json | undefined, name: Json | undefined, rest: Line): Process | undefined {
    if (typeof pid !== "number" || pid === 0) return undefined;
    const exe = string(rest["exe"]), container = string(rest["container"]), cgroup = string(rest["cgroup"]);
    const args = Array.isArray(rest["args"]) ? strings(rest["args"]) : undefined;
    const key = JSON.stringify([pid, comm, name, exe, container, args]);
    let process = this.#known.get(key);
    if (process === undefined) {
      const task = string(comm) ?? "";
      process = { pid, comm: task, name: string(name) ?? task, exe, args, cgroup, container };
      if (this.#known.size >= MOST) this.#known.clear();
      this.#known.set(key, process);
    }
    return process;
  }
}
