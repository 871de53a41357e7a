/**
 * Loads the engine that redacts, which lies beside the sensor.
 *
 * @module
 */
import { createRequire } from "node:module";
import type { RedactConfig } from "../config/config.ts";
import type { Engine } from "./redaction.ts";

declare const __filename: string;

interface EngineModule {
  makeEngine(config: RedactConfig): Engine | Promise<Engine>;
}

/** `redact.cjs`; with rules of the user's `redact_rules.cjs`. */
export function loadEngine(config: RedactConfig): Engine | Promise<Engine> {
  const load = createRequire(__filename);
  const { makeEngine } = load(config.rules.length > 0 ? "./redact_rules.cjs" : "./redact.cjs") as EngineModule;
  return makeEngine(config);
}
