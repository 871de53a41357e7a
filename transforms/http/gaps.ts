/**
 * Tells what was passed over: one gap for each connection and reason in a batch.
 *
 * @module
 */
import type { GapEvent, Process } from "../../pipeline/event.ts";
import type { Seen } from "../../pipeline/message.ts";
import type { Outlet } from "./outlet.ts";

/** What is told of a reason, after the sender's name. */
const MESSAGES: Readonly<Record<string, string>> = {
  not_http: "sent bytes that are not HTTP",
  not_http2: "sent bytes that are not HTTP/2",
  bad_head: "sent a head that cannot be read",
  head_too_large: "sent a head over the limit (max_head)",
  header_block_too_large: "sent a header block over the limit (max_head)",
  too_many_headers: "sent more header fields than the limit (max_headers)",
  bad_chunk: "sent a body whose chunks cannot be read",
  bad_coding: "sent a body whose content coding cannot be read",
  bad_frame: "sent an HTTP/2 frame that cannot be read",
  bad_hpack: "sent an HTTP/2 header block that cannot be read",
  bytes_lost: "sent bytes that were passed over after a loss",
  closed: "closed the connection in the midst of a head",
  too_large: "sent a body or an event over the limit (max_body, max_expansion, max_event)",
  joined_late: "sent the rest of a message whose beginning was not seen",
  evicted: "sent a message that was forgotten for lack of room (max_pending_bytes, max_streams)",
};
/** Bytes of these are passed over all the time on a connection that is not HTTP: told as their number grows tenfold. */
const ENDLESS: ReadonlySet<string> = new Set(["not_http", "not_http2", "joined_late"]);

/** What was passed over for one reason. */
class Tally {
  bytes = 0;
  messages = 0;
  /** Bytes so far, over all batches. */
  total = 0;
  /** How large `total` must be to be told. */
  due = 0;
}

/** What was passed over on one direction of a connection. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  /** Adds to what was passed over. */
  add(reason: string, bytes: number, messages: number): void {
    let tally = this.#tallies.get(reason);
    if (tally === undefined) this.#tallies.set(reason, tally = new Tally());
    tally.bytes += bytes;
    tally.messages += messages;
    tally.total += bytes;
  }

  /** Tells what has not been told; `all`: even what could wait. */
  tell(seen: Seen, all: boolean, outlet: Outlet): void {
    for (const [reason, tally] of this.#tallies) {
      const { bytes, messages } = tally;
      if (bytes === 0 && messages === 0) continue;
      if (!all && ENDLESS.has(reason) && tally.total < tally.due) continue;
      tally.due = 10 * tally.total;
      tally.bytes = tally.messages = 0;
      const text = MESSAGES[reason] ?? `sent bytes that were passed over (${reason})`;
      outlet.list.push({
        time: seen.time,
        source: seen.source,
        process: seen.process,
        peer: seen.peer,
        kind: "gap",
        reason,
        message: `${who(seen.process)} ${text}: ${bytes} bytes`,
        lost: messages > 0 ? { bytes, messages } : { bytes },
        stream: seen.stream,
      });
    }
  }
}

/** The end of a connection that left HTTP for another protocol. */
export function upgraded(seen: Seen, protocol: string, bytes: number): GapEvent {
  const { time, source, process, peer, stream } = seen;
  const message = `${bytes} bytes of ${protocol} were passed over on a connection that began as HTTP`;
  return { time, source, process, peer, kind: "gap", reason: "upgraded", message, lost: { bytes }, stream };
}

/** Connections forgotten for lack of room. */
export function forgotten(time: number, source: string, connections: number): GapEvent {
  const what = connections === 1 ? "connection was" : "connections were";
  const message = `${connections} HTTP ${what} forgotten for lack of room (max_connections)`;
  return { time, source, kind: "gap", reason: "evicted", message };
}

function who(process: Process | undefined): string {
  return process === undefined ? "An unknown process" : `${process.name}[${process.pid}]`;
}
