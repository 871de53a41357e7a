/**
 * Holds the arguments of tool calls against the tools' input schemas.
 *
 * @module
 */
import type { Schema, Validator } from "@cfworker/json-schema";
import type { Definition, McpServer } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { member, textMember } from "../../../protocols/mcp/mod.ts";
import type { Report } from "./rules.ts";
import { type SafeSchema, safeSchema } from "./schema.ts";
import type { SessionState } from "./session_state.ts";

/** Calls of a session that are each judged; after that, one of so many: a judgement takes some 10 µs. */
const EACH = 256, ONE_OF = 16;
/** Larger params are not parsed for this, in bytes. */
const LARGEST = 64 * 1024;
/** Subschemas times bytes of params that are judged: about 10 ms at worst. */
const WORK = 1_000_000;
/** Longest text that is quoted. */
const TEXT = 200;

interface Judge extends SafeSchema {
  readonly validator: Validator;
}

/** Judges calls. Nothing is judged until the validator is loaded. */
export class ArgumentCheck {
  /** Resolves when the validator is loaded, or cannot be. */
  readonly ready: Promise<void>;
  /** By the schema of the tool as it was listed; null if it cannot be judged by. */
  readonly #judges = new WeakMap<Definition, Judge | null>();
  #Validator: typeof Validator | undefined;

  /** Begins to load the validator. */
  constructor() {
    this.ready = import("@cfworker/json-schema").then(({ Validator }) => void (this.#Validator = Validator), () => {});
  }

  /** Judges a request for `tools/call`. */
  check(event: McpEvent, { tools }: McpServer, state: SessionState, report: Report): void {
    if (tools.size === 0) return;
    const bytes = event.to("params") - event.from("params");
    if (bytes > LARGEST || ++state.calls > EACH && state.calls % ONE_OF !== 0) return;
    const name = textMember(event.params, "name");
    if (name === undefined) return;
    const tool = tools.get(name);
    if (tool === undefined) {
      return report("unlisted_tool", { evidence: name.slice(0, TEXT), subject: name.slice(0, TEXT) });
    }
    const judge = this.#judgeOf(tool);
    if (judge === null || judge.size * bytes > WORK) return;
    const wrong = problemOf(judge.validator, member(event.params, "arguments") ?? {});
    if (wrong === undefined) return;
    report("bad_arguments", {
      what: `called ${name.slice(0, TEXT)} with arguments that do not fit its schema`,
      evidence: wrong.slice(0, TEXT),
      subject: name.slice(0, TEXT),
    });
  }

  #judgeOf(tool: Definition): Judge | null {
    if (this.#Validator === undefined) return null;
    let judge = this.#judges.get(tool);
    if (judge === undefined) this.#judges.set(tool, judge = judgeBy(this.#Validator, tool));
    return judge;
  }
}

function judgeBy(Made: typeof Validator, tool: Definition): Judge | null {
  const safe = safeSchema(tool.value["inputSchema"]);
  if (safe === undefined) return null;
  try {
    return { ...safe, validator: new Made(safe.schema as Schema, safe.draft) };
  } catch {
    return null; // no JSON Schema
  }
}

/** Where a value does not fit, and why; undefined if it fits, or cannot be judged. */
function problemOf(validator: Validator, value: Json): string | undefined {
  try {
    const { valid, errors } = validator.validate(value);
    const last = errors.at(-1); // the innermost
    return valid || last === undefined ? undefined : `${last.instanceLocation}: ${last.error}`;
  } catch {
    return undefined; // a schema that is none in this place
  }
}
