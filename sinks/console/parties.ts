/**
 * The column that says who talks to whom. The client stays on the left and the server on the right, and the arrow
 * turns, so that a session reads like a conversation.
 *
 * @module
 */
import type { ChunkEvent, HttpEvent, HttpExchange, McpEvent, Process, Stream } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { PARTY_STYLES, type Style } from "./palette.ts";
import { visible } from "./visible.ts";
import { shortenMiddle, width } from "./width.ts";

const FROM_CLIENT =
  /^(initialize$|server\/discover$|tools\/|prompts\/|resources\/|completion\/|logging\/|subscriptions\/listen$|notifications\/(initialized|roots\/list_changed)$)/;
const FROM_SERVER =
  /^(sampling\/|roots\/list$|elicitation\/|notifications\/(message$|tools\/|prompts\/|resources\/|elicitation\/|subscriptions\/))/;

/** A process and what it is called here. */
interface Named {
  readonly pid: number;
  readonly name: string;
}

/** An end: a process, or what else is known of it; undefined if nothing is. */
type Party = Named | string | undefined;

/** Longest name that a server may give itself, in columns. */
const LONGEST = 40;

/** What was laid out last for a stream; it holds as long as nothing that it depends on changes. */
interface Laid {
  readonly from: Party;
  readonly to: Party;
  readonly fromLeft: boolean;
  readonly columns: number;
  readonly left: number;
  readonly right: number;
  readonly spans: readonly Span[];
}

/** Lays the column out; its two halves grow with the names seen and never shrink. */
export class Parties {
  #left = 0;
  #right = 0;
  /** By stream: whether its writer stands on the left. */
  readonly #isLeft = new WeakMap<Stream, boolean>();

  readonly #laid = new WeakMap<Stream, Laid>();
  /** Servers that have said who they are, under their own names. */
  readonly #named = new WeakMap<Process, Named>();

  /** `columns` is the most that both names and the arrow may take. */
  spans(event: McpEvent | ChunkEvent | HttpEvent, columns: number): readonly Span[] {
    const exchange = event.kind === "http" ? event.exchange : event.kind === "mcp" ? event.http : undefined;
    const fromLeft = exchange !== undefined
      ? event.stream === exchange.stream
      : event.kind === "mcp"
      ? this.#fromLeft(event)
      : true;
    this.#learn(event, fromLeft ? event.peer : event.process);
    const from = this.#party(event.process) ?? (exchange && remote(exchange, fromLeft));
    const to = this.#party(event.peer) ?? (exchange && remote(exchange, !fromLeft));
    const last = this.#laid.get(event.stream);
    if (
      last !== undefined && last.from === from && last.to === to && last.fromLeft === fromLeft &&
      last.columns === columns && last.left === this.#left && last.right === this.#right
    ) return last.spans;
    const [left, right] = fromLeft ? [from, to] : [to, from];
    this.#left = Math.max(this.#left, partyWidth(left));
    this.#right = Math.max(this.#right, partyWidth(right));
    const [leftColumns, rightColumns] = share(this.#left, this.#right, columns - 3);
    const arrow: Span = ["dim", fromLeft ? " → " : " ← "];
    const spans = [...party(left, leftColumns), arrow, ...party(right, rightColumns)];
    this.#laid.set(event.stream, { from, to, fromLeft, columns, left: this.#left, right: this.#right, spans });
    return spans;
  }

  /** Notes what a server calls itself. */
  #learn(event: McpEvent | ChunkEvent | HttpEvent, server: Process | undefined): void {
    const info = event.kind === "mcp" ? event.context?.session.server.info : undefined;
    if (info === undefined || info.name === "" || server === undefined) return;
    if (event.kind !== "mcp" || event.context?.session.server.process?.pid !== server.pid) return;
    const name = shortenMiddle(visible(info.name), LONGEST);
    if (this.#named.get(server)?.name !== name) this.#named.set(server, { pid: server.pid, name });
  }

  #party(process: Process | undefined): Named | undefined {
    return process === undefined ? undefined : this.#named.get(process) ?? process;
  }

  #fromLeft(event: McpEvent): boolean {
    const sender = event.context?.sender;
    const known = sender === undefined ? direction(event) : sender === "client";
    const remembered = this.#isLeft.get(event.stream);
    const fromLeft = known ?? remembered ?? byDescent(event) ?? true;
    if (fromLeft !== remembered) {
      this.#isLeft.set(event.stream, fromLeft);
      if (event.stream.reverse !== undefined) this.#isLeft.set(event.stream.reverse, !fromLeft);
    }
    return fromLeft;
  }
}

/** True for client to server, false for server to client, undefined where the message does not tell. */
function direction(event: McpEvent): boolean | undefined {
  if (event.type === "response") {
    const asked = event.request === undefined ? undefined : direction(event.request);
    return asked === undefined ? undefined : !asked;
  }
  if (event.method === undefined) return undefined;
  if (FROM_CLIENT.test(event.method)) return true;
  return FROM_SERVER.test(event.method) ? false : undefined;
}

/** A stdio client has started its server, as a rule. */
function byDescent({ process, peer }: McpEvent): boolean | undefined {
  if (process === undefined || peer === undefined) return undefined;
  if (peer.ppid === process.pid) return true;
  return process.ppid === peer.pid ? false : undefined;
}

/** Gives each side what it wants; where that is too much, the wider side gives way first. */
function share(left: number, right: number, columns: number): [left: number, right: number] {
  if (left + right <= columns) return [left, right];
  const half = Math.floor(columns / 2);
  if (left <= half) return [left, columns - left];
  if (right <= half) return [columns - right, right];
  return [half, columns - half];
}

/** An end of an HTTP connection whose process is not known: a server by its authority, a client by its address. */
function remote({ client, server, request, stream }: HttpExchange, isClient: boolean): Party {
  if (isClient) return client ?? (stream.from ?? stream.reverse?.to)?.address;
  if (server !== undefined) return server;
  const at = stream.to ?? stream.reverse?.from;
  return request?.authority ?? (at === undefined ? undefined : `${at.address}:${at.port}`);
}

function partyWidth(end: Party): number {
  if (end === undefined) return 1;
  return typeof end === "string" ? width(visible(end)) : width(visible(end.name)) + String(end.pid).length + 2;
}

function party(end: Party, columns: number): Span[] {
  if (end === undefined) return [["dim", "?".padEnd(columns)]];
  const pid = typeof end === "string" ? "" : `[${end.pid}]`;
  const full = visible(typeof end === "string" ? end : end.name);
  const name = shortenMiddle(full, Math.max(1, columns - pid.length));
  return [[partyStyle(typeof end === "string" ? end : end.pid), name], [
    "dim",
    pid + " ".repeat(Math.max(0, columns - width(name) - pid.length)),
  ]];
}

/** The colour of a process, by its pid, or of another machine, by its name. */
export function partyStyle(end: number | string): Style {
  return PARTY_STYLES[(typeof end === "string" ? sum(end) : end) % PARTY_STYLES.length] ?? "plain";
}

/** A number for a name. */
function sum(name: string): number {
  let total = 0;
  for (let at = 0; at < name.length && at < 64; at++) total += name.charCodeAt(at);
  return total;
}
