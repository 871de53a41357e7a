/**
 * Calls that go on as tasks: of 2025-11-25, where the request asks for it and `tasks/result` brings the result, and of the
 * extension to 2026-07-28, where the server decides and `tasks/get` brings it.
 *
 * @module
 */
import type { Outcome } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { isModern, member, taskIdOf, taskOf, type TaskState } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";
import type { Session } from "./session.ts";

/** Tasks of one session. Beyond it the oldest is not followed any more. */
const MOST = 1024;
/** Longest id that is kept, in UTF-16 units. */
const LONGEST_ID = 1024;

/** A call's request was answered with a task. False if the answer names none that can be followed. */
export function becomeTask(session: Session, call: Call, event: McpEvent): boolean {
  const task = taskOf(event.result);
  if (task === undefined || task.id.length > LONGEST_ID) return false;
  const tasks = session.tasks ??= new Map();
  if (tasks.size >= MOST) {
    const [oldest] = tasks.keys();
    if (oldest !== undefined) tasks.delete(oldest);
  }
  call.having().taskId = task.id;
  call.pending = undefined;
  tasks.set(task.id, call);
  return true;
}

/** The call that a request `tasks/get`, `tasks/result`, `tasks/update` or `tasks/cancel` is about. */
export function taskAskedFor(session: Session, { params }: McpEvent): Call | undefined {
  const id = session.tasks === undefined ? undefined : taskIdOf(params);
  return id === undefined ? undefined : session.tasks?.get(id);
}

/** The call that a notification about a task is about. */
export function taskTold(session: Session, { params }: McpEvent): Call | undefined {
  const task = session.tasks === undefined ? undefined : taskOf(params);
  return task === undefined ? undefined : session.tasks?.get(task.id);
}

/** How a call that is a task ends by what a message tells of it; undefined if it goes on. */
export function taskOutcome(session: Session, call: Call, event: McpEvent): Outcome | undefined {
  const task = taskOf(event.type === "response" ? event.result : event.params);
  switch (task?.status) {
    case "completed":
      // before 2026-07-28 the result comes by `tasks/result`
      return isNew(session, task) ? member(task.result, "isError") === true ? "tool_error" : "ok" : undefined;
    case "failed":
      return call.pending === undefined ? "error" : undefined; // else the answer to `tasks/result` says more
    case "cancelled":
      return "cancelled";
    case "input_required":
      if (isNew(session, task)) waitOnce(call, event.time);
      return undefined;
    case "working":
      if (isNew(session, task)) call.clientAnswered(event.time);
      return undefined;
    default:
      return undefined;
  }
}

/** A task is about to wait for the client; it is told again each time that the client asks. */
function waitOnce(call: Call, time: number): void {
  if (call.having().waits === 0) call.waitForClient(time);
}

function isNew({ era }: Session, { result }: TaskState): boolean {
  return result !== undefined || era !== undefined && isModern(era);
}
