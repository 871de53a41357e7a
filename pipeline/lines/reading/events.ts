/**
 * Makes events of the lines that the `jsonl` sink wrote.
 *
 * A message is put together of its members: their order and the space between them are not in the file.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Event, FindingEvent, HttpExchange, Json, McpEvent, McpType, Severity, Stream } from "../../event.ts";
import { SEVERITIES } from "../../event.ts";
import { Message, NO_SPANS } from "../../message.ts";
import { envelope, forget, Found, scanMessage } from "../../../protocols/jsonrpc/mod.ts";
import { Carriers } from "./exchanges.ts";
import { KnownProcesses, type Line, number, object, string, strings, time } from "./values.ts";

/** Requests that wait for their response. */
const PENDING = 65_536;
const DEPTH = 4096;
const TYPES: ReadonlySet<unknown> = new Set(["request", "response", "notification", "malformed"]);
const START = Buffer.from('{"jsonrpc":"2.0"');
const encoder = new TextEncoder();

/** An event, and what its line says that the event cannot hold yet. */
export interface Read {
  readonly event: Event;
  readonly line: Line;
}

/** Reads lines. Remembers streams, exchanges, and requests that were not answered. */
export class JsonlEvents {
  readonly #processes = new KnownProcesses();
  readonly #carriers = new Carriers();
  readonly #pending = new Map<string, Message[]>();
  /** Messages by what findings name them by. */
  readonly #named = new Map<string, McpEvent>();

  /** The event; undefined for a line that is none. */
  read(bytes: Buffer): Read | undefined {
    let line: Line;
    try {
      line = object(JSON.parse(bytes.toString("utf8")) as Json);
    } catch {
      return undefined;
    }
    const at = time(line["timestamp"]);
    if (at === undefined) return undefined;
    const event = this.#event(line, at, bytes);
    return event && { event, line };
  }

  #event(line: Line, at: number, bytes: Buffer): Event | undefined {
    const base = { time: at, source: string(line["source"]) ?? "file", ...this.#ends(line) };
    switch (line["kind"]) {
      case "mcp":
        return this.#message(line, at, bytes);
      case "finding":
        return this.#finding(line, base);
      case "gap":
        return { ...base, kind: "gap", reason: string(line["reason"]) ?? "", message: string(line["message"]) ?? "" };
      case "sensor": {
        const call = object(line["call"]), id = call["id"];
        const isCall = typeof id === "string" || typeof id === "number" || id === null;
        return {
          ...base,
          kind: "sensor",
          sensor: string(line["sensor"]) ?? "",
          name: string(line["name"]) ?? "",
          type: string(line["type"]),
          sequence: number(line["sequence"]),
          span: string(line["span"]),
          session: string(line["session"]),
          call: isCall
            ? { id, method: string(call["method"]) ?? "", name: string(call["name"]), session: string(call["session"]) }
            : undefined,
          data: object(line["data"]),
        };
      }
      case "http":
        return this.#http(line, base);
      default:
        return undefined;
    }
  }

  #ends(line: Line): Pick<Event, "process" | "peer"> {
    const of = (value: Json | undefined) => {
      const { pid, comm, name, ...rest } = object(value);
      return this.#processes.of(pid, comm, name, rest);
    };
    return { process: of(line["process"]), peer: of(line["peer"]) };
  }

  #message(line: Line, at: number, bytes: Buffer): McpEvent | undefined {
    const type = line["type"];
    if (!TYPES.has(type)) return undefined;
    const over = object(line["stdio_transport"] ?? line["http_transport"]);
    const process = this.#end("from", over), peer = this.#end("to", over);
    const kind = line["transport_type"];
    const transport = kind === "http" || kind === "sse" ? kind : "stdio";
    let stream: Stream, http: HttpExchange | undefined;
    if (transport === "stdio") {
      const pids = [process?.pid ?? 0, peer?.pid ?? 0].sort((a, b) => a - b);
      stream = this.#carriers.stdio(line, String(line["session"] ?? pids.join("-")), transport);
    } else {
      const isRequest = over["is_request"] === true;
      http = this.#carriers.exchange(line, over, at, isRequest, process, peer);
      stream = isRequest ? http.stream : http.stream.reverse ?? http.stream;
    }
    const seen = { time: at, source: string(line["source"]) ?? "file", process, peer, stream };
    const text = type === "malformed" ? encoder.encode(string(line["raw"]) ?? "") : put(bytes);
    forget();
    const isWhole = type !== "malformed" && scanMessage(text, 0, text.length, DEPTH) === Found.object;
    const id = line["id"];
    const message = new Message(
      seen,
      type as McpType,
      typeof id === "string" || typeof id === "number" || id === null ? id : undefined,
      string(line["method"]),
      text,
      0,
      text.length,
      isWhole ? envelope : NO_SPANS,
      false,
    );
    message.transport = transport;
    message.http = http;
    message.sseId = string(over["sse_id"]);
    message.malformed = string(line["malformed"]);
    message.warnings = strings(line["warnings"]);
    this.#pair(message, line);
    if (this.#named.size >= PENDING) this.#named.clear();
    this.#named.set(nameOf(line["timestamp"], line["stream"], line["id"]), message);
    return message;
  }

  #end(prefix: "from" | "to", over: Line) {
    const rest = Object.fromEntries(
      ["exe", "args", "cgroup", "container"].flatMap((name) => {
        const value = over[`${prefix}_${name}`];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return this.#processes.of(over[`${prefix}_pid`], over[`${prefix}_comm`], over[`${prefix}_name`], rest);
  }

  #pair(message: Message, line: Line): void {
    const session = String(line["session"] ?? "");
    if (message.type === "request") {
      const key = `${session} ${JSON.stringify(message.id)} ${message.method}`;
      const waiting = this.#pending.get(key);
      if (waiting !== undefined) waiting.push(message);
      else {
        if (this.#pending.size >= PENDING) this.#pending.clear();
        this.#pending.set(key, [message]);
      }
    } else if (message.type === "response" && line["request"] !== undefined) {
      const request = object(line["request"]);
      const key = `${session} ${JSON.stringify(request["id"])} ${string(request["method"])}`;
      const waiting = this.#pending.get(key) ?? [];
      const sent = message.time - (number(line["latency_ms"]) ?? 0);
      const nearest = waiting.reduce<Message | undefined>(
        (best, one) => best !== undefined && Math.abs(best.time - sent) <= Math.abs(one.time - sent) ? best : one,
        undefined,
      );
      if (nearest === undefined) return;
      message.request = nearest;
      nearest.answered = true;
      if (waiting.length === 1) this.#pending.delete(key);
      else waiting.splice(waiting.indexOf(nearest), 1);
    }
  }

  #finding(line: Line, base: Pick<FindingEvent, "time" | "source" | "process" | "peer">): FindingEvent {
    const about = object(line["event"]);
    const severity = SEVERITIES.find((name): name is Severity => name === line["severity"]) ?? "info";
    return {
      ...base,
      kind: "finding",
      rule: string(line["rule"]) ?? "",
      severity,
      message: string(line["message"]) ?? "",
      evidence: string(line["evidence"]),
      detector: string(line["detector"]),
      category: string(line["category"]),
      score: number(line["score"]),
      target: string(line["target"]) as FindingEvent["target"],
      references: Array.isArray(line["references"]) ? strings(line["references"]) : undefined,
      details: line["details"] === undefined ? undefined : object(line["details"]),
      event: this.#named.get(nameOf(about["timestamp"], about["stream"], about["id"])),
    };
  }

  #http(line: Line, base: Pick<Event, "time" | "source" | "process" | "peer">): Event | undefined {
    const type = line["type"];
    if (type !== "request" && type !== "response" && type !== "sse" && type !== "end") return undefined;
    const isRequest = type === "request";
    const exchange = this.#carriers.exchange(line, line, base.time, isRequest, base.process, base.peer);
    const body = string(line["body"]);
    const sse = object(line["sse"]);
    return {
      ...base,
      kind: "http",
      type,
      stream: isRequest ? exchange.stream : exchange.stream.reverse ?? exchange.stream,
      exchange,
      body: body === undefined ? undefined : encoder.encode(body),
      wireBytes: number(line["wire_bytes"]) ?? number(line["body_bytes"]) ?? 0,
      sse: type === "sse"
        ? { event: string(sse["event"]), id: string(sse["id"]), data: string(sse["data"]) ?? "" }
        : undefined,
      incomplete: string(line["incomplete"]),
    };
  }
}

function nameOf(timestamp: Json | undefined, stream: Json | undefined, id: Json | undefined): string {
  return `${timestamp} ${stream} ${JSON.stringify(id)}`;
}

/** The message: its members as they stand in the line. */
function put(line: Buffer): Uint8Array {
  forget();
  if (scanMessage(line, 0, line.length, DEPTH) !== Found.object) return new Uint8Array(0);
  const {
    idStart,
    idEnd,
    methodStart,
    methodEnd,
    paramsStart,
    paramsEnd,
    resultStart,
    resultEnd,
    errorStart,
    errorEnd,
  } = envelope;
  const parts: Uint8Array[] = [START];
  const add = (name: string, start: number, end: number) => {
    if (start >= 0) parts.push(Buffer.from(`,"${name}":`), line.subarray(start, end));
  };
  add("id", idStart, idEnd);
  add("method", methodStart, methodEnd);
  add("params", paramsStart, paramsEnd);
  add("result", resultStart, resultEnd);
  add("error", errorStart, errorEnd);
  return Buffer.concat([...parts, Buffer.from("}")]);
}
