/**
 * Holds the arguments of tool calls against the tools' input schemas.
 *
 * @module
 */
import type { Schema, Validator } from "@cfworker/json-schema";
import type { Definition, McpSession } from "../../../pipeline/context.ts";
import type { Json, McpEvent } from "../../../pipeline/event.ts";
import { member, textMember } from "../../../protocols/mcp/mod.ts";
import { LiveServer } from "../inventory/live_server.ts";
import type { Report } from "./rules.ts";
import { type SafeSchema, safeSchema } from "./schema.ts";
import type { SessionState } from "./session_state.ts";

/** Calls of a session that are each judged; after that, one of so many: a judgement takes some 10 µs. */
const EACH = 256, ONE_OF = 64;
/** Larger params are not parsed for this, in bytes. */
const LARGEST = 64 * 1024;
/** Subschemas times bytes of params that are judged: about 10 ms at worst. */
const WORK = 1_000_000;
/** Calls that wait for the validator to be loaded. */
const WAITING = 256;
/** Longest text that is quoted. */
const TEXT = 200;

interface Judge extends SafeSchema {
  readonly validator: Validator;
}

/** A call that waits for the validator. */
export interface Waiting {
  readonly event: McpEvent;
  readonly session: McpSession;
  readonly tool: Definition;
}

/** Judges calls. The validator is loaded once there are tools that may be called; calls in the same batch wait for it. */
export class ArgumentCheck {
  /** Calls that came before the validator was there; those beyond a bound are not judged. */
  waiting: Waiting[] = [];
  /** Whether there is something to judge, or soon may be, and the validator is not there yet. */
  isWanted = false;
  #loading: Promise<void> | undefined;
  /** By the schema of the tool as it was listed; null if it cannot be judged by. */
  readonly #judges = new WeakMap<Definition, Judge | null>();
  #Validator: typeof Validator | undefined;

  /** Loads the validator. Resolves when it is loaded, or cannot be. */
  load(): Promise<void> {
    return this.#loading ??= import("@cfworker/json-schema").then(
      ({ Validator }) => void (this.#Validator = Validator),
      () => {},
    ).then(() => void (this.isWanted = false));
  }

  /** A server has told what it has. */
  prepare({ server }: McpSession): void {
    if (this.#loading === undefined && server.tools.size > 0) this.isWanted = true;
  }

  /** Judges a request for `tools/call`. */
  check(event: McpEvent, session: McpSession, state: SessionState, report: Report): void {
    const { tools } = session.server;
    if (tools.size === 0) return;
    const bytes = event.to("params") - event.from("params");
    if (bytes > LARGEST || ++state.calls > EACH && state.calls % ONE_OF !== 0) return;
    const name = textMember(event.params, "name");
    if (name === undefined) return;
    const tool = tools.get(name);
    if (tool === undefined) {
      if (session.server instanceof LiveServer && session.server.partial.has("tools")) return; // it may be one of those
      return report("unlisted_tool", { evidence: name.slice(0, TEXT), subject: name.slice(0, TEXT) });
    }
    if (this.#Validator === undefined) {
      this.isWanted = true;
      if (this.waiting.length < WAITING) this.waiting.push({ event, session, tool });
    } else this.judge(event, tool, report);
  }

  /** Holds a call against a tool's schema. */
  judge(event: McpEvent, tool: Definition, report: Report): void {
    const judge = this.#judgeOf(tool);
    if (judge === null || judge.size * (event.to("params") - event.from("params")) > WORK) return;
    const wrong = problemOf(judge.validator, member(event.params, "arguments") ?? {});
    if (wrong === undefined) return;
    const name = tool.name.slice(0, TEXT);
    report("bad_arguments", {
      what: `called ${name} with arguments that do not fit its schema`,
      evidence: wrong.slice(0, TEXT),
      subject: name,
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
