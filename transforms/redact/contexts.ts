/**
 * What `mcp` knows about messages, without secrets. A copy is one for its original and follows it as it is filled in.
 *
 * @module
 */
import type {
  Definition,
  Implementation,
  LogicalCall,
  McpContext,
  McpServer,
  McpSession,
  Outcome,
  TraceContext,
} from "../../pipeline/context.ts";
import type { Json, McpEvent, Process } from "../../pipeline/event.ts";
import { Copies } from "./copies.ts";
import type { Processes } from "./processes.ts";
import type { Texts } from "./texts.ts";

/** Gives the copy of a message. */
export type CopyMessage = (event: McpEvent) => McpEvent;

/** What a call takes besides the bytes of its messages. */
const OVERHEAD = 2048;

function size(event: McpEvent | undefined): number {
  return event === undefined ? 0 : event.end - event.start;
}

/** Makes the copies. */
export class Contexts {
  readonly #sessions = new WeakMap<McpSession, McpSession>();
  readonly #servers = new WeakMap<McpServer, McpServer>();
  readonly #calls: Copies<LogicalCall, LogicalCall>;
  readonly #definitions = new WeakMap<Definition, Definition>();
  readonly #values = new WeakMap<object, Json>();
  readonly #texts: Texts;
  readonly #processes: Processes;
  readonly message: CopyMessage;

  constructor(texts: Texts, processes: Processes, message: CopyMessage) {
    this.#texts = texts;
    this.#calls = new Copies(
      texts.policy.memory.calls,
      ({ request, response }) => OVERHEAD + size(request) + size(response),
      ({ outcome }) => outcome === undefined,
    );
    this.#processes = processes;
    this.message = message;
  }

  of(context: McpContext): McpContext {
    return new RedactedContext(context, this);
  }

  session(session: McpSession): McpSession {
    let shown = this.#sessions.get(session);
    if (shown === undefined) this.#sessions.set(session, shown = new RedactedSession(session, this));
    return shown;
  }

  server(server: McpServer): McpServer {
    let shown = this.#servers.get(server);
    if (shown === undefined) this.#servers.set(server, shown = new RedactedServer(server, this));
    return shown;
  }

  call(call: LogicalCall): LogicalCall {
    let shown = this.#calls.get(call);
    if (shown === undefined) this.#calls.set(call, shown = new RedactedCall(call, this));
    return shown;
  }

  definitions(all: ReadonlyMap<string, Definition>): ReadonlyMap<string, Definition> {
    const shown = new Map<string, Definition>();
    for (const [name, one] of all) {
      shown.set(this.text(name), copied(this.#definitions, one, () => new RedactedDefinition(one, this)));
    }
    return shown;
  }

  text(text: string): string {
    return this.#texts.text(text);
  }

  maybe(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.#texts.text(text);
  }

  /** What stands under a name that tells. */
  named(name: string, text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.#texts.named(name, text);
  }

  json(value: Json | undefined): Json | undefined {
    return value === undefined ? undefined : this.#texts.json(value);
  }

  process(process: Process | undefined): Process | undefined {
    return process && this.#processes.of(process);
  }

  implementation(info: Implementation | undefined): Implementation | undefined {
    if (info === undefined) return undefined;
    const known = this.#values.get(info);
    if (known !== undefined) return known as unknown as Implementation;
    const shown = { name: this.text(info.name), title: this.maybe(info.title), version: this.maybe(info.version) };
    this.#values.set(info, shown as unknown as Json);
    return shown;
  }
}

function copied<T extends object>(known: WeakMap<T, T>, original: T, make: () => T): T {
  let shown = known.get(original);
  if (shown === undefined) known.set(original, shown = make());
  return shown;
}

class RedactedContext implements McpContext {
  readonly #context: McpContext;
  readonly #contexts: Contexts;

  constructor(context: McpContext, contexts: Contexts) {
    this.#context = context;
    this.#contexts = contexts;
  }

  get era(): string | undefined {
    return this.#contexts.maybe(this.#context.era);
  }
  get session(): McpSession {
    return this.#contexts.session(this.#context.session);
  }
  get sender(): McpContext["sender"] {
    return this.#context.sender;
  }
  get call(): LogicalCall | undefined {
    const { call } = this.#context;
    return call && this.#contexts.call(call);
  }
  get endsCall(): boolean {
    return this.#context.endsCall;
  }
  get trace(): TraceContext | undefined {
    const { trace } = this.#context;
    return trace?.state === undefined ? trace : { ...trace, state: this.#contexts.text(trace.state) };
  }
  get list(): McpContext["list"] {
    const { list } = this.#context;
    return list && this.#contexts.definitions(list);
  }
}

class RedactedSession implements McpSession {
  readonly id: number;
  readonly #session: McpSession;
  readonly #contexts: Contexts;
  /** The session's id when it was asked for last, and what it was shown as. */
  #named: string | undefined;
  #shown: string | undefined;

  constructor(session: McpSession, contexts: Contexts) {
    this.id = session.id;
    this.#session = session;
    this.#contexts = contexts;
  }

  get server(): McpServer {
    return this.#contexts.server(this.#session.server);
  }
  get clientProcess(): Process | undefined {
    return this.#contexts.process(this.#session.clientProcess);
  }
  get clientInfo(): Implementation | undefined {
    return this.#contexts.implementation(this.#session.clientInfo);
  }
  get clientCapabilities(): Json | undefined {
    return this.#contexts.json(this.#session.clientCapabilities);
  }
  get sessionId(): string | undefined {
    const { sessionId } = this.#session;
    if (sessionId !== this.#named) { // filters ask for it of each message
      this.#named = sessionId;
      this.#shown = this.#contexts.named("mcp-session-id", sessionId);
    }
    return this.#shown;
  }
  get era(): string | undefined {
    return this.#contexts.maybe(this.#session.era);
  }
  get initialized(): boolean {
    return this.#session.initialized;
  }
  get startTime(): number {
    return this.#session.startTime;
  }
  get lastTime(): number {
    return this.#session.lastTime;
  }
}

/** The lists of a server, as they were in one version. */
interface Lists {
  readonly version: number;
  tools: ReadonlyMap<string, Definition> | undefined;
  resources: ReadonlyMap<string, Definition> | undefined;
  resourceTemplates: ReadonlyMap<string, Definition> | undefined;
  prompts: ReadonlyMap<string, Definition> | undefined;
}

class RedactedServer implements McpServer {
  readonly #server: McpServer;
  readonly #contexts: Contexts;
  #lists: Lists | undefined;

  constructor(server: McpServer, contexts: Contexts) {
    this.#server = server;
    this.#contexts = contexts;
  }

  get key(): string {
    return this.#contexts.text(this.#server.key);
  }
  get name(): string {
    return this.#contexts.text(this.#server.name);
  }
  get info(): Implementation | undefined {
    return this.#contexts.implementation(this.#server.info);
  }
  get capabilities(): Json | undefined {
    return this.#contexts.json(this.#server.capabilities);
  }
  get instructions(): string | undefined {
    return this.#contexts.maybe(this.#server.instructions);
  }
  get transport(): McpServer["transport"] {
    return this.#server.transport;
  }
  get process(): Process | undefined {
    return this.#contexts.process(this.#server.process);
  }
  get address(): string | undefined {
    return this.#contexts.maybe(this.#server.address);
  }
  get remote(): boolean {
    return this.#server.remote;
  }
  get executableHash(): string | undefined {
    return this.#server.executableHash;
  }
  get package(): string | undefined {
    return this.#contexts.maybe(this.#server.package);
  }
  get eras(): readonly string[] {
    return this.#server.eras.map((era) => this.#contexts.text(era));
  }
  get firstSeen(): number {
    return this.#server.firstSeen;
  }
  get lastSeen(): number {
    return this.#server.lastSeen;
  }
  get version(): number {
    return this.#server.version;
  }
  get tools(): ReadonlyMap<string, Definition> {
    return this.#current().tools ??= this.#contexts.definitions(this.#server.tools);
  }
  get resources(): ReadonlyMap<string, Definition> {
    return this.#current().resources ??= this.#contexts.definitions(this.#server.resources);
  }
  get resourceTemplates(): ReadonlyMap<string, Definition> {
    return this.#current().resourceTemplates ??= this.#contexts.definitions(this.#server.resourceTemplates);
  }
  get prompts(): ReadonlyMap<string, Definition> {
    return this.#current().prompts ??= this.#contexts.definitions(this.#server.prompts);
  }

  #current(): Lists {
    const { version } = this.#server;
    if (this.#lists?.version === version) return this.#lists;
    return this.#lists = {
      version,
      tools: undefined,
      resources: undefined,
      resourceTemplates: undefined,
      prompts: undefined,
    };
  }
}

class RedactedDefinition implements Definition {
  readonly kind: Definition["kind"];
  readonly hash: string;
  readonly firstSeen: number;
  readonly #definition: Definition;
  readonly #contexts: Contexts;

  constructor(definition: Definition, contexts: Contexts) {
    this.kind = definition.kind;
    this.hash = definition.hash;
    this.firstSeen = definition.firstSeen;
    this.#definition = definition;
    this.#contexts = contexts;
  }

  get name(): string {
    return this.#contexts.text(this.#definition.name);
  }
  get value(): Definition["value"] {
    return this.#contexts.json(this.#definition.value as Json) as Definition["value"];
  }
  get tokens(): number {
    return this.#definition.tokens;
  }
  get lastSeen(): number {
    return this.#definition.lastSeen;
  }
}

class RedactedCall implements LogicalCall {
  readonly id: number;
  readonly #call: LogicalCall;
  readonly #contexts: Contexts;

  constructor(call: LogicalCall, contexts: Contexts) {
    this.id = call.id;
    this.#call = call;
    this.#contexts = contexts;
  }

  get method(): string {
    return this.#contexts.text(this.#call.method);
  }
  get name(): string | undefined {
    return this.#contexts.maybe(this.#call.name);
  }
  get request(): McpEvent {
    return this.#contexts.message(this.#call.request);
  }
  get response(): McpEvent | undefined {
    const { response } = this.#call;
    return response && this.#contexts.message(response);
  }
  get outcome(): Outcome | undefined {
    return this.#call.outcome;
  }
  get errorCode(): number | undefined {
    return this.#call.errorCode;
  }
  get startTime(): number {
    return this.#call.startTime;
  }
  get lastTime(): number {
    return this.#call.lastTime;
  }
  get serverTime(): number {
    return this.#call.serverTime;
  }
  get humanTime(): number {
    return this.#call.humanTime;
  }
  get requests(): number {
    return this.#call.requests;
  }
  get progress(): number {
    return this.#call.progress;
  }
  get taskId(): string | undefined {
    return this.#contexts.maybe(this.#call.taskId);
  }
  get within(): LogicalCall | undefined {
    const { within } = this.#call;
    return within && this.#contexts.call(within);
  }
  get bytesIn(): number {
    return this.#call.bytesIn;
  }
  get bytesOut(): number {
    return this.#call.bytesOut;
  }
  get tokensIn(): number {
    return this.#call.tokensIn;
  }
  get tokensOut(): number {
    return this.#call.tokensOut;
  }
  get print(): number {
    return this.#call.print;
  }
}
