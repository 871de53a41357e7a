/**
 * The same engine with rules of the user's, whose regular expressions run in linear time. Built into `redact_rules.cjs`.
 *
 * @module
 */
import { compilePolicy } from "../../transforms/redact/policy.ts";
import { engine, optionsOf } from "./src/redact/engine.ts";
import type { RedactConfig } from "./src/config/config.ts";
import type { Engine } from "./src/redact/redaction.ts";

/** Makes the engine. Rejected if a rule is wrong. */
export async function makeEngine(config: RedactConfig): Promise<Engine> {
  return engine(await compilePolicy(optionsOf(config)));
}
