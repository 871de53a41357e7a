/**
 * What reading the requests of an HTTP/1 connection and reading its responses have in common.
 *
 * @module
 */
import type { ChunkEvent, HttpHeaders } from "../../pipeline/event.ts";
import {
  type Http1Body,
  type Http1Fields,
  type Http1Handler,
  type Http1Head,
  Http1Parser,
  type Http1Skipped,
} from "../../protocols/http1/mod.ts";
import type { Body } from "./body.ts";
import type { Direction, Mode, Reader, Readiness } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import { incompleteOf } from "./incomplete.ts";

/** One direction: it has a parser, and the message that is being read. */
export abstract class Http1Messages implements Reader, Http1Handler {
  readonly protocol = "http1";
  sure: boolean;
  protected readonly parser: Http1Parser;
  protected readonly direction: Direction;
  protected readonly hub: Hub;
  protected exchange: Exchange | undefined = undefined;
  protected content: Body | undefined = undefined;
  /** When the first byte of a message came, where it came before its head was whole. */
  protected begun: number | undefined = undefined;
  #closing: string | undefined;

  constructor(kind: "request" | "response", direction: Direction, hub: Hub, sure: boolean) {
    const { max_head, max_headers } = hub.options;
    this.direction = direction;
    this.hub = hub;
    this.sure = sure;
    this.parser = new Http1Parser(kind, this, { maxHead: max_head, maxHeaders: max_headers });
  }

  abstract ready(chunk: ChunkEvent): Readiness;
  abstract lose(bytes: number): void;
  abstract head(head: Http1Head): Http1Body | undefined;
  abstract body(buffer: Uint8Array, start: number, end: number): void;
  abstract late(): void;
  abstract skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void;
  /** The message is over: whole, or `incomplete` for a reason. */
  protected abstract finish(trailers: Http1Fields | undefined, incomplete: string | undefined): void;

  push({ buffer, start, end }: ChunkEvent, _mode: Mode): void {
    const { connection, time } = this.direction;
    if (connection.upgraded !== undefined) return this.raw(buffer, start, end);
    this.begun ??= time;
    this.parser.push(buffer, start, end);
    this.content?.settle();
  }

  close(incomplete: string): void {
    this.#closing = incomplete;
    this.closeParser(incomplete);
    this.finish(undefined, incomplete); // if the parser knew nothing of it
    this.#closing = undefined;
  }

  end(trailers: Http1Fields | undefined): void {
    this.finish(trailers, undefined);
  }

  raw(_buffer: Uint8Array, start: number, end: number): void {
    this.direction.connection.upgradedBytes += end - start;
  }

  protected closeParser(_incomplete: string): void {
    this.parser.close();
  }

  /** Adds to the body that is kept. */
  protected keep(buffer: Uint8Array, start: number, end: number): void {
    if (this.exchange === undefined) return this.hub.skip(this.direction, "joined_late", end - start);
    (this.content ??= this.hub.body()).push(buffer, start, end);
  }

  /** Why a message that the parser gave up is not whole. */
  protected whyAborted(reason: Http1Skipped): string {
    return this.#closing ?? incompleteOf(reason);
  }

  /** Credentials in trailers are hidden as those in heads are; undefined if there are none. */
  protected trailers(fields: Http1Fields | undefined): HttpHeaders | undefined {
    return fields === undefined || fields.length === 0 ? undefined : this.hub.credentials.headers(fields);
  }
}
