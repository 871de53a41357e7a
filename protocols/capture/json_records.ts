/**
 * The records whose body is JSON, read with suspicion.
 *
 * @module
 */
import {
  type Endpoint,
  type EventBase,
  type FindingEvent,
  type GapEvent,
  type Json,
  type JsonRpcId,
  type Process,
  type SensorCall,
  type SensorEvent,
  SEVERITIES,
  type Severity,
  type Stream,
} from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Lookup<Thing> {
  get(id: number): Thing | undefined;
}

/** A process; undefined if the text is none. */
export function readProcess(text: string): Process | undefined {
  const fields = parse(text);
  if (fields === undefined) return undefined;
  const { pid, comm, name, ppid, exe, args, cgroup, container } = fields;
  if (!isNumber(pid) || !isString(comm) || !isString(name)) return undefined;
  return {
    pid,
    comm,
    name,
    ppid: isNumber(ppid) ? ppid : undefined,
    exe: isString(exe) ? exe : undefined,
    args: Array.isArray(args) ? args.filter(isString) : undefined,
    cgroup: isString(cgroup) ? cgroup : undefined,
    container: isString(container) ? container : undefined,
  };
}

/** Longer texts are no addresses: an IPv6 address has at most 45 characters, and an interface's name may follow. */
const MAX_ADDRESS = 64;
/** Longer texts are no names of TLS libraries. */
const MAX_TLS = 32;

/** What is known of a connection; undefined if the text does not say. */
export function readEnds(text: string): Pick<Stream, "from" | "to" | "tls"> | undefined {
  const fields = parse(text);
  if (fields === undefined) return undefined;
  const { from, to, tls } = fields;
  const known = typeof tls === "string" && tls.length <= MAX_TLS ? { tls } : {};
  return { from: readEndpoint(from), to: readEndpoint(to), ...known };
}

function readEndpoint(value: unknown): Endpoint | undefined {
  if (!isObject(value)) return undefined;
  const { address, port } = value;
  if (!isString(address) || address.length > MAX_ADDRESS || !isNumber(port)) return undefined;
  return Number.isInteger(port) && port >= 0 && port <= 0xffff ? { address, port } : undefined;
}

/** What severities were called before there were five. */
const OLDER: Readonly<Record<string, Severity>> = { warning: "low", error: "high" };

/** A gap, a finding, or what a sensor told; undefined if the text is none of them. */
export function readEvent(
  text: string,
  processes: Lookup<Process>,
  streams: Lookup<Stream>,
): GapEvent | FindingEvent | SensorEvent | undefined {
  const fields = parse(text);
  if (fields === undefined) return undefined;
  if (fields["kind"] === "sensor") return readSensor(fields, processes);
  const { time, source, message, process, peer, stream } = fields;
  if (!isNumber(time) || !isString(source) || !isString(message)) return undefined;
  const base: EventBase & { readonly message: string; readonly stream: Stream | undefined } = {
    time,
    source,
    message,
    process: isNumber(process) ? processes.get(process) : undefined,
    peer: isNumber(peer) ? processes.get(peer) : undefined,
    stream: isNumber(stream) ? streams.get(stream) : undefined,
  };
  const { kind, reason, lost, cpu, rule, severity, evidence } = fields;
  if (kind === "gap" && isString(reason)) {
    return { ...base, kind, reason, lost: readLost(lost), cpu: isNumber(cpu) ? cpu : undefined };
  }
  if (kind !== "finding" || !isString(rule)) return undefined;
  const known = SEVERITIES.find((name) => name === severity) ?? OLDER[String(severity)];
  if (known === undefined) return undefined;
  return { ...base, kind, rule, severity: known, evidence: isString(evidence) ? evidence : undefined };
}

function readSensor(fields: Fields, processes: Lookup<Process>): SensorEvent | undefined {
  const { time, source, process, sensor, name, type, sequence, span, session, call, data } = fields;
  if (!isNumber(time) || !isString(source) || !isString(sensor) || !isString(name) || !isObject(data)) return undefined;
  return {
    kind: "sensor",
    time,
    source,
    sensor,
    name,
    process: isNumber(process) ? processes.get(process) : undefined,
    type: isString(type) ? type : undefined,
    sequence: isNumber(sequence) ? sequence : undefined,
    span: isString(span) ? span : undefined,
    session: isString(session) ? session : undefined,
    call: readCall(call),
    data: data as { readonly [name: string]: Json }, // parsed JSON
  };
}

function readCall(value: unknown): SensorCall | undefined {
  if (!isObject(value)) return undefined;
  const { id, method, name, session } = value;
  if (!isId(id) || !isString(method)) return undefined;
  return { id, method, name: isString(name) ? name : undefined, session: isString(session) ? session : undefined };
}

function isId(value: unknown): value is JsonRpcId {
  return value === null || isString(value) || isNumber(value);
}

function readLost(value: unknown): GapEvent["lost"] {
  if (!isObject(value)) return undefined;
  const counts = ["records", "bytes", "messages"].map((unit) => [unit, value[unit]] as const);
  return Object.fromEntries(counts.filter(([, count]) => isNumber(count)));
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
