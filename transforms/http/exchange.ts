/**
 * One request and its response, filled in as they are seen.
 *
 * @module
 */
import type {
  HttpEvent,
  HttpExchange,
  HttpHeaders,
  HttpRequestHead,
  HttpResponseHead,
  Process,
  Stream,
} from "../../pipeline/event.ts";

/** The head of a request. */
export class RequestHead implements HttpRequestHead {
  trailers: HttpHeaders | undefined = undefined;

  constructor(
    readonly method: string,
    readonly target: string,
    readonly authority: string | undefined,
    readonly headers: HttpHeaders,
  ) {}
}

/** The head of a response. */
export class ResponseHead implements HttpResponseHead {
  trailers: HttpHeaders | undefined = undefined;

  constructor(readonly status: number, readonly headers: HttpHeaders) {}
}

/** Milliseconds since the epoch. */
export class Times {
  requestStart: number | undefined = undefined;
  requestEnd: number | undefined = undefined;
  responseStart: number | undefined = undefined;
  responseEnd: number | undefined = undefined;
}

/** An exchange, and what only the transform needs to know of it. */
export class Exchange implements HttpExchange {
  request: RequestHead | undefined = undefined;
  response: ResponseHead | undefined = undefined;
  readonly times = new Times();
  client: Process | undefined = undefined;
  server: Process | undefined = undefined;
  stream: Stream;
  /** The request has been told, or its response need not wait for that any more. */
  asked = false;
  /** No more of the request comes. */
  requestDone = false;
  /** No more of the response comes. */
  responseDone = false;
  /** Events of the response that wait for the request's; undefined if they need not. */
  held: HttpEvent[] | undefined = undefined;

  constructor(
    readonly id: number,
    readonly version: HttpExchange["version"],
    stream: Stream,
    readonly streamId: number | undefined,
  ) {
    this.stream = stream;
  }
}

/** The other direction: the stream's reverse, or one made up for a connection of which nothing else is known. */
export function reverseOf(stream: Stream): Stream {
  if (stream.reverse !== undefined) return stream.reverse;
  const { id, medium, from, to, tls } = stream;
  return { id: -id, medium, reverse: stream, from: to, to: from, ...(tls === undefined ? {} : { tls }) };
}
