/**
 * TLS sessions and the TCP connections that carry them. Where both ends of a connection are processes of this machine, each
 * library shows the same plaintext: one session is told, the other only says who is at that end.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type SocketRecord, STRENGTH_KNOWN, STRENGTH_READ } from "../../bpf/records.ts";
import { streamKey, type Tracked } from "./tracked.ts";

/** Sessions remembered at once. */
const MAX_SESSIONS = 16384;
/** First bytes that are kept of a session, and how many must be alike at both ends. */
const BEGIN = 256, ALIKE = 64;
/** How long after its first byte a session's other end may show itself, ms. */
const APART = 10_000;

/** Ends of a TCP stream. */
export interface Socket {
  readonly src: number;
  readonly dst: number;
}

/** One TLS session of one process. */
export interface Session {
  /** Key of the stream that it sends. */
  readonly key: string;
  /** Ends of the TCP stream that carries what it sends; undefined: not known yet. */
  socket: Socket | undefined;
  /** How sure that is. */
  strength: number;
  /** The session at the other end, where that is of this machine. */
  partner: Session | undefined;
  /** True if the partner is told instead. */
  shadow: boolean;
  /** Tells the older from the younger. */
  readonly order: number;
  /** Which way the first bytes went: a client sends first. */
  opening: "sent" | "received" | undefined;
  /** The first bytes, and when they came (monotonic ms). */
  begin: Uint8Array;
  begun: number;
}

/** All sessions. */
export class Sessions {
  readonly #bySent = new Map<string, Session>();
  readonly #bySocket = new Map<string, Session>();
  /** Sessions without a partner by their first bytes. */
  readonly #byBegin = new Map<string, Set<Session>>();
  #order = 0;

  /** The session whose stream, sent or received, this is. */
  of(t: Tracked): Session {
    // its own end has the lower number: the other's has bit 51 besides
    return this.#get(t.src < t.dst ? streamKey(t.src, t.dst) : streamKey(t.dst, t.src));
  }

  /** A session's socket is told. Returns the session if that is news. */
  tie(record: SocketRecord): Session | undefined {
    const session = this.#get(streamKey(record.src, record.dst));
    const { strength } = session;
    if (strength > record.strength || (strength === record.strength && strength >= STRENGTH_READ)) return undefined;
    this.#untie(session);
    session.socket = { src: record.socketSrc, dst: record.socketDst };
    session.strength = record.strength;
    this.#bySocket.set(streamKey(record.socketSrc, record.socketDst), session);
    return session;
  }

  /** Ends of the TCP stream that carries what a session sends, as far as is known from both ends. */
  socketOf({ socket, strength, partner }: Session): Socket | undefined {
    if (partner?.socket === undefined || strength >= partner.strength) return socket;
    return { src: partner.socket.dst, dst: partner.socket.src };
  }

  /**
   * Takes bytes of a stream and, among the first of its session, looks for the session at the other end: one that begins with
   * the same bytes the other way round. Sockets may be wrong where one thread serves many connections, but what was said is
   * not; where two sessions say the same at the same moment, it does not matter which is taken for which. Undefined if none is
   * found, or it was found before.
   */
  begins(t: Tracked, buffer: Uint8Array, start: number, end: number, now: number): Session | undefined {
    const session = this.of(t);
    const way = t.src < t.dst ? "sent" : "received";
    if (session.partner !== undefined || (session.opening ?? way) !== way || session.begin.length >= BEGIN) {
      t.begun = true;
      return;
    }
    if (session.opening === undefined) {
      session.opening = way;
      session.begun = now;
    }
    const short = session.begin.length < ALIKE;
    session.begin = Buffer.concat([session.begin, buffer.subarray(start, Math.min(end, start + BEGIN))]).subarray(
      0,
      BEGIN,
    );
    if (session.begin.length < ALIKE) return;
    const key = beginKey(session);
    if (short) this.#await(key, session);
    let best: Session | undefined;
    for (const other of this.#byBegin.get(key) ?? []) {
      if (other.opening === way || now - other.begun > APART || !alike(session.begin, other.begin)) continue;
      const mirrored = isMirrored(session, other);
      if (mirrored) return other;
      const known = Math.min(session.strength, other.strength) >= STRENGTH_KNOWN;
      if (!known) best ??= other;
    }
    return best;
  }

  /** The session at the other end of a session's connection, where both are known to use it. */
  opposite(session: Session): Session | undefined {
    const { socket } = session;
    if (socket === undefined || session.strength < STRENGTH_READ) return undefined;
    const other = this.#bySocket.get(streamKey(socket.dst, socket.src));
    return other !== undefined && other.strength >= STRENGTH_READ ? other : undefined;
  }

  /**
   * Makes two sessions the ends of one connection. The one is shown that was told already, else the client's, else the older.
   * Undefined if one has another partner.
   */
  join(a: Session, b: Session, told: (s: Session) => boolean): { shown: Session; shadow: Session } | undefined {
    if (a === b || a.partner !== undefined || b.partner !== undefined) return undefined;
    const rank = (s: Session) => (told(s) ? 0 : 2) + (isServer(s) ? 1 : 0);
    const [shown, shadow] = (rank(a) - rank(b) || a.order - b.order) < 0 ? [a, b] : [b, a];
    this.#forgetBegin(a);
    this.#forgetBegin(b);
    shown.partner = shadow;
    shadow.partner = shown;
    shadow.shadow = true;
    return { shown, shadow };
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
    this.#forgetBegin(session);
    this.#bySent.delete(session.key);
  }

  #get(key: string): Session {
    let session = this.#bySent.get(key);
    if (session === undefined) {
      if (this.#bySent.size >= MAX_SESSIONS) {
        const [oldest] = this.#bySent.values();
        if (oldest !== undefined) this.remove(oldest);
      }
      session = {
        key,
        socket: undefined,
        strength: 0,
        partner: undefined,
        shadow: false,
        order: this.#order++,
        opening: undefined,
        begin: new Uint8Array(0),
        begun: 0,
      };
      this.#bySent.set(key, session);
    }
    return session;
  }

  #await(key: string, session: Session): void {
    const waiting = this.#byBegin.get(key);
    if (waiting === undefined) this.#byBegin.set(key, new Set([session]));
    else waiting.add(session);
  }

  #forgetBegin(session: Session): void {
    const key = beginKey(session);
    const waiting = this.#byBegin.get(key);
    if (waiting?.delete(session) && waiting.size === 0) this.#byBegin.delete(key);
  }

  #untie(session: Session): void {
    if (session.socket === undefined) return;
    const key = streamKey(session.socket.src, session.socket.dst);
    if (this.#bySocket.get(key) === session) this.#bySocket.delete(key);
    session.socket = undefined;
    session.strength = 0;
  }
}

function beginKey({ begin }: Session): string {
  return Buffer.from(begin.buffer, begin.byteOffset, Math.min(begin.length, ALIKE)).toString("latin1");
}

/** True for the end that answers, as far as the first bytes tell. */
export function isServer({ opening, begin }: Session): boolean {
  if (opening === undefined) return false;
  const isResponse =
    Buffer.from(begin.buffer, begin.byteOffset, Math.min(begin.length, 5)).toString("latin1") === "HTTP/";
  return (opening === "sent") === isResponse;
}

/** True if one begins as the other does. */
function alike(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  return a.subarray(0, length).every((byte, i) => byte === b[i]);
}

/** True if both are said to use one connection. */
function isMirrored({ socket: a }: Session, { socket: b }: Session): boolean {
  return a !== undefined && b !== undefined && a.src === b.dst && a.dst === b.src;
}
