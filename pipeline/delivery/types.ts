/**
 * What a sink that sends over a network supplies, and what it gets: events become records, records wait in a disk
 * buffer, requests carry them to an endpoint, a verdict on the answer says what becomes of each.
 *
 * @module
 */
import type { Batch } from "../event.ts";

/** What is particular to one network sink. Nothing in it waits, and it does no I/O. */
export interface Courier {
  /**
   * What its records are, with a version: `otlp/1`. A buffer with records of another format is refused with a sentence, as
   * the records of one run may be sent by the next.
   */
  readonly format: string;
  /** Where it sends to, as far as there is one place: for messages, and for the health check. */
  readonly endpoint: string;
  /**
   * Makes records of events; each is opaque to the buffer and must not be empty. The bytes of one are copied before the
   * next is asked for, so that a buffer may be used again. Events of no interest make none.
   */
  encode(batch: Batch): Iterable<Uint8Array>;
  /**
   * Makes records by time, such as points of metrics: every {@linkcode tickMs}, and once more with `final` when the input
   * has ended.
   */
  tick?(final: boolean): Iterable<Uint8Array>;
  /** Milliseconds between two ticks; 10,000 where absent. */
  readonly tickMs?: number | undefined;
  /**
   * Makes requests of records, which may be of an earlier run, or of a batch of which the rest has been delivered: it may
   * depend on nothing but the records. Records that need requests of their own (another URL, another index) get them. A
   * record that no request carries is rejected, with the reason `unsendable`.
   */
  requests(records: readonly BufferedRecord[]): readonly OutgoingRequest[];
  /** The request that the health check makes at the start. Without it, a HEAD of the endpoint, to which any answer will do. */
  health?(): HealthRequest;
}

/** A record that was in the buffer. */
export interface BufferedRecord {
  /** Unique for ever, and the same whenever the record is sent again: `<buffer, 16 hex digits>-<number>`. */
  readonly id: string;
  /** When it was put into the buffer: milliseconds since the Unix epoch. */
  readonly time: number;
  /** What `encode` or `tick` made. Not to be changed, nor kept longer than the call. */
  readonly bytes: Uint8Array;
}

/** A request without records. */
export interface HealthRequest {
  /** `http:` or `https:`. A user and a password in it become an `authorization` header. */
  readonly url: string;
  /** `POST`, `PUT`, `GET`. */
  readonly method: string;
  /** Names in lower case. The user's `headers` option is added, and wins. */
  readonly headers: Readonly<Record<string, string>>;
  /** Before compression. Nothing is sent as a body where it is empty and the method is GET or HEAD. */
  readonly body: Uint8Array;
  /** Says what the answer means; {@linkcode judgeByStatus} where absent. */
  judge?(answer: Answer): Verdict;
}

/** A request that carries records. */
export interface OutgoingRequest extends HealthRequest {
  /** Which records it carries: indexes into the array that `requests` was given. */
  readonly records: readonly number[];
}

/** What an endpoint answered. */
export interface Answer {
  /** 200. */
  readonly status: number;
  /** Names in lower case; several values of a name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed by `content-encoding`; cut to {@linkcode ANSWER_LIMIT} bytes. */
  readonly body: Uint8Array;
  /** True if the body was cut. */
  readonly cut: boolean;
}

/** An answer, and how much went out for it. */
export interface Exchange {
  /** What came back. */
  readonly answer: Answer;
  /** Bytes of the body as it was sent. */
  readonly sentBytes: number;
}

/** Takes requests to the endpoint. Without another one it is a client of HTTP. */
export interface Carrier {
  /** Sends a request; rejects with an Error if there is no answer in time. */
  send(request: HealthRequest, signal: AbortSignal): Promise<Exchange>;
  /** Closes its connections. */
  close(): void;
}

/** Bytes of an answer's body that are kept. */
export const ANSWER_LIMIT: number = 4 * 1024 * 1024;

/** What becomes of a request's records. */
export type Verdict = Done | Retry | Rejected | TooLarge | Partly;

/** All of them are delivered. */
export interface Done {
  /** Tells the verdicts apart. */
  readonly outcome: "done";
}

/** None is; they are sent again after the backoff. */
export interface Retry {
  /** Tells the verdicts apart. */
  readonly outcome: "retry";
  /** For the log. */
  readonly reason: string;
  /** At the earliest in so many milliseconds, as the endpoint asks. */
  readonly afterMs?: number | undefined;
}

/** None is, nor ever will be: they are counted, and dropped. */
export interface Rejected {
  /** Tells the verdicts apart. */
  readonly outcome: "rejected";
  /** For the log. */
  readonly reason: string;
  /** True if that may be due to one record among them: the others are then tried without it. */
  readonly apart?: boolean | undefined;
}

/** The request is too large: its records are sent again, half as many at once. One alone is rejected. */
export interface TooLarge {
  /** Tells the verdicts apart. */
  readonly outcome: "too_large";
  /** For the log. */
  readonly reason: string;
}

/** Some are delivered: those that are named nowhere here. */
export interface Partly {
  /** Tells the verdicts apart. */
  readonly outcome: "partly";
  /** Records to be sent again after the backoff, without the others: values of the request's `records`. */
  readonly retry: readonly number[];
  /** Why, for the log; of the first one. */
  readonly retryReason?: string | undefined;
  /** Records that the endpoint will never take. */
  readonly rejected: readonly { readonly record: number; readonly reason: string }[];
  /** Where an endpoint says how much it refused and not what (OTLP's `partial_success`): counted, and told. */
  readonly refused?: { readonly count: number; readonly what: string; readonly reason: string } | undefined;
  /** At the earliest in so many milliseconds, as the endpoint asks. */
  readonly afterMs?: number | undefined;
}
