/**
 * Revisions that are not published.
 *
 * @module
 */
import type { McpEvent } from "../../../pipeline/event.ts";
import { isRevision, protocolVersionOf } from "../../../protocols/mcp/mod.ts";
import type { Report } from "./rules.ts";
import type { SessionState } from "./session_state.ts";

/** Published before the first revision that has a name in the specification; SDKs still take it. */
const OLDEST = "2024-10-07";
/** Longest name that is quoted. */
const NAME = 40;

/** Tells of the revision in force, and of those that `initialize` asks for. */
export function checkVersion(event: McpEvent, era: string | undefined, state: SessionState, report: Report): void {
  if (era !== undefined && era !== state.era) {
    state.era = era;
    judge(era, report);
  }
  if (event.method === "initialize" && event.type === "request") judge(protocolVersionOf(event.params), report);
}

function judge(version: string | undefined, report: Report): void {
  if (version === undefined || version === OLDEST || isRevision(version)) return;
  report("unknown_version", { evidence: version.slice(0, NAME), subject: version.slice(0, NAME) });
}
