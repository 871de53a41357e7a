/**
 * Fields of messages and calls.
 *
 * @module
 */
import { REVISIONS } from "../../../protocols/mcp/methods.ts";
import type { Event } from "../../event.ts";
import { header } from "../../http.ts";
import { type Answer, type Field, one, type ReadNumber, type ReadText } from "../field.ts";
import {
  askedBy,
  callOf,
  endedCall,
  exchangeOf,
  messageOf,
  nameOf,
  sessionOf,
  STATUSES,
  statusOf,
  toolOf,
} from "../_subject.ts";

const NEWEST = REVISIONS[REVISIONS.length - 1]!;

/** What a call, a message or an exchange was about, and what became of it. */
export const MESSAGE_FIELDS: readonly Field[] = [
  {
    name: "type",
    type: "name",
    names: ["request", "response", "notification", "malformed", "sse", "end"],
    summary: "What a message is by its envelope; of HTTP also an event of a stream (sse) and its end",
    example: "type:notification",
    cost: 0,
    read: (event, test) => event.kind === "http" ? test(event.type) : one(messageOf(event)?.type, test),
  },
  {
    name: "method",
    type: "text",
    summary: "Method of the message; of a response that of its request, of HTTP that of HTTP",
    example: "method:tools/*",
    cost: 0,
    read: (event, test) =>
      one(
        event.kind === "http" ? event.exchange.request?.method : askedBy(event)?.method ?? callOf(event)?.method,
        test,
      ),
  },
  {
    name: "tool",
    type: "text",
    summary: "Tool of a tools/call, of its response and of what else is part of the call",
    example: "tool:search*",
    cost: 1,
    read: (event, test) => one(toolOf(event), test) ?? notNamed(event),
  },
  {
    name: "name",
    type: "text",
    summary: "Tool, prompt or resource URI of a request, of its response and of what else is part of the call",
    example: "name:file:///etc/*",
    cost: 1,
    read: (event, test) => one(nameOf(event), test) ?? notNamed(event),
  },
  {
    name: "id",
    type: "text",
    summary: "JSON-RPC id; numbers and strings alike",
    example: "id:7",
    cost: 0,
    read: (event, test) => {
      const id = messageOf(event)?.id;
      return id === undefined ? undefined : test(String(id));
    },
  },
  {
    name: "dir",
    type: "name",
    names: ["request", "response", "notification", "to_server", "to_client"],
    summary: "Which way: asked, answered or told; to the server or to the client",
    example: "-dir:response",
    cost: 0,
    read: direction,
  },
  {
    name: "status",
    type: "name",
    names: STATUSES,
    summary: "What became of it: of a response, of HTTP (error from 400), and at a call's end of the call. " +
      "A tool_error is an error too",
    example: "status:(error|hung)",
    cost: 1,
    read: (event, test) => {
      const status = statusOf(event);
      return status === "tool_error" && test("error") ? true : one(status, test);
    },
  },
  {
    name: "error",
    type: "number",
    summary: "Code of a JSON-RPC error",
    example: "error:-32601",
    cost: 1,
    read: errorCode,
  },
  {
    name: "latency",
    type: "duration",
    summary: "From a request to its response; of HTTP to the first byte of it",
    example: "latency>500ms",
    cost: 0,
    read: latency,
  },
  {
    name: "duration",
    type: "duration",
    summary: "Of a whole call, on its last message; of HTTP of the whole exchange",
    example: "duration>=10s",
    cost: 0,
    read: duration,
  },
  {
    name: "size",
    type: "size",
    summary: "Bytes of the message, of an HTTP body or of a chunk",
    example: "size>64KiB",
    cost: 0,
    read: size,
  },
  {
    name: "tokens",
    type: "number",
    summary: "Tokens of a call's arguments and result (an estimate), on its last message",
    example: "tokens>2000",
    cost: 2,
    read: (event, test) => {
      const call = endedCall(event);
      const tokens = call === undefined ? NaN : call.tokensIn + call.tokensOut;
      return Number.isNaN(tokens) ? undefined : test(tokens);
    },
  },
  {
    name: "era",
    type: "text",
    ordered: true,
    summary: "Revision of MCP in force; compared as the dates that they are",
    example: `era:${NEWEST}`,
    cost: 0,
    read: era,
  },
  {
    name: "session",
    type: "text",
    summary: "Mcp-Session-Id, or the number that mcpsonde gave the session",
    example: "session:4ab97862*",
    cost: 0,
    read: (event, test) => {
      const session = sessionOf(event);
      if (session === undefined) return undefined;
      return test(String(session.id)) || (session.sessionId !== undefined && test(session.sessionId));
    },
  },
  {
    name: "warning",
    type: "text",
    summary: "A protocol oddity that the message was marked with",
    example: "warning:duplicate_id",
    cost: 0,
    read: (event, test) => messageOf(event)?.warnings.some(test),
  },
];

/** What is about a message without a name is known to have none. */
function notNamed(event: Event): Answer {
  return askedBy(event) === undefined ? undefined : false;
}

function direction(...[event, test]: Parameters<ReadText>): Answer {
  const type = event.kind === "http" ? event.type : messageOf(event)?.type;
  if (type !== undefined && (type === "request" || type === "notification" || type === "response") && test(type)) {
    return true;
  }
  const sender = senderOf(event);
  if (sender === undefined) return type === undefined ? undefined : false;
  return test(sender === "client" ? "to_server" : "to_client");
}

/** Which side sent it: as `transforms/mcp` says, else by who asked over HTTP. */
function senderOf(event: Event): "client" | "server" | undefined {
  const known = messageOf(event)?.context?.sender;
  if (known !== undefined) return known;
  const exchange = exchangeOf(event);
  const stream = event.kind === "http" ? event.stream : messageOf(event)?.stream;
  return exchange === undefined ? undefined : stream === exchange.stream ? "client" : "server";
}

function errorCode(...[event, test]: Parameters<ReadNumber>): Answer {
  const message = messageOf(event);
  const error = message?.isError === true ? message.error : undefined;
  const code = typeof error === "object" && error !== null && !Array.isArray(error) ? error["code"] : undefined;
  return one(typeof code === "number" ? code : endedCall(event)?.errorCode, test);
}

function latency(...[event, test]: Parameters<ReadNumber>): Answer {
  if (event.kind !== "http") return one(messageOf(event)?.latency, test);
  const { requestStart, requestEnd = requestStart, responseStart } = event.exchange.times;
  if (event.type === "request" || requestEnd === undefined || responseStart === undefined) return undefined;
  return test(Math.max(0, responseStart - requestEnd));
}

function duration(...[event, test]: Parameters<ReadNumber>): Answer {
  if (event.kind !== "http") {
    const call = endedCall(event);
    return call === undefined ? undefined : test(call.lastTime - call.startTime);
  }
  const { requestStart, responseEnd } = event.exchange.times;
  if (event.type === "request" || requestStart === undefined || responseEnd === undefined) return undefined;
  return test(Math.max(0, responseEnd - requestStart));
}

function size(...[event, test]: Parameters<ReadNumber>): Answer {
  if (event.kind === "http") return test(event.body?.length ?? event.wireBytes);
  const bytes = event.kind === "chunk" ? event : messageOf(event);
  return bytes === undefined ? undefined : test(bytes.end - bytes.start);
}

function era(...[event, test]: Parameters<ReadText>): Answer {
  const known = messageOf(event)?.context?.era ?? sessionOf(event)?.era;
  if (known !== undefined) return test(known);
  const request = exchangeOf(event)?.request;
  return one(request && header(request.headers, "mcp-protocol-version"), test);
}
