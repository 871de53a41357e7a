/**
 * The column that says who talks to whom. The client stays on the left and the server on the right, and the arrow
 * turns, so that a session reads like a conversation.
 *
 * @module
 */
import type { ChunkEvent, McpEvent, Process, Stream } from "../../pipeline/event.ts";
import type { Span } from "./line.ts";
import { PARTY_STYLES } from "./palette.ts";
import { visible } from "./visible.ts";
import { shortenMiddle, width } from "./width.ts";

const FROM_CLIENT =
  /^(initialize$|server\/discover$|tools\/|prompts\/|resources\/|completion\/|logging\/|subscriptions\/listen$|notifications\/(initialized|roots\/list_changed)$)/;
const FROM_SERVER =
  /^(sampling\/|roots\/list$|elicitation\/|notifications\/(message$|tools\/|prompts\/|resources\/|elicitation\/|subscriptions\/))/;

/** What was laid out last for a stream; it holds as long as nothing that it depends on changes. */
interface Laid {
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
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

  /** `columns` is the most that both names and the arrow may take. */
  spans(event: McpEvent | ChunkEvent, columns: number): readonly Span[] {
    const { process, peer } = event;
    const fromLeft = event.kind === "mcp" ? this.#fromLeft(event) : true;
    const last = this.#laid.get(event.stream);
    if (
      last !== undefined && last.process === process && last.peer === peer && last.fromLeft === fromLeft &&
      last.columns === columns && last.left === this.#left && last.right === this.#right
    ) return last.spans;
    const [left, right] = fromLeft ? [process, peer] : [peer, process];
    this.#left = Math.max(this.#left, partyWidth(left));
    this.#right = Math.max(this.#right, partyWidth(right));
    const [leftColumns, rightColumns] = share(this.#left, this.#right, columns - 3);
    const arrow: Span = ["dim", fromLeft ? " → " : " ← "];
    const spans = [...party(left, leftColumns), arrow, ...party(right, rightColumns)];
    this.#laid.set(event.stream, { process, peer, fromLeft, columns, left: this.#left, right: this.#right, spans });
    return spans;
  }

  #fromLeft(event: McpEvent): boolean {
    const known = direction(event);
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

function partyWidth(process: Process | undefined): number {
  return process === undefined ? 1 : width(visible(process.name)) + String(process.pid).length + 2;
}

function party(process: Process | undefined, columns: number): Span[] {
  if (process === undefined) return [["dim", "?".padEnd(columns)]];
  const pid = `[${process.pid}]`;
  const name = shortenMiddle(visible(process.name), Math.max(1, columns - pid.length));
  const style = PARTY_STYLES[process.pid % PARTY_STYLES.length] ?? "plain";
  return [[style, name], ["dim", pid + " ".repeat(Math.max(0, columns - width(name) - pid.length))]];
}
