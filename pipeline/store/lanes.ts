/**
 * Makes rows of what many messages and calls have in common.
 *
 * @module
 */
import type { McpEvent, Process, Stream } from "../event.ts";
import { RecentMap } from "../recent_map.ts";
import { shortened } from "../shortened.ts";
import type { Parties, SessionState } from "./parties.ts";
import type { Lookup, RowWriter } from "./statements.ts";

/** Longest method and name, in UTF-16 units. */
const LONGEST_METHOD = 1024, LONGEST_NAME = 8192;
/** Lanes of one stream, and subjects of one session, that are remembered. */
const KEPT = 1024;

/** What was written of one direction, type and method. */
interface Lane {
  readonly id: number;
  readonly session: SessionState | undefined;
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
  readonly sender: string | undefined;
  readonly transport: string;
  readonly source: string;
  readonly era: string | undefined;
}

/** Knows those of one run. */
export class Lanes {
  readonly #out: RowWriter;
  readonly #parties: Parties;
  #byStream = new RecentMap<Stream, Map<string, Lane>>(4096);
  #bySession = new RecentMap<SessionState, Map<string, Lane>>(4096);
  #lane: number;
  #subject: number;

  constructor(out: RowWriter, parties: Parties, lookup: Lookup) {
    this.#out = out;
    this.#parties = parties;
    this.#lane = lookup.lastId("lane_rows");
    this.#subject = lookup.lastId("subject_rows");
  }

  /** Which way a message went: the row. */
  lane(event: McpEvent, session: SessionState | undefined): number {
    const { stream, type, process, peer, transport, source, context } = event;
    const method = event.method ?? event.request?.method;
    const sender = context?.sender, era = context?.era;
    const lanes = this.#byStream.recall(stream, () => new Map());
    const key = type + method;
    const known = lanes.get(key);
    if (
      known !== undefined && known.session === session && known.process === process && known.peer === peer &&
      known.sender === sender && known.transport === transport && known.source === source && known.era === era
    ) return known.id;
    const id = ++this.#lane;
    if (lanes.size >= KEPT) lanes.clear();
    lanes.set(key, { id, session, process, peer, sender, transport, source, era });
    this.#out.write("lane", [
      id,
      session?.id ?? null,
      type,
      method === undefined ? null : shortened(method, LONGEST_METHOD),
      sender ?? null,
      this.#parties.process(process),
      this.#parties.process(peer),
      transport,
      stream.medium === "tls" ? 1 : null,
      source,
      era ?? null,
    ]);
    return id;
  }

  /** Who calls what of whom: the row. */
  subject(session: SessionState, method: string, name: string | undefined, request: McpEvent): number {
    const { process, peer, transport, source, stream, context } = request;
    const sender = context?.sender, era = context?.era ?? session.session.era;
    const subjects = this.#bySession.recall(session, () => new Map());
    const key = name === undefined ? method : `${method}\0${name}`;
    const known = subjects.get(key);
    if (
      known !== undefined && known.process === process && known.peer === peer && known.sender === sender &&
      known.transport === transport && known.source === source && known.era === era
    ) return known.id;
    const id = ++this.#subject;
    if (subjects.size >= KEPT) subjects.clear();
    subjects.set(key, { id, session, process, peer, sender, transport, source, era });
    const isServer = sender === "server";
    this.#out.write("subject", [
      id,
      session.id,
      shortened(method, LONGEST_METHOD),
      name === undefined ? null : shortened(name, LONGEST_NAME),
      sender ?? null,
      this.#parties.process(isServer ? peer : process),
      this.#parties.process(isServer ? process : peer),
      transport,
      stream.medium === "tls" ? 1 : null,
      source,
      era ?? null,
    ]);
    return id;
  }

  /** Forgets all: rows that nothing refers to are about to be deleted. */
  forget(): void {
    this.#byStream = new RecentMap(4096);
    this.#bySession = new RecentMap(4096);
  }
}
