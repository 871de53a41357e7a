/**
 * The engine that redacts: mcpsonde's own `redact`, with the built-in kinds. Built into `redact.cjs`.
 *
 * @module
 */
import { policyOf } from "../../transforms/redact/policy.ts";
import { engine, optionsOf } from "./src/redact/engine.ts";
import type { RedactConfig } from "./src/config/config.ts";
import type { Engine } from "./src/redact/redaction.ts";

/** Makes the engine of a configuration without rules. */
export function makeEngine(config: RedactConfig): Engine {
  return engine(policyOf(optionsOf({ ...config, rules: [] }), []));
}
