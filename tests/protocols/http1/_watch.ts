/** Writes down what a parser tells, for the tests. */
import { Buffer } from "node:buffer";
import {
  type Http1Body,
  type Http1Fields,
  type Http1Handler,
  type Http1Head,
  type Http1Limits,
  Http1Parser,
  type Http1Skipped,
} from "../../../protocols/http1/mod.ts";

/** A message as told; `end` is how it ended: `open` if it did not. */
export interface Told {
  head: Http1Head | "late";
  body: string;
  trailers: Http1Fields | undefined;
  end: "whole" | "open" | "tunnel" | Http1Skipped;
}

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** A handler that keeps all, and checks the order of the calls. */
export class Watcher implements Http1Handler {
  readonly messages: Told[] = [];
  readonly interim: Http1Head[] = [];
  readonly skips: [bytes: number, reason: Http1Skipped, aborted: boolean][] = [];
  raws = "";
  readonly parser: Http1Parser;
  #open: Told | undefined;
  readonly #body: (head: Http1Head) => Http1Body | undefined;

  constructor(
    kind: "request" | "response",
    body: (head: Http1Head) => Http1Body | undefined = () => undefined,
    limits: Partial<Http1Limits> = {},
  ) {
    this.#body = body;
    this.parser = new Http1Parser(kind, this, limits);
  }

  head(head: Http1Head): Http1Body | undefined {
    this.#mustBe(false);
    if (head.status !== undefined && head.status < 200) {
      this.interim.push(head);
      return undefined;
    }
    this.#begin(head);
    const body = this.#body(head);
    if (body === "tunnel" && this.#open !== undefined) {
      this.#open.end = "tunnel";
      this.#open = undefined;
    }
    return body;
  }

  body(buffer: Uint8Array, start: number, end: number): void {
    if (!(start >= 0 && start < end && end <= buffer.length)) throw new Error(`body [${start}, ${end})`);
    this.#mustBe(true).body += textOf(buffer.subarray(start, end));
  }

  end(trailers: Http1Fields | undefined): void {
    const open = this.#mustBe(true);
    open.trailers = trailers;
    open.end = "whole";
    this.#open = undefined;
  }

  late(): void {
    this.#mustBe(false);
    this.#begin("late");
  }

  skipped(bytes: number, reason: Http1Skipped, aborted: boolean): void {
    if (!(bytes >= 0) || (bytes === 0 && !aborted)) throw new Error(`skipped ${bytes} ${reason}`);
    this.skips.push([bytes, reason, aborted]);
    const open = this.#mustBe(aborted);
    if (open) open.end = reason;
    this.#open = undefined;
  }

  raw(buffer: Uint8Array, start: number, end: number): void {
    this.#mustBe(false);
    this.raws += textOf(buffer.subarray(start, end));
  }

  /** Gives these pieces to the parser, each in a buffer with other bytes around it. */
  push(...pieces: (string | Uint8Array)[]): this {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? bytesOf(piece) : piece;
      const buffer = new Uint8Array(bytes.length + 7).fill(10);
      buffer.set(bytes, 3);
      this.parser.push(buffer, 3, bytes.length + 3);
    }
    return this;
  }

  close(reset?: boolean): this {
    this.parser.close(reset);
    return this;
  }

  #begin(head: Told["head"]): void {
    this.#open = { head, body: "", trailers: undefined, end: "open" };
    this.messages.push(this.#open);
  }

  #mustBe(open: true): Told;
  #mustBe(open: boolean): Told | undefined;
  #mustBe(open: boolean): Told | undefined {
    if (open !== (this.#open !== undefined)) throw new Error(`a message is ${open ? "not " : ""}open`);
    return this.#open;
  }
}

/** Cuts bytes at these places, in any order. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((to, k) => bytes.subarray(k === 0 ? 0 : sorted[k - 1], to));
}
