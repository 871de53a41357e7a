/**
 * A session: a client and a server that talk.
 *
 * @module
 */
import type { Implementation, McpSession } from "../../pipeline/context.ts";
import type { Json, Process } from "../../pipeline/event.ts";
import type { Call } from "./call.ts";
import { PlainContexts } from "./context.ts";
import type { LiveServer } from "./inventory/mod.ts";
import { OpenCalls } from "./open_calls.ts";

/** A session, filled in as more is seen. */
export class Session implements McpSession {
  readonly id: number;
  server: LiveServer;
  clientProcess: Process | undefined = undefined;
  clientInfo: Implementation | undefined = undefined;
  clientCapabilities: Json | undefined = undefined;
  sessionId: string | undefined = undefined;
  era: string | undefined = undefined;
  /** Until an `initialize` is seen it is taken for initialised: capture may have begun later. */
  initialized = true;
  readonly startTime: number;
  lastTime: number;
  /** Who was last seen to serve. */
  serverProcess: Process | undefined;
  /** The revision that the inventory was last told of. */
  toldEra: string | undefined = undefined;
  /** The client has said that its roots changed, and was not asked for them since: then that is what it is asked for. */
  hasNewRoots = false;
  /** `initialize` was answered. */
  isAnswered = false;
  /** It is not remembered any more. */
  isForgotten = false;
  /** What it is known by, over HTTP. */
  readonly keys: string[] = [];
  /** Its open calls. */
  readonly calls: OpenCalls = new OpenCalls();
  /** Calls that go on as tasks, by who asked and the task's id. Made when first needed. */
  tasks: Map<string, Call> | undefined = undefined;
  /** Calls that wait for their next round. Made when first needed. */
  waiting: Set<Call> | undefined = undefined;
  /** Contexts of its messages that are part of no call. */
  readonly contexts: PlainContexts = new PlainContexts();
  /** The text that the client's identity was read from: most requests of 2026-07-28 repeat it. */
  clientText: Uint8Array | undefined = undefined;
  /** The same of its capabilities. */
  capabilitiesText: Uint8Array | undefined = undefined;

  /** A session that begins at `time`. */
  constructor(id: number, server: LiveServer, serverProcess: Process | undefined, time: number) {
    this.id = id;
    this.server = server;
    this.serverProcess = serverProcess;
    this.startTime = this.lastTime = time;
  }
}
