/**
 * The processes that sensors run in.
 *
 * @module
 */
import type { Json, Process, Transport } from "../event.ts";
import { isObject } from "../json.ts";
import { processName } from "../process_name.ts";
import type { SensorRecord } from "../../protocols/sensor/mod.ts";
import { BlueRockAnswers } from "./bluerock_answers.ts";
import type { Conversation } from "./conversation.ts";
import { Sequence } from "./sequence.ts";

/** Longest task name of the kernel. */
const COMM = 15;
/** How sure a name is: what replaces it must be surer. */
const Name = { none: 0, program: 1, server: 2, told: 3 } as const;
/** Arguments that are kept of a command line. */
const MOST_ARGUMENTS = 64;

/** What is known of one, and what it has open. */
export class SensorProcess {
  readonly key: string;
  readonly sensor: string;
  readonly component: string | undefined;
  readonly pid: number | undefined;
  /** Undefined without a pid. */
  process: Process | undefined;
  /** How the connection travels that a client opened last. */
  transport: Transport | undefined = undefined;
  readonly sequence = new Sequence();
  /** Of BlueRock. */
  readonly answers: BlueRockAnswers | undefined;
  /** By side, session and lane. */
  readonly conversations = new Map<string, Conversation>();
  /** Of its last event. */
  time = 0;
  #named: number = Name.none;

  /** One that a line tells of. */
  constructor(key: string, record: SensorRecord, process: Process | undefined) {
    this.key = key;
    this.sensor = record.sensor;
    this.component = record.component;
    this.pid = record.pid;
    this.answers = record.sensor === "bluepython" ? new BlueRockAnswers() : undefined;
    if (process !== undefined) this.#named = Name.program;
    this.process = process ?? (record.pid === undefined ? undefined : {
      pid: record.pid,
      comm: (record.process ?? record.sensor).slice(0, COMM),
      name: record.process ?? record.sensor,
      ppid: record.ppid,
    });
    this.named(record);
  }

  /** A line names it. */
  named({ process: name, ppid }: SensorRecord): void {
    const { process } = this;
    if (process === undefined || name === undefined) return;
    if (this.#named === Name.told && process.name === name && (ppid === undefined || process.ppid === ppid)) return;
    this.#named = Name.told;
    this.process = { ...process, name, ppid: ppid ?? process.ppid };
  }

  /** `sensor_startup`: which program it is. */
  started(data: { readonly [name: string]: Json }): void {
    const { process } = this;
    if (process === undefined) return;
    const { file_path: path, argv } = data;
    const exe = typeof path === "string" ? path : undefined;
    const args = Array.isArray(argv)
      ? argv.filter((argument) => typeof argument === "string").slice(0, MOST_ARGUMENTS)
      : undefined;
    const program = exe === undefined ? process.comm : exe.slice(exe.lastIndexOf("/") + 1);
    const name = this.#named > Name.program || exe === undefined
      ? process.name
      : processName(program, exe === undefined || args === undefined ? process.args : [exe, ...args]);
    this.#named = Math.max(this.#named, Name.program);
    this.process = {
      ...process,
      comm: program.slice(0, COMM),
      name,
      exe: process.exe ?? exe,
      args: process.args ?? args,
    };
  }

  /** `…_mcp_server_init`: the server's own name is better than that of an interpreter. */
  serves({ server }: { readonly [name: string]: Json }): void {
    const { process } = this;
    const name = isObject(server) ? server["name"] : undefined;
    if (process === undefined || typeof name !== "string" || name === "" || this.#named >= Name.server) return;
    this.#named = Name.server;
    this.process = { ...process, name: name.slice(0, 80) };
  }
}

/** What sensors run in: in a container pids are others, and the process here that has one may be any. */
const PROGRAMS: readonly (readonly [sensor: RegExp, program: RegExp])[] = [
  [/python$/, /python|pypy|uv/i],
  [/node$/, /node|deno|bun|electron/i],
];

/** Whether a sensor runs in such a program. */
export function runs(sensor: string, { comm, exe, args }: Process): boolean {
  return PROGRAMS.every(([name, program]) =>
    !name.test(sensor) || [comm, exe, args?.[0]].some((of) => of !== undefined && program.test(of))
  );
}
