/**
 * What comes as it happens. There is one stream at a time, as browsers allow few connections to one place; it is closed
 * while nobody looks.
 *
 * @module
 */
/// <reference lib="dom" />
import { signal } from "@preact/signals";
import type { Change } from "../../../pipeline/feed/feed.ts";
import { address, api, ApiError, needsLogin } from "./api.ts";

/** What the server adds to a change: rows that it left out as there were too many. */
export type Told = Change & { readonly omitted?: number };
/** State of the connection. `idle`: nothing can come, as the filter makes no sense. */
export type Connection = "idle" | "connecting" | "live" | "lost";

/** What is wanted of the stream. */
export interface Wish {
  /** Of {@linkcode Change}. */
  readonly types: readonly Change["type"][];
  /** In the filter language. */
  readonly filter?: string | undefined;
  /** Called with each change, at most some ten times a second for a type. */
  readonly onChange: (change: Told) => void;
  /** What was missed cannot be had: ask anew. Also called when the stream has come back. */
  readonly onLost: () => void;
}

/** Whether what happens is seen. */
export const connection = signal<Connection>("connecting");

const TYPES: readonly Change["type"][] = ["calls", "messages", "findings", "events", "servers", "health", "lost"];
/** Time until the next try, at first and at most, in milliseconds. */
const FIRST_WAIT = 500, LONGEST_WAIT = 5000;
/** So long after nobody looks any more the stream is closed, in milliseconds. */
const HIDDEN_FOR = 10_000;

class Stream {
  #wish: Wish | undefined;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  #cursor = "";
  #wasBroken = false;

  constructor() {
    globalThis.document?.addEventListener("visibilitychange", () => this.#look());
  }

  /** Wants this from now on; gives a function that ends it. */
  follow(wish: Wish): () => void {
    this.#wish = wish;
    this.#cursor = "";
    this.#wasBroken = false;
    this.#open();
    return () => {
      if (this.#wish !== wish) return;
      this.#wish = undefined;
      this.#close();
    };
  }

  /** Tries at once, after a login. */
  again(): void {
    this.#wait = FIRST_WAIT;
    if (this.#wish !== undefined) this.#open();
  }

  #open(): void {
    this.#close();
    const wish = this.#wish;
    if (wish === undefined || needsLogin.peek()) return;
    if (connection.peek() !== "lost") connection.value = "connecting";
    const { types, filter } = wish;
    const source = new EventSource(
      address("changes", { types: types.join(","), filter, last_event_id: this.#cursor }),
    );
    this.#source = source;
    source.onopen = () => {
      this.#wait = FIRST_WAIT;
      connection.value = "live";
      if (this.#wasBroken && this.#cursor === "") wish.onLost();
      this.#wasBroken = false;
    };
    source.onerror = () => this.#broken();
    for (const type of TYPES) {
      source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
        this.#cursor = lastEventId;
        const change = parse(data);
        if (change?.type === "lost") wish.onLost();
        else if (change !== undefined) wish.onChange(change);
      });
    }
  }

  /** Not left to the browser: it gives up on some answers, and tells nothing of why. */
  #broken(): void {
    this.#close();
    this.#wasBroken = true;
    connection.value = "lost";
    const filter = this.#wish?.filter;
    this.#timer = setTimeout(async () => {
      // Only an ordinary request tells whether a token is wanted, or the filter cannot be read.
      const reason = await api.calls({ limit: 1, ...(filter === undefined ? {} : { filter }) }).catch((error) => error);
      if (!(reason instanceof ApiError) || reason.status !== 400) this.#open();
      else if (this.#wish?.filter === filter) connection.value = "idle";
    }, this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #look(): void {
    clearTimeout(this.#hidden);
    if (document.visibilityState === "hidden") this.#hidden = setTimeout(() => this.#close(), HIDDEN_FOR);
    else if (this.#wish !== undefined && this.#source === undefined) this.again();
  }
}

function parse(data: string): Told | undefined {
  try {
    return JSON.parse(data) as Told;
  } catch {
    return undefined;
  }
}

/** The page's stream. */
export const stream: Stream = new Stream();
