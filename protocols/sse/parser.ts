/**
 * Event streams (HTML, section 9.2.6) off bytes.
 *
 * @module
 */
import { createParser, type EventSourceParser } from "eventsource-parser";
import { TextPieces } from "./_text.ts";

/** One event. */
export interface SseEvent {
  /** The `event` field; undefined stands for `message`. */
  readonly event: string | undefined;
  /** The `id` field of this event. */
  readonly id: string | undefined;
  /** The lines of `data`, joined by LF. */
  readonly data: string;
}

/** What can be set. */
export interface SseOptions {
  /** Characters of an event with its field names; a larger one is passed over. 8 Mi by default. */
  readonly maxEvent?: number;
  /** Is told of an event that was passed over, and its size in characters. */
  onSkipped?(size: number): void;
}

const MAX_EVENT = 8 * 1024 * 1024;
/** Each unknown field costs an error object in the library: so many may be, then they are taken out before. */
const MAX_ERRORS = 100;
/** A line that is neither empty, nor a comment, nor a known field. */
const UNKNOWN = /^(?!(?:data|event|id)[:\n]|retry:\d+$|:)[^\n]+\n/gm;

/** Reads one event stream. Takes any bytes, and keeps at most one unfinished event. */
export class SseParser {
  /** Comment lines so far: servers send them to keep the connection alive. */
  comments = 0;
  /** Events passed over so far. */
  skipped = 0;
  readonly #parser: EventSourceParser;
  readonly #text: TextPieces = new TextPieces();
  readonly #maxEvent: number;
  readonly #onSkipped: ((size: number) => void) | undefined;
  /** Characters of the unfinished event. */
  #size = 0;
  /** A line begins: another line end makes an empty line, which ends the event. */
  #lineBegins = true;
  /** Inside an event that is too large. */
  #skipping = false;
  #errors = 0;

  /** Gives each event to `onEvent` as soon as it is whole. */
  constructor(onEvent: (event: SseEvent) => void, options: SseOptions = {}) {
    const maxEvent = this.#maxEvent = options.maxEvent ?? MAX_EVENT;
    this.#onSkipped = options.onSkipped?.bind(options);
    this.#parser = createParser({
      onEvent: ({ event, id, data }) => {
        const size = data.length + (event?.length ?? 0) + (id?.length ?? 0);
        if (size > maxEvent) this.#skip(size);
        else onEvent({ event, id, data });
      },
      onComment: () => void this.comments++,
      onError: () => void this.#errors++,
    });
  }

  /** Takes the next bytes. */
  push(buffer: Uint8Array, start: number, end: number): void {
    let text = this.#text.take(buffer, start, end);
    if (this.#skipping) text = this.#afterEvent(text);
    if (text === "") return;
    this.#parser.feed(this.#errors < MAX_ERRORS || !this.#lineBegins ? text : text.replace(UNKNOWN, ""));
    const blank = text.lastIndexOf("\n\n");
    if (blank >= 0) this.#size = text.length - blank - 2;
    else if (this.#lineBegins && text.charCodeAt(0) === LF) this.#size = text.length - 1;
    else this.#size += text.length;
    this.#lineBegins = text.charCodeAt(text.length - 1) === LF;
    if (this.#size <= this.#maxEvent) return;
    this.#skipping = true;
    this.#parser.reset();
  }

  /** The stream has ended. What there is of an unfinished event is dropped, as the standard says. */
  close(): void {
    if (this.#skipping) this.#skip(this.#size);
    this.#parser.reset();
    this.#text.reset();
    this.#skipping = false;
    this.#size = 0;
    this.#lineBegins = true;
  }

  /** What comes after the event that is too large; empty if that has not ended. */
  #afterEvent(text: string): string {
    const first = this.#lineBegins && text.charCodeAt(0) === LF;
    const blank = first ? -1 : text.indexOf("\n\n");
    if (!first && blank < 0) {
      this.#size += text.length;
      if (text !== "") this.#lineBegins = text.charCodeAt(text.length - 1) === LF;
      return "";
    }
    this.#skip(this.#size + blank + 2);
    this.#skipping = false;
    this.#size = 0;
    this.#lineBegins = true;
    return text.slice(blank + 2);
  }

  #skip(size: number): void {
    this.skipped++;
    this.#onSkipped?.(size);
  }
}

const LF = 10;
