/**
 * Makes events of what sensors told.
 *
 * @module
 */
import type { ChunkEvent, Event, EventBase, JsonRpcId, Process, Stream } from "../event.ts";
import type { NamedProcess, SensorRecord, ToldMessage } from "../../protocols/sensor/mod.ts";
import { RecentMap } from "../recent_map.ts";
import type { Inferred } from "./bluerock_answers.ts";
import { Conversation } from "./conversation.ts";
import type { ImportCheck } from "./import_check.ts";
import { type MessageLine, messageLine, textLine } from "./message_bytes.ts";
import { missing, tampered } from "./notices.ts";
import { runs, SensorProcess } from "./processes.ts";
import { Told } from "./told.ts";

/** What may be remembered. */
export interface SensorsOptions {
  /** Name of the source. */
  readonly source: string;
  /** Processes that are remembered. */
  readonly maxProcesses: number;
  /** Sessions that are remembered. */
  readonly maxSessions: number;
  /** What is known of a process that runs here; `since` is a time at which it did. */
  readonly lookUp?: ((pid: number, since: number) => Process | undefined) | undefined;
  /** Checks imports against files, if that is wanted. */
  readonly imports?: ImportCheck | undefined;
}

/** Where a record came from. */
export interface Origin {
  /** Stands for a time that the line does not name, in milliseconds since the epoch. */
  readonly time: number;
  /** Who wrote it, if the kernel says so. */
  readonly writer?: Process | undefined;
}

const EMPTY = new Uint8Array(0);
/** A power of two: the processes that were looked up last, by the low bits of their pids. */
const LATEST = 64;

/** Processes, their sessions, and the streams that stand for these. */
export class Sensors {
  readonly #options: SensorsOptions;
  readonly #processes = new Map<string, SensorProcess>();
  /** By sensor and pid: a pid that is used again ends the process before. */
  readonly #byPid = new Map<string, SensorProcess>();
  readonly #latest: (SensorProcess | undefined)[] = Array.from({ length: LATEST }, () => undefined);
  /** By session and side: of some sensors both sides have one name for it. */
  readonly #bySession: RecentMap<string, SensorProcess>;
  /** Servers by the pid of who started them. */
  readonly #servers = new Map<number, Set<SensorProcess>>();
  readonly #holed = new Set<SensorProcess>();
  #conversations = 0;
  #nextStream = 1;
  #time = 0;

  /** Nothing is known yet. */
  constructor(options: SensorsOptions) {
    this.#options = options;
    this.#bySession = new RecentMap(2 * options.maxSessions);
  }

  /** How many processes are remembered. */
  get processes(): number {
    return this.#processes.size;
  }

  /** How many sessions are open. */
  get sessions(): number {
    return this.#conversations;
  }

  /** Adds the events of a record to `out`. `now` is the clock's time, in milliseconds since the epoch. */
  record(record: SensorRecord, origin: Origin, now: number, out: Event[]): void {
    const time = record.time ?? origin.time;
    if (time > this.#time) this.#time = time;
    const of = this.#processOf(record, origin, now, out);
    of.time = time;
    if (record.sequence !== undefined) {
      of.sequence.saw(record.sequence, time, now, record.component === undefined || record.name === "sensor_startup");
      if (of.sequence.hasHoles) this.#holed.add(of);
    }
    if (this.#holed.size > 0) this.#tellHoles(time, now, false, out);
    if (record.message !== undefined) this.#message(record, record.message, of, time, out);
    else this.#event(record, of, time, out);
  }

  /** To be called now and then: tells what has not come for too long. */
  tick(now: number, out: Event[]): void {
    if (this.#holed.size > 0) this.#tellHoles(this.#time, now, false, out);
    const { imports } = this.#options;
    if (imports !== undefined) out.push(...imports.take());
  }

  /** A process is gone: nothing more comes of it. */
  gone(pid: number, out: Event[]): void {
    for (const of of [...this.#processes.values()]) if (of.pid === pid) this.#forget(of, out);
  }

  /** The end of everything. */
  end(out: Event[]): void {
    for (const of of [...this.#processes.values()]) this.#forget(of, out);
    const { imports } = this.#options;
    if (imports !== undefined) out.push(...imports.take());
  }

  // processes

  #processOf(record: SensorRecord, { writer, time }: Origin, now: number, out: Event[]): SensorProcess {
    const pid = record.pid ?? writer?.pid;
    const place = (pid ?? 0) & (LATEST - 1);
    const { sensor } = record, component = record.component ?? String(record.start ?? "");
    let of = this.#latest[place];
    if (of?.pid !== pid || of?.component !== component || of?.sensor !== sensor) {
      const key = `${sensor} ${pid ?? ""} ${component}`;
      of = this.#processes.get(key) ??
        this.#add(key, { ...record, pid, component }, writer, record.time ?? time, now, out);
      this.#latest[place] = of;
    }
    if (record.process !== undefined) of.named(record);
    return of;
  }

  #add(
    key: string,
    record: SensorRecord,
    writer: Process | undefined,
    time: number,
    now: number,
    out: Event[],
  ): SensorProcess {
    const { pid } = record;
    if (this.#processes.size >= this.#options.maxProcesses) this.#evictProcess(out);
    const isFresh = writer === undefined && pid !== undefined && Math.abs(now - time) < FRESH_MS;
    const found = isFresh ? this.#options.lookUp?.(pid, time) : undefined;
    const known = writer ?? (found !== undefined && runs(record.sensor, found) ? found : undefined);
    const of = new SensorProcess(key, record, known);
    this.#processes.set(key, of);
    if (pid !== undefined) {
      const place = `${record.sensor} ${pid}`, before = this.#byPid.get(place);
      if (before !== undefined) this.#forget(before, out);
      this.#byPid.set(place, of);
    }
    return of;
  }

  #forget(of: SensorProcess, out: Event[]): void {
    this.#holed.delete(of);
    this.#tellHole(of, this.#time, 0, true, out);
    for (const conversation of of.conversations.values()) this.#end(of, conversation, out);
    this.#processes.delete(of.key);
    this.#serves(of, false);
    const place = `${of.sensor} ${of.pid}`;
    if (this.#byPid.get(place) === of) this.#byPid.delete(place);
    for (let k = 0; k < LATEST; k++) if (this.#latest[k] === of) this.#latest[k] = undefined;
  }

  /** Forgets the sixteenth of the processes that have been silent longest. */
  #evictProcess(out: Event[]): void {
    const oldest = [...this.#processes.values()].sort((a, b) => a.time - b.time);
    for (const of of oldest.slice(0, Math.ceil(oldest.length / 16))) this.#forget(of, out);
  }

  // events

  #event(record: SensorRecord, of: SensorProcess, time: number, out: Event[]): void {
    const { name } = record;
    const event = new Told(time, this.#options.source, of.process, record);
    if (name === "sensor_startup") of.started(event.data);
    else if (name.endsWith("_mcp_server_init")) of.serves(event.data);
    else if (name.endsWith("_mcp_client_connect")) of.transport = record.transport;
    out.push(of.process === event.process ? event : new Told(time, this.#options.source, of.process, record));
    if (record.spanOf !== undefined && of.answers !== undefined && /_span_(start|end)$/.test(name)) {
      const inferred: Inferred[] = [];
      of.answers.span(record, record.spanOf, inferred);
      this.#infer(inferred, record, of, time, out);
    }
    if (name.endsWith("_import")) {
      if (record.isTampered) out.push(tampered(event));
      this.#options.imports?.add(event);
    } else if (name.endsWith("_mcp_session_terminated")) this.#terminated(record, of, out);
    else if (name === "sensor_shutdown") this.#forget(of, out);
  }

  // messages

  #message(record: SensorRecord, told: ToldMessage, of: SensorProcess, time: number, out: Event[]): void {
    const conversation = this.#conversationOf(record, told, of, out);
    conversation.time = time;
    let id: JsonRpcId | undefined = told.what === "notification" ? undefined : told.id;
    if (of.answers !== undefined) {
      const inferred: Inferred[] = [];
      const real = of.answers.message(record, told, conversation, inferred);
      this.#infer(inferred, record, of, time, out);
      if (real === false) return;
      id = real;
    }
    this.#chunk(
      of,
      conversation,
      told.isSent,
      told,
      messageLine(told, id),
      new Told(time, this.#options.source, of.process, record),
      out,
    );
  }

  #infer(inferred: readonly Inferred[], record: SensorRecord, of: SensorProcess, time: number, out: Event[]): void {
    for (const { conversation, id, isSent, isError } of inferred) {
      const why = `${of.sensor} ${isError ? "records no errors" : "does not record the answer to request 0"}`;
      const what = isError
        ? `"error":{"code":-32000,"message":${JSON.stringify(`not recorded: ${why}`)}}`
        : `"result":{"_meta":{"mcpsonde/not_recorded":${JSON.stringify(why)}}}`;
      const line = textLine(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${what}}`);
      const event = new Told(time, this.#options.source, of.process, record, { inferred: true, why });
      this.#chunk(of, conversation, isSent, undefined, line, event, out);
    }
  }

  #chunk(
    of: SensorProcess,
    conversation: Conversation,
    isSent: boolean,
    told: ToldMessage | undefined,
    { buffer, start, end }: MessageLine,
    sensor: Told,
    out: Event[],
  ): void {
    const { time, source } = sensor;
    const [process, peer] = this.#ends(of, conversation, isSent, told);
    if (isSent) conversation.hasSent = true;
    else conversation.hasReceived = true;
    const stream = isSent ? conversation.sent : conversation.received;
    const chunk: ChunkEvent = {
      kind: "chunk",
      time,
      source,
      process,
      peer,
      stream,
      buffer,
      start,
      end,
      lost: 0,
      eof: false,
      sensor,
    };
    out.push(chunk);
  }

  /** Who sends and who receives. */
  #ends(
    of: SensorProcess,
    conversation: Conversation,
    isSent: boolean,
    told: ToldMessage | undefined,
  ): [Process | undefined, Process | undefined] {
    if (told === undefined || told.side !== undefined) {
      const other = this.#other(of, conversation);
      return isSent ? [of.process, other] : [other, of.process];
    }
    if (told.sender !== undefined || told.receiver !== undefined) {
      return [asProcess(told.sender), asProcess(told.receiver)];
    }
    return isSent ? [undefined, of.process] : [of.process, undefined]; // a server, as others see it
  }

  /** The other side, if it has a sensor too: of a session that both call the same, or of a server its parent. */
  #other(of: SensorProcess, { side, session, received }: Conversation): Process | undefined {
    const other = side === "server" ? "client" : "server";
    const named = session === "" ? undefined : this.#bySession.get(`${other} ${session}`);
    if (named !== undefined && named !== of) return named.process;
    return side === "server" ? this.#parent(of) : received.transport === "stdio" ? this.#child(of) : undefined;
  }

  /** The only server that a client has started, if that has a sensor too. */
  #child({ pid }: SensorProcess): Process | undefined {
    const children = pid === undefined ? undefined : this.#servers.get(pid);
    if (children?.size !== 1) return undefined;
    for (const child of children) return child.process;
    return undefined;
  }

  /** Of a server over stdio the parent is the client, if it has a sensor too. */
  #parent({ process, sensor }: SensorProcess): Process | undefined {
    if (process?.ppid === undefined) return undefined;
    return this.#byPid.get(`${sensor} ${process.ppid}`)?.process;
  }

  // sessions

  #conversationOf(record: SensorRecord, told: ToldMessage, of: SensorProcess, out: Event[]): Conversation {
    const { session = "" } = record, side = sideOf(record, told, of);
    const key = `${side} ${session} ${told.lane}`;
    const known = of.conversations.get(key);
    if (known !== undefined) return known;
    if (this.#conversations >= this.#options.maxSessions) this.#evictSession(out);
    const transport = record.transport ?? (told.side === "client" ? of.transport : undefined);
    const made = new Conversation(key, { side, session }, transport, [this.#nextStream++, this.#nextStream++]);
    if (session !== "" && side !== "") this.#bySession.set(`${side} ${session}`, of);
    of.conversations.set(key, made);
    if (side === "server") this.#serves(of, true);
    this.#conversations++;
    return made;
  }

  /** Whether a process is a server that another one has started. */
  #serves(of: SensorProcess, is: boolean): void {
    const parent = of.process?.ppid;
    if (parent === undefined) return;
    let servers = this.#servers.get(parent);
    if (is) {
      if (servers === undefined) this.#servers.set(parent, servers = new Set());
      servers.add(of);
    } else if (servers?.delete(of) && servers.size === 0) this.#servers.delete(parent);
  }

  #terminated({ session = "" }: SensorRecord, of: SensorProcess, out: Event[]): void {
    for (const conversation of [...of.conversations.values()]) {
      if (conversation.session === session) this.#end(of, conversation, out);
    }
  }

  #end(of: SensorProcess, conversation: Conversation, out: Event[]): void {
    of.conversations.delete(conversation.key);
    of.answers?.forget(conversation);
    this.#conversations--;
    const { received, sent, hasReceived, hasSent } = conversation;
    const base = { source: this.#options.source, time: Math.max(conversation.time, of.time) };
    if (hasReceived) out.push(eof({ ...base, peer: of.process }, received));
    if (hasSent) out.push(eof({ ...base, process: of.process }, sent));
  }

  /** Forgets the session that has been silent longest, and some more. */
  #evictSession(out: Event[]): void {
    const all = [...this.#processes.values()].flatMap((of) =>
      [...of.conversations.values()].map((conversation) => ({ of, conversation }))
    );
    all.sort((a, b) => a.conversation.time - b.conversation.time);
    for (const { of, conversation } of all.slice(0, Math.ceil(all.length / 16))) this.#end(of, conversation, out);
  }

  // losses

  #tellHoles(time: number, now: number, all: boolean, out: Event[]): void {
    for (const of of this.#holed) {
      this.#tellHole(of, time, now, all, out);
      if (!of.sequence.hasHoles) this.#holed.delete(of);
    }
  }

  #tellHole(of: SensorProcess, time: number, now: number, all: boolean, out: Event[]): void {
    const lost = of.sequence.take(time, now, all);
    if (lost === undefined) return;
    out.push(missing(lost, of.sensor, { time, source: this.#options.source, process: of.process }));
  }
}

/** How old an event may be for its pid to stand for the process that has it now, in milliseconds. */
const FRESH_MS = 5000;

/**
 * The side that tells. BlueRock's hooks call what a server asks of its client the client's, as the SDK shares the code: a
 * process that has only been a server in a session still is.
 */
function sideOf({ session = "" }: SensorRecord, { side, lane }: ToldMessage, of: SensorProcess): string {
  if (side !== "client" || of.answers === undefined) return side ?? "";
  const isServer = of.conversations.has(`server ${session} ${lane}`) &&
    !of.conversations.has(`client ${session} ${lane}`);
  return isServer ? "server" : side;
}

function asProcess(named: NamedProcess | undefined): Process | undefined {
  if (named === undefined) return undefined;
  const { pid, name } = named;
  return { pid, comm: name ?? "?", name: name ?? "?" };
}

function eof(base: EventBase, stream: Stream): ChunkEvent {
  return { ...base, kind: "chunk", stream, buffer: EMPTY, start: 0, end: 0, lost: 0, eof: true };
}
