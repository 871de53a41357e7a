/**
 * Methods that the revision in force does not have, or the sender may not send.
 *
 * @module
 */
import type { McpContext } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { isInRevision, isRevision, methodNamed, senderOf } from "../../../protocols/mcp/mod.ts";
import type { Report } from "./rules.ts";

/** What clients of either generation try first, to learn which one the server is. */
const PROBES: ReadonlySet<string> = new Set(["initialize", "server/discover"]);

/** What is right of a method in a revision. */
interface Verdict {
  readonly isIn: boolean;
  readonly sender: McpContext["sender"];
}

/** By revision and method: both come from tables, so there are few. */
const verdicts = new Map<string, Map<string, Verdict>>();

/** Tells of a method that is out of place. Unknown methods and revisions are not judged here. */
export function checkMethod({ method, type }: McpEvent, { era, sender }: McpContext, report: Report): void {
  if (method === undefined || era === undefined || type === "malformed") return;
  const verdict = verdictOn(method, era);
  if (verdict === undefined) return;
  if (!verdict.isIn) {
    report("wrong_era", { what: `sent ${method}, which revision ${era} does not have`, subject: method });
  } else if (sender !== undefined && verdict.sender !== undefined && sender !== verdict.sender) {
    report("wrong_side", { what: `sent ${method}, which only the ${verdict.sender} may send`, subject: method });
  }
}

function verdictOn(name: string, era: string): Verdict | undefined {
  const known = verdicts.get(era)?.get(name);
  if (known !== undefined) return known;
  const method = methodNamed(name);
  if (method === undefined || !isRevision(era)) return undefined;
  const verdict = { isIn: PROBES.has(name) || isInRevision(method, era), sender: senderOf(name, era) };
  let ofEra = verdicts.get(era);
  if (ofEra === undefined) verdicts.set(era, ofEra = new Map());
  ofEra.set(name, verdict);
  return verdict;
}
