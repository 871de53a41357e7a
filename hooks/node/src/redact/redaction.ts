/**
 * Redacts what is written: by the sieve, and by the engine where the sieve saw a sign.
 *
 * @module
 */
import type { RedactConfig } from "../config/config.ts";
import { fault } from "../guard.ts";
import type { RedactBytes } from "../write/bytes.ts";
import { Sieve } from "./sieve.ts";

/** What `redact.cjs` and `redact_rules.cjs` export. */
export interface Engine {
  /** Gives the text if nothing has to be hidden. */
  redact(text: string): string;
}

/** Loads an engine: at once, or later if it has rules of the user's. */
export type LoadEngine = (config: RedactConfig) => Engine | Promise<Engine>;

/** Thrown for an event that cannot be redacted yet, or at all: it may not be written. */
class NotRedacted extends Error {}

/** Makes the function that redacts bytes. Nothing is loaded before the first event. */
export function redaction(config: RedactConfig | false, load: LoadEngine): RedactBytes {
  if (config === false) return () => undefined;
  const needsEngine = config.rules.length > 0 || config.also.length > 0;
  let sieve: Sieve | undefined, engine: Engine | undefined;
  let isBroken = false;
  const start = (): void => {
    const loaded = load(config);
    if (!(loaded instanceof Promise)) engine = loaded;
    else {
      isBroken = true; // until it is there
      loaded.then((ready) => {
        engine = ready;
        isBroken = false;
      }, (error) => fault("redaction", error));
    }
  };
  if (needsEngine) {
    try {
      start();
    } catch (error) {
      isBroken = true;
      fault("redaction", error);
    }
  }
  return (buffer, start_, end) => {
    if (!needsEngine) {
      sieve ??= new Sieve();
      if (!sieve.mayHold(buffer, start_, end)) return undefined;
    }
    if (engine === undefined) {
      if (isBroken) throw new NotRedacted("no engine");
      isBroken = true; // a second attempt would fail as well
      start();
      if (engine === undefined) throw new NotRedacted("no engine yet");
      isBroken = false;
    }
    const text = (buffer as import("node:buffer").Buffer).toString("utf8", start_, end);
    const shown = engine.redact(text);
    return shown === text ? undefined : shown;
  };
}
