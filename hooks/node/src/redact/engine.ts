/**
 * From the sensor's configuration to the options of mcpsonde's `redact`, and from its policy to an engine.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Options } from "../../../../transforms/redact/options.ts";
import type { Policy } from "../../../../transforms/redact/policy.ts";
import { Texts } from "../../../../transforms/redact/texts.ts";
import type { RedactConfig } from "../config/config.ts";
import type { Engine } from "./redaction.ts";

/** The options as the transform has them once they are checked. */
export function optionsOf({ builtin, also, except, action, hashKey, rules }: RedactConfig): Options {
  const options = {
    rules: rules.map((rule) => ({ ...rule })),
    builtin: builtin && { also: [...also], except: [...except], action },
    ...(hashKey === undefined ? {} : { hash_key: hashKey }),
    mask_with: "<{kind}>",
    chunks: "drop" as const,
    memory_bytes: 1024 * 1024,
  };
  return options;
}

/** Redacts texts that are JSON or stand for themselves. */
export function engine(policy: Policy): Engine {
  const texts = new Texts(policy);
  return {
    redact(text) {
      const bytes = Buffer.from(text);
      return texts.bytes(bytes, 0, bytes.length, policy.always)?.text ?? text;
    },
  };
}
