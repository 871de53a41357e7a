/** Messages with a context, findings and gaps for the tests of the filter language. */
import type { LogicalCall, McpContext, McpServer, McpSession, Outcome } from "../../../pipeline/context.ts";
import type { FindingEvent, GapEvent, McpEvent } from "../../../pipeline/event.ts";
import { Message } from "../../../pipeline/message.ts";
import { chunk, client, line, messages, run, server, type Session, session } from "../../transforms/jsonrpc/_feed.ts";

export { client, server };

/** The messages that these JSON texts or values make on one stdio session; those with an id and a result come from the server. */
export async function decoded(...contents: readonly unknown[]): Promise<Message[]> {
  const on: Session = session();
  const chunks = contents.map((content) => {
    const text = typeof content === "string" ? content + "\n" : line(content);
    const isAnswer = /"(?:result|error)":/.test(text) && !text.includes('"method"');
    return chunk(isAnswer ? on.up : on.down, text);
  });
  return messages(await run(chunks)) as Message[];
}

/** A call of a tool and its answer. */
export async function toolCall(
  name: string,
  { args = {}, result = { content: [] } as unknown, error = undefined as unknown } = {},
): Promise<[Message, Message]> {
  const [request, response] = await decoded(
    { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name, arguments: args } },
    error === undefined ? { jsonrpc: "2.0", id: 7, result } : { jsonrpc: "2.0", id: 7, error },
  );
  return [request!, response!];
}

/** A server that may differ in what is given. */
export function serverOf(given: Partial<McpServer> = {}): McpServer {
  return {
    key: "stdio:server",
    name: "GitHub MCP",
    info: { name: "github-mcp", title: "GitHub MCP", version: "1.0.0" },
    capabilities: undefined,
    instructions: undefined,
    transport: "stdio",
    process: server,
    address: undefined,
    remote: false,
    executableHash: undefined,
    package: undefined,
    eras: [],
    firstSeen: 0,
    lastSeen: 0,
    version: 1,
    tools: new Map(),
    resources: new Map(),
    resourceTemplates: new Map(),
    prompts: new Map(),
    ...given,
  };
}

/** A session, likewise. */
export function sessionOf(given: Partial<McpSession> = {}): McpSession {
  return {
    id: 3,
    server: serverOf(),
    clientProcess: client,
    clientInfo: { name: "claude-code", title: undefined, version: "2" },
    clientCapabilities: undefined,
    sessionId: "4ab97862-2721",
    era: "2025-11-25",
    initialized: true,
    startTime: 0,
    lastTime: 0,
    ...given,
  };
}

/** A call that began with this request. */
export function callOf(request: McpEvent, outcome?: Outcome, given: Partial<LogicalCall> = {}): LogicalCall {
  return {
    id: 1,
    method: request.method ?? "",
    name: "search_code",
    request,
    response: undefined,
    outcome,
    errorCode: undefined,
    startTime: request.time,
    lastTime: request.time + 1500,
    serverTime: 1500,
    humanTime: 0,
    requests: 1,
    progress: 0,
    taskId: undefined,
    bytesIn: 100,
    bytesOut: 100,
    tokensIn: 10,
    tokensOut: 20,
    print: 0,
    ...given,
  };
}

/** Gives a message a context. */
export function within<M extends Message>(message: M, given: Partial<McpContext> = {}): M {
  message.context = {
    era: "2025-11-25",
    session: sessionOf(),
    sender: message.type === "response" ? "server" : "client",
    call: undefined,
    endsCall: false,
    trace: undefined,
    ...given,
  };
  return message;
}

/** A finding. */
export function finding(given: Partial<FindingEvent> = {}): FindingEvent {
  return {
    kind: "finding",
    time: 1_000_000,
    source: "test",
    rule: "mcp.tool.changed",
    severity: "high",
    message: "The tool search changed",
    detector: "tool_drift",
    category: "supply_chain",
    score: 0.9,
    ...given,
  };
}

/** A gap. */
export function gap(given: Partial<GapEvent> = {}): GapEvent {
  return { kind: "gap", time: 1_000_000, source: "kernel", reason: "ring_full", message: "Lost 3 records", ...given };
}
