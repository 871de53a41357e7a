/**
 * The connections that are open.
 *
 * @module
 */
import type { ChunkEvent, Stream } from "../../pipeline/event.ts";
import { Connection, Direction } from "./connection.ts";
import { reverseOf } from "./exchange.ts";
import { forgotten, upgraded } from "./gaps.ts";
import type { Hub } from "./hub.ts";
import { tellResponse } from "./messages.ts";

/** How long after its end one direction is remembered for the other one, in ms. */
const GRACE_MS = 5000;
/** The same in empty batches, for when nothing else tells that time goes by: the ebpf source makes ten a second. */
const GRACE_TICKS = 50;

/** Directions by their streams. */
export class Connections {
  /** How many are open. */
  size = 0;
  /** Number of the batch. */
  batch = 0;
  /** The latest time that was seen. */
  time = 0;
  readonly #directions = new Map<Stream, Direction>();
  readonly #hub: Hub;
  /** Gives up what a direction still has to read. */
  readonly #close: (direction: Direction, incomplete: string) => void;
  #source = "";
  #ticks = 0;
  /** Directions that have ended before the other one, in that order. */
  readonly #ending = new Set<Direction>();

  constructor(hub: Hub, close: (direction: Direction, incomplete: string) => void) {
    this.#hub = hub;
    this.#close = close;
  }

  /** The direction of a chunk's stream, if it was seen before. */
  known({ stream }: ChunkEvent): Direction | undefined {
    return this.#directions.get(stream);
  }

  /** The direction of a chunk. */
  of(chunk: ChunkEvent): Direction {
    const { stream } = chunk;
    let direction = this.#directions.get(stream);
    if (direction === undefined || direction.ended) direction = this.#add(stream);
    else if (stream.reverse !== undefined && direction.other === undefined) this.#link(direction, stream.reverse);
    direction.connection.batch = this.batch;
    if (chunk.time > this.time) this.time = chunk.time;
    this.#source = chunk.source;
    return direction;
  }

  /** The end of a direction. */
  end(direction: Direction): void {
    direction.ended = true;
    const { other, connection } = direction;
    const awaited = connection.queue.length > 0 || (connection.exchanges?.size ?? 0) > 0;
    if (other === undefined && !awaited) return this.#remove(connection);
    if (other !== undefined && (other.ended || other.foreign)) {
      if (awaited) this.#unanswered(direction);
      return this.#remove(connection);
    }
    direction.endTime = this.time;
    direction.endTick = this.#ticks;
    this.#ending.add(direction);
  }

  /** The end of a batch: forgets what is over. */
  sweep(quiet: boolean): void {
    if (quiet) this.#ticks++;
    for (const direction of this.#ending) {
      if (this.time - direction.endTime < GRACE_MS && this.#ticks - direction.endTick < GRACE_TICKS) break;
      this.#ending.delete(direction);
      this.#expire(direction);
    }
  }

  /** The end of everything. */
  closeAll(incomplete: string): void {
    for (const { connection } of [...this.#directions.values()]) this.#give(connection, incomplete);
  }

  #add(stream: Stream): Direction {
    const old = this.#directions.get(stream);
    if (old !== undefined) this.#give(old.connection, "reset"); // it goes on after its end
    const full = this.size >= this.#hub.options.max_connections;
    if (full && !this.#joins(stream)) this.#evict();
    const direction = new Direction(stream, new Connection());
    direction.connection.first = direction;
    this.#directions.set(stream, direction);
    this.size++;
    if (stream.reverse !== undefined) this.#link(direction, stream.reverse);
    return direction;
  }

  /** True if the other direction of its connection is here. */
  #joins({ reverse }: Stream): boolean {
    const other = reverse && this.#directions.get(reverse);
    return other !== undefined && other.other === undefined;
  }

  /** Makes two directions, each alone so far, one connection: the second joins that of the first. */
  #link(direction: Direction, reverse: Stream): void {
    const other = this.#directions.get(reverse);
    if (other === undefined || other === direction || other.other !== undefined) return;
    const { connection } = other, joining = direction.connection;
    connection.second = direction;
    connection.first = other;
    connection.queue.push(...joining.queue);
    connection.orphans.push(...joining.orphans);
    connection.upgraded ??= joining.upgraded;
    connection.upgradedBytes += joining.upgradedBytes;
    for (const [id, exchange] of joining.exchanges ?? []) (connection.exchanges ??= new Map()).set(id, exchange);
    direction.connection = connection;
    this.size--;
  }

  /** A direction has ended, and its reverse goes on or was never seen. */
  #expire(direction: Direction): void {
    const { connection } = direction;
    this.#unanswered(direction);
    if (direction.other === undefined) return this.#remove(connection);
    connection.queue.length = 0;
    this.#directions.delete(direction.stream);
    if (connection.first === direction) connection.first = connection.second;
    connection.second = undefined;
  }

  /** Tells of requests that nothing will answer any more: a direction has ended, and nobody hears or speaks now. */
  #unanswered(direction: Direction): void {
    const { connection, stream, time, source, process, peer } = direction;
    for (const exchange of [...connection.queue, ...(connection.exchanges?.values() ?? [])]) {
      if (!exchange.requestDone || exchange.responseDone || exchange.response !== undefined) continue;
      const isRequest = exchange.stream === stream;
      const answers = new Direction(isRequest ? reverseOf(stream) : stream, connection);
      answers.time = time;
      answers.source = source;
      answers.process = isRequest ? peer : process;
      answers.peer = isRequest ? process : peer;
      tellResponse(this.#hub, answers, exchange, undefined, "reset");
    }
  }

  #give(connection: Connection, incomplete: string): void {
    const { first, second } = connection;
    if (first !== undefined && !first.ended) this.#close(first, incomplete);
    if (second !== undefined && !second.ended) this.#close(second, incomplete);
    this.#remove(connection);
  }

  #remove(connection: Connection): void {
    const { first, second, upgradedBytes } = connection;
    let removed = false;
    for (const direction of [first, second]) {
      if (direction === undefined) continue;
      direction.ended = true;
      this.#ending.delete(direction);
      if (this.#directions.get(direction.stream) === direction) removed = this.#directions.delete(direction.stream);
    }
    if (!removed) return;
    this.size--;
    const told = first ?? second;
    if (connection.upgraded === undefined || told === undefined) return;
    this.#hub.skipped += upgradedBytes;
    this.#hub.outlet.list.push(upgraded(told, connection.upgraded, upgradedBytes));
  }

  /** Forgets the sixteenth of the connections that have been silent longest. */
  #evict(): void {
    const all = [...new Set([...this.#directions.values()].map(({ connection }) => connection))];
    const oldest = all.sort((a, b) => a.batch - b.batch).slice(0, Math.ceil(this.size / 16));
    for (const connection of oldest) this.#give(connection, "evicted");
    this.#hub.outlet.list.push(forgotten(this.time, this.#source, oldest.length));
  }
}
