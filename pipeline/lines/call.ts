/**
 * The `call` object: what a logical call came to, on the line that ends it.
 *
 * @module
 */
import type { LogicalCall, Outcome } from "../context.ts";
import type { Constant, Gather } from "../output/gather.ts";
import type { HeadWriter } from "./heads.ts";

const encoder = new TextEncoder();
/** Beginnings that are kept, for each method; and the longest name in one, in UTF-16 units. */
const KEPT = 1024, LONGEST = 128;
/** From here on a number is no 32-bit integer. */
const LARGEST = 2 ** 31;
/** Methods whose beginnings are kept. */
const METHODS = 64;

/** What stands between the values. */
const OURS = {
  call: ',"call":{"id":',
  duration: ',"duration_ms":',
  server: ',"server_ms":',
  human: ',"human_ms":',
  requests: ',"requests":',
  progress: ',"progress":',
  bytesIn: ',"bytes_in":',
  plain: ',"human_ms":0,"requests":1,"progress":0,"bytes_in":',
  bytesOut: ',"bytes_out":',
  point: ".",
  end: "}",
} as const;

/** What follows the name of a call that ended well. */
const WELL = `,"outcome":"ok"${OURS.duration}`;

/** By method and name. */
type Beginnings = Map<string, Map<string | undefined, Constant>>;

const OUTCOMES = ["ok", "tool_error", "error", "cancelled", "hung"] as const;

/** Writes the objects of messages' lines: a value that is a number costs next to nothing. */
export class CallWriter {
  readonly #out: Gather;
  readonly #ours: Readonly<Record<keyof typeof OURS, Constant>>;
  readonly #outcomes: Readonly<Record<Outcome, Constant>>;
  readonly #tokens: boolean;
  /** Beginnings that were made, of calls that ended well and of others: the same are written again and again. */
  readonly #well: Beginnings = new Map();
  readonly #other: Beginnings = new Map();
  /** The heads' generation that they are of. */
  #generation = 0;

  /** `tokens` adds estimates of what the call costs a model, where they can be made. */
  constructor(out: Gather, tokens: boolean) {
    const ours = (name: keyof typeof OURS) => out.constant(encoder.encode(OURS[name]));
    this.#out = out;
    this.#tokens = tokens;
    const outcomes = OUTCOMES.map((name) => [name, out.constant(encoder.encode(`,"outcome":"${name}"`))]);
    this.#outcomes = Object.fromEntries(outcomes) as Record<Outcome, Constant>;
    this.#ours = {
      call: ours("call"),
      duration: ours("duration"),
      server: ours("server"),
      human: ours("human"),
      requests: ours("requests"),
      progress: ours("progress"),
      bytesIn: ours("bytesIn"),
      plain: ours("plain"),
      bytesOut: ours("bytesOut"),
      point: ours("point"),
      end: ours("end"),
    };
  }

  /** Adds the object, its name before it. What is the same in many is kept where `heads` are. */
  write(call: LogicalCall, heads: HeadWriter): void {
    const out = this.#out, ours = this.#ours;
    const { serverTime, humanTime, requests, progress } = call;
    out.put(ours.call);
    out.integer(call.id);
    this.#what(call.method, call.name, call.outcome === "ok" && call.taskId === undefined, heads);
    if (call.outcome !== "ok" || call.taskId !== undefined) this.#end(call);
    this.millis(serverTime + humanTime);
    out.put(ours.server);
    this.millis(serverTime);
    if (humanTime === 0 && requests === 1 && progress === 0) out.put(ours.plain); // one piece for what most have
    else {
      out.put(ours.human);
      this.millis(humanTime);
      out.put(ours.requests);
      out.integer(requests);
      out.put(ours.progress);
      out.integer(progress);
      out.put(ours.bytesIn);
    }
    out.integer(call.bytesIn);
    out.put(ours.bytesOut);
    out.integer(call.bytesOut);
    if (this.#tokens) out.text(tokenMembers(call));
    out.put(ours.end);
  }

  /** How it ended, where that is not just well. */
  #end(call: LogicalCall): void {
    const out = this.#out;
    const { outcome, taskId } = call;
    if (outcome !== undefined) out.put(this.#outcomes[outcome]);
    if (outcome === "error" && call.errorCode !== undefined) {
      out.text(`,"error_code":${JSON.stringify(call.errorCode)}`);
    }
    if (taskId !== undefined) out.text(`,"task_id":${JSON.stringify(taskId)}`);
    out.put(this.#ours.duration);
  }

  /** What was called; if it `isWell`, up to the duration. */
  #what(method: string, name: string | undefined, isWell: boolean, heads: HeadWriter): void {
    const out = this.#out;
    if (this.#generation !== heads.generation) {
      this.#generation = heads.generation;
      this.#well.clear();
      this.#other.clear();
    }
    const beginnings = isWell ? this.#well : this.#other;
    const known = beginnings.get(method);
    const beginning = known?.get(name);
    if (beginning !== undefined) return out.put(beginning);
    const made = encoder.encode(what(method, name) + (isWell ? WELL : ""));
    const isShort = method.length <= LONGEST && (name === undefined || name.length <= LONGEST);
    const constant = isShort ? heads.constant(made) : undefined;
    if (constant === undefined) return out.splice(made, 0, made.length);
    keep(beginnings, method, name, constant);
    out.put(constant);
  }

  /** Milliseconds with up to three decimals. */
  millis(millis: number): void {
    const out = this.#out;
    const micros = Math.round(millis * 1000);
    const whole = micros < LARGEST ? (micros / 1000) | 0 : Math.floor(micros / 1000);
    let rest = micros - whole * 1000;
    if (!(whole < Number.MAX_SAFE_INTEGER)) return out.text("0");
    out.integer(whole);
    if (rest === 0) return;
    let digits = 3;
    for (; rest % 10 === 0; rest /= 10) digits--;
    out.put(this.#ours.point);
    out.digits(rest, digits);
  }
}

function keep(beginnings: Beginnings, method: string, name: string | undefined, constant: Constant): void {
  let known = beginnings.get(method);
  if (known === undefined) {
    if (beginnings.size >= METHODS) beginnings.clear();
    beginnings.set(method, known = new Map());
  }
  if (known.size >= KEPT) known.clear();
  known.set(name, constant);
}

/** The object as JSON, for lines that are rare. */
export function callJson(call: LogicalCall, tokens: boolean): string {
  const { serverTime, humanTime } = call;
  const rest = {
    outcome: call.outcome,
    error_code: call.errorCode,
    task_id: call.taskId,
    duration_ms: rounded(serverTime + humanTime),
    server_ms: rounded(serverTime),
    human_ms: rounded(humanTime),
    requests: call.requests,
    progress: call.progress,
    bytes_in: call.bytesIn,
    bytes_out: call.bytesOut,
  };
  const more = tokens ? tokenMembers(call) : "";
  return `{"id":${call.id}${what(call.method, call.name)},${JSON.stringify(rest).slice(1, -1)}${more}}`;
}

/** What was called. */
function what(method: string, name: string | undefined): string {
  const start = `,"method":${JSON.stringify(method)}`;
  if (name === undefined) return start;
  const quoted = JSON.stringify(name);
  return method === "tools/call" ? `${start},"name":${quoted},"tool":${quoted}` : `${start},"name":${quoted}`;
}

function tokenMembers({ tokensIn, tokensOut }: LogicalCall): string {
  const known = (name: string, count: number) => Number.isNaN(count) ? "" : `,"${name}":${count}`;
  return known("tokens_in", tokensIn) + known("tokens_out", tokensOut);
}

function rounded(millis: number): number {
  return Math.round(millis * 1000) / 1000;
}
