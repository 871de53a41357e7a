/**
 * Redacts what is written: by the sieve, and by the engine where the sieve saw a sign.
 *
 * @module
 */
import type { RedactConfig } from "../config/config.ts";
import { fault, guarded } from "../guard.ts";
import type { Redaction } from "../write/bytes.ts";
import { Sieve } from "./sieve.ts";

/** What `redact.cjs` and `redact_rules.cjs` export. */
export interface Engine {
  /** Gives the text if nothing has to be hidden. `isCommand`: it may hold a command line as `args` or `argv`. */
  redact(text: string, isCommand: boolean): string;
}

/** Loads an engine: at once, or later if it has rules of the user's. */
export type LoadEngine = (config: RedactConfig) => Engine | Promise<Engine>;

/** Makes the redaction of a configuration. Without rules nothing is loaded before it is needed. */
export function redaction(config: RedactConfig | false, load: LoadEngine): Redaction {
  if (config === false) return { mayHold: () => false, redact: (text) => text };
  const loader = new Loader(config, load);
  if (config.rules.length > 0 || config.also.length > 0) {
    loader.begin();
    return { mayHold: () => true, redact: (text, isCommand) => loader.engine.redact(text, isCommand) };
  }
  let sieve: Sieve | false | undefined;
  return {
    mayHold(buffer, start, end) {
      // Without WebAssembly, as with --jitless, everything is looked at closely.
      sieve ??= guarded("sieve", () => new Sieve()) ?? false;
      return sieve === false || sieve.mayHold(buffer, start, end);
    },
    redact: (text, isCommand) => loader.engine.redact(text, isCommand),
  };
}

/** Loads the engine, once. */
class Loader {
  readonly #config: RedactConfig;
  readonly #load: LoadEngine;
  #engine: Engine | undefined;
  #hasBegun = false;

  constructor(config: RedactConfig, load: LoadEngine) {
    this.#config = config;
    this.#load = load;
  }

  /** The engine. Throws while there is none: what cannot be redacted may not be written. */
  get engine(): Engine {
    this.begin();
    if (this.#engine === undefined) throw new Error("no engine");
    return this.#engine;
  }

  /** Never throws. What failed is not tried again: it would fail each time. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    try {
      const loaded = this.#load(this.#config);
      if (!(loaded instanceof Promise)) this.#engine = loaded;
      else loaded.then((engine) => void (this.#engine = engine), (error) => fault("redaction", error));
    } catch (error) {
      fault("redaction", error);
    }
  }
}
