/**
 * What becomes of requests over HTTP that have no response when their exchange, or their session, has ended.
 *
 * @module
 */
import type { Event, HttpEvent } from "../../../pipeline/event.ts";
import type { Options } from "../options.ts";
import type { ExchangeState } from "./exchange_state.ts";
import { failed, unanswered } from "./notices.ts";
import type { HttpPairing } from "./pairing.ts";
import type { Session, Sessions } from "./session.ts";
import type { Waiter } from "./waiting.ts";

/** How long a request whose event stream broke off may wait for the stream to be resumed, in ms of traffic... */
const RESUME_MS = 60_000;
/** ... and in empty batches, for when nothing else tells that time goes by: the ebpf source makes ten a second. */
const RESUME_TICKS = 600;
/** How many such streams are remembered. */
const RESUMED = 4096;
/** The end of an exchange that is none: capture ends, the exchange goes on. */
const UNFINISHED = "unfinished";

/** Settles requests: pairs none, tells of those that should have been answered. */
export class Settling {
  readonly #pairing: HttpPairing;
  readonly #sessions: Sessions;
  readonly #options: Options;
  #resuming: { readonly waiters: readonly Waiter[]; readonly event: HttpEvent; readonly tick: number }[] = [];
  #ticks = 0;

  /** Works on what waits in `pairing`. */
  constructor(pairing: HttpPairing, sessions: Sessions, options: Options) {
    this.#pairing = pairing;
    this.#sessions = sessions;
    this.#options = options;
  }

  /** A response that was not a stream is over; `hasMessages` says whether it held any. */
  answered(event: HttpEvent, state: ExchangeState, hasMessages: boolean, out: Event[]): void {
    const open = state.requests.length === 0 ? [] : state.open;
    if (open.length === 0 || event.incomplete === UNFINISHED) return;
    if (hasMessages) this.#giveUp(event, open, out);
    else this.#refused(event, state, open, out);
  }

  /** An event stream is over. */
  ended(event: HttpEvent, state: ExchangeState, out: Event[]): void {
    if (event.incomplete === UNFINISHED) return;
    if (state.isEndpointStream && state.session !== undefined) {
      this.#giveUp(event, state.session.waiting.client.all(), out);
      this.#sessions.remove(state.session);
    }
    const open = state.requests.length === 0 ? [] : state.open;
    if (open.length === 0) return;
    if (event.exchange.response === undefined) return this.#refused(event, state, open, out);
    if (isUnread(event.incomplete)) { // the answer may have been in what a gap tells of
      for (const waiter of open) this.#pairing.drop(waiter);
    } else if (state.isModern && event.incomplete !== undefined) { // to close the stream is to withdraw the request
      for (const waiter of open) {
        waiter.request.cancelled = true;
        this.#pairing.drop(waiter);
      }
    } else if (state.isResumable && !state.isModern) {
      this.#pairing.release(open, out);
      this.#resuming.push({ waiters: open, event, tick: this.#ticks });
    } else this.#giveUp(event, open, out);
  }

  /** A session that its client has ended: what was not answered yet will not be, but for what is still being answered. */
  deleted(event: HttpEvent, session: Session, out: Event[]): void {
    const { status } = event.exchange.response ?? { status: 0 };
    if (status < 200 || status >= 300) return;
    const { client, server } = session.waiting;
    this.#giveUp(event, [...client.all().filter(({ released }) => released), ...server.all()], out);
    if (client.size === 0) this.#sessions.remove(session);
  }

  /** The end of a batch: gives up the streams that were not resumed. */
  expire(time: number, isQuiet: boolean, out: Event[]): void {
    if (isQuiet) this.#ticks++;
    while (this.#resuming.length > 0) {
      const { waiters, event, tick } = this.#resuming[0]!;
      const isEarly = time - event.time < RESUME_MS && this.#ticks - tick < RESUME_TICKS;
      if (isEarly && this.#resuming.length <= RESUMED) break;
      this.#resuming.shift();
      this.#giveUp(event, waiters, out);
    }
  }

  /** The end of everything. */
  finish(time: number, out: Event[]): void {
    for (const { waiters, event } of this.#resuming) this.#giveUp(event, waiters, out);
    for (const { waiting } of this.#sessions.all()) {
      for (const side of [waiting.client, waiting.server]) {
        const left = side.all();
        if (left[0] === undefined) continue;
        const { source, process, peer } = left[0].request;
        this.#giveUp({ time, source, process, peer }, left, out);
      }
    }
  }

  /** Requests whose HTTP answer has no message. */
  #refused(event: HttpEvent, state: ExchangeState, open: readonly Waiter[], out: Event[]): void {
    const { exchange: { response }, body, incomplete } = event;
    const status = response?.status;
    const isTaken = status === 202 || state.session?.kind === "endpoint" && status !== undefined && status < 300;
    if (isTaken && status >= 200) return this.#pairing.release(open, out);
    for (const waiter of open) this.#pairing.drop(waiter);
    const isLong = body !== undefined && body.length > this.#options.max_line;
    if (isLong || (status === undefined || status < 300) && isUnread(incomplete)) return; // a gap tells of it
    out.push(failed(event, open.map(({ request }) => request)));
  }

  /** Requests that wait no more; tells of those that should have been answered. */
  #giveUp(event: Parameters<typeof unanswered>[0], waiters: readonly Waiter[], out: Event[]): void {
    const open = waiters.filter(({ done }) => !done);
    for (const waiter of open) this.#pairing.drop(waiter);
    const missed = open.map(({ request }) => request).filter(({ cancelled, method }) =>
      !cancelled && method !== "subscriptions/listen"
    );
    if (missed.length > 0) out.push(unanswered(event, missed));
  }
}

/** True if what is missing was sent and could not be read: all that `incomplete` can be but the end of the connection. */
function isUnread(incomplete: string | undefined): boolean {
  return incomplete !== undefined && incomplete !== "reset";
}
