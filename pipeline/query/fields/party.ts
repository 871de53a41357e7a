/**
 * Fields of who talks to whom, and how.
 *
 * @module
 */
import type { Event, Process } from "../../event.ts";
import { path } from "../../http.ts";
import { type Answer, type Field, one, type ReadText } from "../field.ts";
import { exchangeOf, messageOf, sessionOf } from "../_subject.ts";

/** The ends of a conversation and its transport. */
export const PARTY_FIELDS: readonly Field[] = [
  {
    name: "server",
    type: "text",
    summary: "The server: what it calls itself, its process or its address",
    example: "server:github*",
    cost: 0,
    read: server,
  },
  {
    name: "client",
    type: "text",
    summary: "The client: what it calls itself, or its process",
    example: "client:claude*",
    cost: 0,
    read: client,
  },
  {
    name: "pid",
    type: "number",
    summary: "Process id of either end",
    example: "pid:412",
    cost: 0,
    read: (event, test) => ends(event, (process) => test(process.pid)),
  },
  {
    name: "comm",
    type: "text",
    summary: "Program of either end: the kernel's name for it, or the one that is shown",
    example: "comm:(claude|node)",
    cost: 0,
    read: (event, test) => ends(event, ({ comm, name }) => test(comm) || (name !== comm && test(name))),
  },
  {
    name: "exe",
    type: "text",
    summary: "Path of either end's executable",
    example: "exe:/usr/bin/*",
    cost: 0,
    read: (event, test) => ends(event, ({ exe }) => one(exe, test)),
  },
  {
    name: "container",
    type: "text",
    summary: "Container of either end: its id, or the beginning of it with *",
    example: "container:3f2a*",
    cost: 0,
    read: (event, test) => ends(event, ({ container }) => one(container, test)),
  },
  {
    name: "transport",
    type: "name",
    names: ["stdio", "http", "sse", "tls"],
    summary: "How it travels: sse is the two-endpoint transport of 2024-11-05; tls is either of them through TLS",
    example: "transport:stdio",
    cost: 0,
    read: transport,
  },
  {
    name: "host",
    type: "text",
    summary: "Host of the HTTP request, with and without its port",
    example: "host:*.example.com",
    cost: 0,
    read: (event, test) => {
      const authority = exchangeOf(event)?.request?.authority;
      return authority === undefined ? undefined : test(authority) || test(authority.replace(/:\d{0,5}$/, ""));
    },
  },
  {
    name: "path",
    type: "text",
    summary: "Path of the HTTP request, without its query",
    example: "path:/mcp",
    cost: 0,
    read: (event, test) => {
      const target = exchangeOf(event)?.request?.target;
      return target === undefined ? undefined : test(path(target));
    },
  },
  {
    name: "http",
    type: "number",
    summary: "HTTP status of the answer",
    example: "http:401",
    cost: 0,
    read: (event, test) => one(exchangeOf(event)?.response?.status, test),
  },
  {
    name: "address",
    type: "text",
    summary: "IP address of either end of the connection, with and without its port",
    example: "address:10.0.*",
    cost: 0,
    read: address,
  },
];

function server(...[event, test]: Parameters<ReadText>): Answer {
  const server = sessionOf(event)?.server;
  if (server !== undefined) {
    return test(server.name) || has(server.info?.name, test) || has(server.info?.title, test) ||
      (server.process !== undefined && named(server.process, test)) || has(server.address, test);
  }
  const exchange = exchangeOf(event);
  if (exchange?.server !== undefined) return named(exchange.server, test) || has(exchange.request?.authority, test);
  return one(exchange?.request?.authority, test);
}

function client(...[event, test]: Parameters<ReadText>): Answer {
  const session = sessionOf(event);
  const process = session?.clientProcess ?? exchangeOf(event)?.client;
  const info = session?.clientInfo;
  if (process === undefined && info === undefined) return undefined;
  return has(info?.name, test) || has(info?.title, test) || (process !== undefined && named(process, test));
}

function named({ name, comm }: Process, test: (value: string) => boolean): boolean {
  return test(name) || (comm !== name && test(comm));
}

function has(value: string | undefined, test: (value: string) => boolean): boolean {
  return value !== undefined && test(value);
}

/** Asks both ends; of a finding without any, those of its message. */
function ends(event: Event, read: (process: Process) => Answer): Answer {
  let { process, peer } = event;
  if (process === undefined && peer === undefined && event.kind === "finding") {
    ({ process, peer } = messageOf(event) ?? event);
  }
  const first = process && read(process);
  if (first === true) return true;
  return (peer && read(peer)) ?? first;
}

function transport(...[event, test]: Parameters<ReadText>): Answer {
  const stream = "stream" in event ? event.stream : undefined;
  const tls = (stream ?? messageOf(event)?.stream)?.medium === "tls";
  if (tls && test("tls")) return true;
  const transport = event.kind === "http" ? "http" : messageOf(event)?.transport ?? sessionOf(event)?.server.transport;
  return transport === undefined ? (stream === undefined ? undefined : false) : test(transport);
}

function address(...[event, test]: Parameters<ReadText>): Answer {
  const stream = ("stream" in event ? event.stream : undefined) ?? messageOf(event)?.stream;
  let answer: Answer;
  for (const end of [stream?.from, stream?.to]) {
    if (end === undefined) continue;
    const host = end.address.includes(":") ? `[${end.address}]` : end.address;
    if (test(end.address) || test(`${host}:${end.port}`)) return true;
    answer = false;
  }
  return answer;
}
