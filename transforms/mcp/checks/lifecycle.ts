/**
 * Requests before initialization is done: MCP specification, `basic/lifecycle`, "Initialization", up to 2025-11-25.
 *
 * @module
 */
import type { McpContext } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { isModern } from "../../../protocols/mcp/mod.ts";
import type { Report } from "./rules.ts";
import type { SessionState } from "./session_state.ts";

/** What may come at any time. */
const ANYTIME: ReadonlySet<string> = new Set(["initialize", "ping", "server/discover"]);

/** Follows initialization, and tells of requests that come too early. */
export function checkLifecycle(
  event: McpEvent,
  { era, sender }: McpContext,
  state: SessionState,
  report: Report,
): void {
  if (state.phase === "done") {
    if (event.method === "initialize" && event.type === "request") state.phase = "asked"; // once more, from the start
    return;
  }
  if (event.type === "response") {
    if (event.request?.method === "initialize" && !event.isError) state.phase = "answered";
  } else if (event.method === "notifications/initialized") state.phase = "done";
  else if (event.type === "request") onRequest(event, era, sender, state, report);
}

function onRequest(
  event: McpEvent,
  era: string | undefined,
  sender: McpContext["sender"],
  state: SessionState,
  report: Report,
): void {
  const { method = "" } = event;
  if (method === "initialize") {
    // Over HTTP a session may be shared by connections, and begins with its id: nothing of it can come before.
    if (state.phase === "unknown" && state.early > 0 && event.transport === "stdio") {
      report("before_initialized", { what: `sent ${state.early} requests before initialize` });
    }
    state.phase = "asked";
    return;
  }
  if (ANYTIME.has(method) || era !== undefined && isModern(era)) return;
  if (state.phase === "unknown") state.early++;
  else if (state.phase === "asked" || sender === "server") {
    report("before_initialized", { evidence: method.slice(0, 100) });
  } else {report("before_initialized", {
      what: "sent a request before notifications/initialized",
      evidence: method.slice(0, 100),
    });}
}
