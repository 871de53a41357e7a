/** What the tests look at of a message's meaning, small enough to be compared and written out. */
import type { LogicalCall } from "../../pipeline/context.ts";
import type { Event, McpEvent } from "../../pipeline/event.ts";

/** A logical call when its last message was seen. */
export interface DescribedCall {
  readonly method: string;
  readonly name: string | undefined;
  readonly outcome: string | undefined;
  readonly errorCode: number | undefined;
  readonly requests: number;
  readonly progress: number;
  /** Whether it became a task. */
  readonly task: boolean;
  /** Milliseconds that it waited for the client. */
  readonly humanTime: number;
  readonly serverTime: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** A message. */
export interface Described {
  /** Of the envelope. */
  readonly type: string;
  /** Its own method, or that of the request that it answers. */
  readonly method: string | undefined;
  readonly sender: string | undefined;
  readonly era: string | undefined;
  readonly session: number | undefined;
  readonly client: string | undefined;
  readonly server: string | undefined;
  readonly initialized: boolean | undefined;
  readonly traceId: string | undefined;
  readonly warnings: readonly string[];
  /** Of the call that it is part of: its number. */
  readonly callId: number | undefined;
  /** Of the call that it ends. */
  readonly call: DescribedCall | undefined;
}

/** A message as it is known now; the objects behind it go on to change. */
export function describedMessage(event: McpEvent): Described {
  const { type, context, warnings } = event;
  const { session, call, endsCall } = context ?? {};
  return {
    type,
    method: event.method ?? event.request?.method,
    sender: context?.sender,
    era: context?.era,
    session: session?.id,
    client: session?.clientInfo?.name,
    server: session?.server.info?.name,
    initialized: session?.initialized,
    traceId: context?.trace?.traceId,
    warnings,
    callId: call?.id,
    call: call === undefined || !endsCall ? undefined : describedCall(call),
  };
}

/** A call as it is known now. */
export function describedCall(call: LogicalCall): DescribedCall {
  const { method, name, outcome, errorCode, requests, progress, taskId, humanTime, serverTime, bytesIn, bytesOut } =
    call;
  const counts = { requests, progress, task: taskId !== undefined, humanTime, serverTime, bytesIn, bytesOut };
  return { method, name, outcome, errorCode, ...counts };
}

/** What the tests look at of an event: a message, or the end of a call that no message ended. */
export function described(event: Event): Described | DescribedCall | undefined {
  if (event.kind === "mcp") return describedMessage(event);
  if (event.kind !== "finding" || event.call?.outcome === undefined || event.event !== undefined) return undefined;
  return describedCall(event.call);
}

/** A conversation as it was understood. */
export class Conversation {
  /** All messages. */
  readonly messages: Described[] = [];
  /** The calls that ended, in this order. */
  readonly calls: DescribedCall[] = [];

  /** Takes the next message, or the end of a call. */
  add(seen: Described | DescribedCall): void {
    if ("outcome" in seen) return void this.calls.push(seen);
    this.messages.push(seen);
    if (seen.call !== undefined) this.calls.push(seen.call);
  }
}
