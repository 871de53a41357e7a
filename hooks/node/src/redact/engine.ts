/**
 * From the sensor's configuration to the options of mcpsonde's `redact`, and from its policy to an engine.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Needle } from "../../../../protocols/byte_search/mod.ts";
import type { SensitiveKind } from "../../../../protocols/sensitive/mod.ts";
import { Frame } from "../../../../transforms/redact/frame.ts";
import { JsonWalk } from "../../../../transforms/redact/json_walk.ts";
import type { Options } from "../../../../transforms/redact/options.ts";
import type { Policy } from "../../../../transforms/redact/policy.ts";
import { Run } from "../../../../transforms/redact/run.ts";
import { Texts } from "../../../../transforms/redact/texts.ts";
import type { RedactConfig } from "../config/config.ts";
import type { Engine } from "./redaction.ts";

/** Longest text, in UTF-16 units, that is walked without the search tables of `Texts`. */
const SHORT = 8192;

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

/**
 * Redacts JSON. The search tables that `Texts` makes first take 30 ms and more, in which the program stands still; so
 * what is short, and rules do not concern, is walked without them.
 */
export function engine(policy: Policy): Engine {
  const texts = new Texts(policy);
  const kinds = [...policy.kinds.keys()].map((kind) => ({ kind, mayBeIn: signOf(kind) }));
  const flags = new Run(policy, policy.always, [], policy.keys.size > 0);
  const named = (flag: string, value: string) => flags.judge(flag) === undefined ? value : texts.named(flag, value);
  return {
    redact(json, isCommand) {
      const text = isCommand ? redactCommand(json, named) : json;
      if (text.length > SHORT || policy.rules.length > 0) {
        const bytes = Buffer.from(text);
        return texts.bytes(bytes, 0, bytes.length, policy.always)?.text ?? text;
      }
      // What an escape hides is not seen by a look at the text.
      const folded = /\\u|\\\/|%[2-7]/.test(text) ? undefined : text.toLowerCase();
      const likely = kinds.filter(({ mayBeIn }) => mayBeIn(folded)).map(({ kind }) => kind);
      const walk = new JsonWalk(text, new Run(policy, policy.always, likely, policy.keys.size > 0), 0);
      return walk.walk(Frame.root(policy.always, () => undefined));
    },
  };
}

/** Gives a test whether a text in lower case has a sign of the kind; of undefined, a text that is not known, it has. */
function signOf({ needles }: SensitiveKind): (folded: string | undefined) => boolean {
  const marks = needles.map(textOf);
  const known = marks.filter((mark) => mark !== undefined);
  if (known.length < marks.length) return () => true;
  return (folded) => folded === undefined || known.some((mark) => folded.includes(mark));
}

/** The text of a needle, in lower case; undefined if it is another kind of one. */
function textOf(needle: Needle): string | undefined {
  const text = typeof needle === "string" ? needle : "text" in needle ? needle.text : undefined;
  return text?.toLowerCase();
}

/** `--password` and the like; what stands after one is its value. */
const FLAG = /^--?([A-Za-z][A-Za-z0-9_.-]{1,63})$/;

/** Hides the values of flags in the command line that an event has as `args` or `argv`. */
function redactCommand(json: string, named: (flag: string, value: string) => string): string {
  const event = JSON.parse(json) as Record<string, unknown>;
  for (const name of ["args", "argv"]) {
    const words = event[name];
    if (!Array.isArray(words)) continue;
    event[name] = words.map((word, k) => {
      const flag = FLAG.exec(String(words[k - 1] ?? ""))?.[1];
      return flag === undefined || typeof word !== "string" || word.startsWith("--") ? word : named(flag, word);
    });
  }
  return JSON.stringify(event);
}
