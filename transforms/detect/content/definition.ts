/**
 * Judges what a server says of itself and of what it offers.
 *
 * @module
 */
import type { Definition } from "../../../pipeline/context.ts";
import { nameWords, plainKey } from "./arguments.ts";
import { judge } from "./judge.ts";
import { Reasons } from "./report.ts";
import { type Text, textsIn } from "./texts.ts";

/** What is known besides the definition. */
export interface DefinitionOptions {
  /** Characters of one text that are read. */
  readonly maxChars: number;
  /** Whether the server itself has a tool of this name. */
  isOwn(name: string): boolean;
  /** Whether only other servers have. */
  isForeign(name: string): boolean;
}

/** Names of tools as they stand in prose: snake, kebab or camel case. */
const IDENTIFIER = /\b[a-z][a-z0-9]{1,40}(?:[_-][a-z0-9]{1,40}){1,6}\b|\b[a-z]{2,20}(?:[A-Z][a-z0-9]{1,20}){1,6}\b/g;
/** Identifiers of one text that are looked up. */
const MOST_IDENTIFIERS = 200;
/** Parameters that ask for what a tool has no need of. */
const SIDE_CHANNELS: ReadonlySet<string> = new Set(
  ("sidenote conversationhistory chathistory fullconversation conversationcontext conversation systemprompt " +
    "chainofthought toolcallhistory toolcalls previousmessages messagehistory usermessages fullcontext sessioncontext " +
    "modelthoughts allmessages availabletools toollist environmentvariables envvars privatekey sshkey").split(" "),
);

/** Judges an entry of a server's list. */
export function judgeDefinition({ value, name }: Definition, options: DefinitionOptions): Reasons {
  const reasons = new Reasons();
  const texts = textsIn(value, {
    names: (path) => /(?:^|\.)(?:properties|\$defs|definitions|patternProperties)$/.test(path),
  });
  for (const text of texts) {
    if (text.path === "name" || text.isName) judgeName(text, reasons);
    else judgeText(text, options, reasons);
  }
  if (name.length > 64 && texts[0]?.path !== "name") judgeName({ path: "name", text: name, isName: true }, reasons);
  return reasons;
}

/** Judges a server's instructions. */
export function judgeInstructions(text: string, maxChars: number): Reasons {
  const reasons = new Reasons();
  reasons.add("instructions", judge(text, { kind: "definition", maxChars }));
  return reasons;
}

function judgeText({ path, text }: Text, { maxChars, isOwn, isForeign }: DefinitionOptions, reasons: Reasons): void {
  if (text.length < 8) return;
  const { reasons: found } = judge(text, { kind: "definition", maxChars, opens: path === "description" });
  const foreign: string[] = [];
  let own = 0;
  for (const [identifier] of [...text.matchAll(IDENTIFIER)].slice(0, MOST_IDENTIFIERS)) {
    if (isOwn(identifier)) own++;
    else if (isForeign(identifier)) foreign.push(identifier);
  }
  for (const reason of found) {
    // A server's tools may refer to each other.
    if (own > 0 && foreign.length === 0 && FAMILIAR.has(reason.name)) continue;
    reasons.put({ ...reason, path });
  }
  if (foreign.length > 0) {
    const says = "speaks of a tool of another server";
    reasons.put({ name: "foreign_tool", says, weight: 0.4, text: foreign[0] ?? "", path });
  }
}

/** What is ordinary among the tools of one server. */
const FAMILIAR: ReadonlySet<string> = new Set(["cross_tool", "coercion", "priority"]);

/** What a parameter's name may order. */
const SPOKEN: ReadonlySet<string> = new Set(["secret_read", "exfiltration", "smuggling", "conversation", "override"]);

/** A name may be a sentence: `content_from_reading_ssh_id_rsa`. */
function judgeName({ path, text, isName }: Text, reasons: Reasons): void {
  if (SIDE_CHANNELS.has(plainKey(text))) {
    const says = "has a parameter for what the tool has no need of";
    reasons.put({ name: "side_channel", says, weight: 0.35, text, path });
  }
  const words = nameWords(text);
  if (words.length < 3 && !/[^\x20-\x7e]/.test(text)) return;
  const spoken = words.length >= 3 ? words.join(" ") : text;
  const { reasons: found } = judge(spoken, { kind: "definition", anywhere: true });
  // Of a parameter that is called as an order nothing else need be said.
  const isOrder = isName && words.length > 3;
  for (const reason of found) {
    const weight = isOrder && SPOKEN.has(reason.name) ? 0.5 + reason.weight / 2 : reason.weight;
    reasons.put({ ...reason, weight, path });
  }
  if (/[^\x20-\x7e]/.test(text)) reasons.add(path, judge(text, { kind: "definition" }));
}
