/**
 * Redacts events that are not known here: all text in them, wherever it stands.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { McpEvent, Process, Stream } from "../../pipeline/event.ts";
import type { Messages } from "./messages.ts";
import type { Processes } from "./processes.ts";
import type { Texts } from "./texts.ts";

/** Deepest nesting; what is below is left out. */
const DEEPEST = 64;
/** Members that say what an event is. */
const NAMES: ReadonlySet<string> = new Set(["kind", "source"]);

/** Redacts values of any shape. */
export class Generic {
  readonly #texts: Texts;
  readonly #processes: Processes;
  readonly #messages: Messages;

  constructor(texts: Texts, processes: Processes, messages: Messages) {
    this.#texts = texts;
    this.#processes = processes;
    this.#messages = messages;
  }

  /** The event: the same object if nothing had to be redacted. */
  event<T extends object>(event: T): T {
    return this.#members(event, 0, new Map(), NAMES) as T;
  }

  #value(name: string, value: unknown, depth: number, seen: Map<object, unknown>): unknown {
    if (typeof value === "string") return this.#texts.named(name, value);
    if (typeof value !== "object" || value === null) return value;
    if (depth > DEEPEST) return undefined;
    if (seen.has(value)) return seen.get(value);
    if (value instanceof Uint8Array) return this.#bytes(value);
    if (ArrayBuffer.isView(value) || value instanceof Date) return value;
    if (isMessage(value)) return this.#messages.of(value);
    if (isProcess(value)) return this.#processes.of(value);
    if (isStream(value)) return value;
    seen.set(value, undefined); // what is within itself is left out
    const shown = Array.isArray(value) ? this.#array(name, value, depth, seen) : this.#members(value, depth, seen);
    seen.set(value, shown);
    return shown;
  }

  #array(name: string, values: readonly unknown[], depth: number, seen: Map<object, unknown>): unknown {
    const words = values.filter((value) => typeof value === "string");
    if (words.length === values.length && /arg|cmd|command/i.test(name)) return this.#processes.arguments(words);
    const shown = values.map((value) => this.#value(name, value, depth + 1, seen));
    return shown.some((value, k) => value !== values[k]) ? shown : values;
  }

  #members(object: object, depth: number, seen: Map<object, unknown>, kept?: ReadonlySet<string>): object {
    if (object instanceof Map) {
      return new Map([...object].map(([key, value]) => {
        const name = typeof key === "string" ? key : "";
        return [typeof key === "string" ? this.#texts.text(key) : key, this.#value(name, value, depth + 1, seen)];
      }));
    }
    if (object instanceof Set) return new Set([...object].map((value) => this.#value("", value, depth + 1, seen)));
    let changed = false;
    const entries = Object.entries(object).map(([name, value]) => {
      if (kept?.has(name)) return [name, value] as const;
      const key = this.#texts.text(name);
      const shown = this.#value(name, value, depth + 1, seen);
      changed ||= shown !== value || key !== name;
      return [key, shown] as const;
    });
    return changed ? Object.fromEntries(entries) : object;
  }

  #bytes(bytes: Uint8Array): Uint8Array {
    const { body } = this.#texts.body(bytes);
    return body === bytes ? bytes : Buffer.from(body);
  }
}

function isMessage(value: object): value is McpEvent {
  return "kind" in value && value.kind === "mcp" && "buffer" in value;
}

function isProcess(value: object): value is Process {
  return "pid" in value && "comm" in value && "name" in value;
}

function isStream(value: object): value is Stream {
  return "medium" in value && "reverse" in value && "id" in value;
}
