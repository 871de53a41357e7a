/**
 * Calls that go on as tasks: of 2025-11-25, where the request asks for it and `tasks/result` brings the result, and of the
 * extension to 2026-07-28, where the server decides and `tasks/get` brings it.
 *
 * @module
 */
import type { Outcome } from "../../pipeline/context.ts";
import type { McpEvent } from "../../pipeline/event.ts";
import { isModern, member, type Side, taskIdOf, taskOf as taskIn, type TaskState } from "../../protocols/mcp/mod.ts";
import type { Call } from "./call.ts";
import type { Session } from "./session.ts";

/** Tasks of one session. Beyond it the oldest is not followed any more. */
const MOST = 1024;
/** Longest id that is kept, in UTF-16 units. */
const LONGEST_ID = 1024;

/** A call's request was answered with a task. False if the answer names none that can be followed. */
export function becomeTask(session: Session, call: Call, event: McpEvent): boolean {
  const task = taskIn(event.result);
  if (task === undefined || task.id.length > LONGEST_ID) return false;
  const tasks = session.tasks ??= new Map();
  if (tasks.size >= MOST) {
    const [oldest] = tasks.keys();
    if (oldest !== undefined) tasks.delete(oldest);
  }
  call.having().taskId = task.id;
  call.pending = undefined;
  tasks.set(keyOf(call.asker, task.id), call);
  return true;
}

/** The call of `asker` that became the task with this id. Each side gives ids to the tasks that it does. */
export function taskOf({ tasks }: Session, asker: Side | undefined, id: string): Call | undefined {
  return tasks?.get(keyOf(asker, id));
}

/** A call is over, or not followed any more. */
export function forgetTask({ tasks }: Session, call: Call): void {
  const { asker, taskId } = call;
  if (tasks === undefined || taskId === undefined) return;
  const key = keyOf(asker, taskId);
  if (tasks.get(key) === call) tasks.delete(key);
}

/** The call that a request `tasks/get`, `tasks/result`, `tasks/update` or `tasks/cancel` is about. */
export function taskAskedFor(session: Session, sender: Side | undefined, { params }: McpEvent): Call | undefined {
  const id = session.tasks === undefined ? undefined : taskIdOf(params);
  return id === undefined ? undefined : taskOf(session, sender, id);
}

/** The call that a notification about a task is about. */
export function taskTold(session: Session, sender: Side | undefined, { params }: McpEvent): Call | undefined {
  const task = session.tasks === undefined ? undefined : taskIn(params);
  return task === undefined ? undefined : taskOf(session, sender === "client" ? "server" : "client", task.id);
}

/** How a call that is a task ends by what a message tells of it; undefined if it goes on. */
export function taskOutcome(session: Session, call: Call, event: McpEvent): Outcome | undefined {
  const task = taskIn(event.type === "response" ? event.result : event.params);
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

/** Where it is not clear who asks, it is taken for the client. */
function keyOf(asker: Side | undefined, id: string): string {
  return `${asker ?? "client"} ${id}`;
}
