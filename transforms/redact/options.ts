/**
 * Options of the `redact` transform.
 *
 * @module
 */
import { z } from "zod";
import { SENSITIVE } from "../../protocols/sensitive/mod.ts";
import { compileJsonPath, JsonPathError } from "./json_path.ts";
import { DottedPath, PathError } from "./path.ts";
import { compilePattern, PatternError } from "./pattern.ts";
import { ACTIONS, DIRECTIONS } from "./rule.ts";
import { KEY_KINDS } from "./sensitive_keys.ts";

/** All kinds that can be named: of values by what they look like, and by the name they stand under. */
export const KINDS: readonly string[] = [...new Set([...SENSITIVE.map(({ name }) => name), ...KEY_KINDS])].sort();
const VALUE_KINDS: readonly string[] = SENSITIVE.map(({ name }) => name).sort();

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]);

/** A name of a kind, checked here so that the message stays short: there are over a hundred. */
function kindName(names: readonly string[]): z.ZodString {
  return text.superRefine((name, context) => {
    if (names.includes(name)) return;
    if (KEY_KINDS.includes(name)) {
      context.addIssue(`${JSON.stringify(name)} is known by the name it stands under, not by its form: use "key"`);
      return;
    }
    const near = nearest(name, names);
    const hint = near === undefined ? "see docs/redaction.md" : `did you mean "${near}"?`;
    context.addIssue(`expected the name of a built-in kind, got ${JSON.stringify(name)}; ${hint}`);
  });
}

/** The known name that shares the most pairs of letters, if it is more than half. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const pairs = (of: string) => new Set(Array.from(of.slice(1), (letter, k) => of[k]! + letter));
  const wanted = pairs(name);
  let best: string | undefined, most = 0.5;
  for (const other of names) {
    const others = pairs(other);
    const shared = [...wanted].filter((pair) => others.has(pair)).length;
    const score = (2 * shared) / (wanted.size + others.size);
    if (score > most) [best, most] = [other, score];
  }
  return best;
}

const field = text.superRefine(async (path, context) => {
  try {
    if (path.startsWith("$")) await compileJsonPath(path);
    else new DottedPath(path);
  } catch (error) {
    if (!(error instanceof PathError || error instanceof JsonPathError)) throw error;
    context.addIssue(error.message);
  }
});

const value = text.superRefine(async (pattern, context) => {
  try {
    await compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    context.addIssue(error.message);
  }
});

const rule = z.strictObject({
  name: z.string().regex(/^[a-z0-9_.-]{1,64}$/).optional()
    .describe("What the rule is called where it is counted, and the kind that its tokens show: `customer_id`."),
  tool: texts.optional().describe("Only in calls of these tools and their answers; `*` is any text."),
  server: texts.optional().describe("Only in messages from or to these servers; `*` is any text."),
  method: texts.optional().describe("Only in messages of these methods and their answers; `*` is any text."),
  direction: z.union([z.enum(DIRECTIONS), z.array(z.enum(DIRECTIONS)).min(1)]).optional()
    .describe("Only in messages of this kind, or that go this way."),
  field: field.optional().describe(
    "Only what stands at this path of a message: dotted with `*` (one step) and `**` (any number), as " +
      "`params.arguments.**.path`; or a JSONPath (RFC 9535) that starts with `$`.",
  ),
  key: texts.optional().describe("Only what stands under a member of this name; `*` is any text, case does not count."),
  value: value.optional().describe(
    "Only the parts of text that match this regular expression; `(?i)` before it leaves case out of account. One with " +
      "`*` or `+` runs in linear time and is slower.",
  ),
  kinds: z.array(kindName(VALUE_KINDS)).min(1).optional().describe("Only values that these built-in detectors find."),
  action: z.enum(ACTIONS).describe(
    "`mask` shows what kind of value it was, `hash` a token that is the same for the same value, `remove` leaves it out, " +
      "`truncate` keeps its beginning, `drop_event` leaves out the whole message, `keep` protects it from later rules.",
  ),
  length: z.int().min(0).max(1_000_000).optional().describe("Of `truncate`: characters that are kept; 8 if absent."),
}).superRefine((rule, context) => {
  const selects = rule.field ?? rule.key ?? rule.value ?? rule.kinds;
  if (selects === undefined && rule.action !== "drop_event" && rule.action !== "keep") {
    context.addIssue({
      code: "custom",
      path: ["action"],
      message: `"${rule.action}" has to know what: expected one of field, key, value, kinds beside it`,
    });
  }
  const conditions = rule.tool ?? rule.server ?? rule.method ?? rule.direction;
  if (selects === undefined && conditions === undefined && (rule.action === "drop_event" || rule.action === "keep")) {
    context.addIssue({
      code: "custom",
      path: ["action"],
      message: `this would ${rule.action === "keep" ? "keep" : "drop"} everything; expected a condition beside it`,
    });
  }
  if (rule.length !== undefined && rule.action !== "truncate") {
    context.addIssue({ code: "custom", path: ["length"], message: '"length" goes with the action "truncate" only' });
  }
});

const builtin = z.strictObject({
  kinds: z.array(kindName(KINDS)).optional().describe("Look for these kinds only."),
  also: z.array(kindName(KINDS)).optional().describe("Look for these kinds too, which are off by default."),
  except: z.array(kindName(KINDS)).optional().describe("Do not look for these kinds."),
  action: z.enum(["hash", "mask"]).default("hash").describe(
    "`hash` shows the same token for the same value, so that messages can be joined by it; `mask` the kind alone.",
  ),
});

/** What may be set. */
export const options = z.strictObject({
  rules: z.array(rule).max(200).default([]).describe(
    "For a value the first one that fits counts: put `keep` first. The built-in set comes after them.",
  ),
  builtin: z.union([z.boolean(), builtin]).default(true).describe(
    "Credentials, keys and personal data that are known by their form or by the name they stand under.",
  ),
  hash_key: z.string().min(16).optional().describe(
    "Key of the hashes, at least 16 characters, as `${REDACT_KEY}`. Without it each run has a random one, and hashes can " +
      "be compared within the run only.",
  ),
  mask_with: z.string().max(64).default("<{kind}>").describe("What `mask` shows; `{kind}` is the kind of value."),
  memory_bytes: z.int().min(64 * 1024).max(1024 * 1024 * 1024).default(4 * 1024 * 1024).describe(
    "Bytes that are used to remember hashes, texts, requests and calls, so that what comes again is shown as before and " +
      "in less time; what was forgotten is redacted once more.",
  ),
  chunks: z.enum(["drop", "pass"]).default("drop").describe(
    "What becomes of raw bytes that no transform before this one has decoded: they cannot be redacted.",
  ),
});

/** The options, checked. */
export type Options = z.output<typeof options>;
/** One rule as written. */
export type RuleOptions = Options["rules"][number];
