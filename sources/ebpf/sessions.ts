/**
 * TLS sessions and the TCP connections that carry them. Where both ends of a connection are processes of this machine, each
 * library shows the same plaintext: one session is told, the other only says who is at that end.
 *
 * @module
 */
import type { SocketRecord } from "../../bpf/records.ts";
import { STRENGTH_READ } from "../../bpf/records.ts";
import { streamKey, type Tracked } from "./tracked.ts";

/** Sessions remembered at once. */
const MAX_SESSIONS = 16384;

/** One TLS session of one process. */
export interface Session {
  /** Key of the stream that it sends. */
  readonly key: string;
  /** Ends of the TCP stream that carries what it sends; undefined: not known yet. */
  socket: { readonly src: number; readonly dst: number } | undefined;
  /** How sure that is. */
  strength: number;
  /** The other end's session, where that is of this machine and told instead of this one. */
  shadowOf: Session | undefined;
  /** Tells the older from the younger. */
  readonly order: number;
}

/** All sessions. */
export class Sessions {
  readonly #bySent = new Map<string, Session>();
  readonly #bySocket = new Map<string, Session>();
  #order = 0;

  /** The session whose stream, sent or received, this is. */
  of(t: Tracked): Session {
    // its own end has the lower number: the other's has bit 51 besides
    return this.#get(t.src < t.dst ? streamKey(t.src, t.dst) : streamKey(t.dst, t.src));
  }

  /** A session's socket is told. Returns the session if that is news. */
  tie(record: SocketRecord): Session | undefined {
    const session = this.#get(streamKey(record.src, record.dst));
    if (session.strength > record.strength) return undefined;
    const { socket } = session;
    const same = socket?.src === record.socketSrc && socket.dst === record.socketDst;
    if (same && session.strength >= STRENGTH_READ) return undefined;
    if (socket !== undefined) this.#untie(session);
    session.socket = { src: record.socketSrc, dst: record.socketDst };
    session.strength = record.strength;
    this.#bySocket.set(streamKey(record.socketSrc, record.socketDst), session);
    return session;
  }

  /** The session at the other end of a session's connection. */
  opposite({ socket }: Session): Session | undefined {
    return socket === undefined ? undefined : this.#bySocket.get(streamKey(socket.dst, socket.src));
  }

  /** The session that a TCP stream, either direction, carries at one end or the other. */
  *on(src: number, dst: number): Generator<Session> {
    for (const key of [streamKey(src, dst), streamKey(dst, src)]) {
      const session = this.#bySocket.get(key);
      if (session !== undefined) yield session;
    }
  }

  /** A session is over. */
  remove(session: Session): void {
    this.#untie(session);
    this.#bySent.delete(session.key);
  }

  #get(key: string): Session {
    let session = this.#bySent.get(key);
    if (session === undefined) {
      if (this.#bySent.size >= MAX_SESSIONS) {
        const [oldest] = this.#bySent.values();
        if (oldest !== undefined) this.remove(oldest);
      }
      session = { key, socket: undefined, strength: 0, shadowOf: undefined, order: this.#order++ };
      this.#bySent.set(key, session);
    }
    return session;
  }

  #untie(session: Session): void {
    if (session.socket === undefined) return;
    const key = streamKey(session.socket.src, session.socket.dst);
    if (this.#bySocket.get(key) === session) this.#bySocket.delete(key);
    session.socket = undefined;
    session.strength = 0;
  }
}
