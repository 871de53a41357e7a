/**
 * Events that are alike are told once, and at the end of a second with how many more there were.
 *
 * @module
 */
import { currentCall } from "../call.ts";
import type { Call } from "../events/event.ts";
import { guarded } from "../guard.ts";
import type { Sensor } from "../sensor.ts";
import { cancel, later, type Timer } from "../time.ts";

/** Length of a window, in milliseconds. */
const WINDOW = 1000;
/** Different events in a window; what is beyond is counted by name. */
const MOST = 1000;
/** Longest text of an argument, and arguments of one event. */
const MAX_TEXT = 512, MAX_ARGS = 64;

/** What the `audit` feature may be told. */
export interface AuditOptions {
  readonly events: ReadonlySet<string> | undefined;
  readonly sensitivePaths: readonly string[];
  readonly perSecond: number;
}

interface Alike {
  readonly event: string;
  readonly args: readonly string[];
  readonly call: Call | undefined;
  more: number;
}

/** Takes what code did. */
export class Aggregate {
  readonly #sensor: Sensor;
  readonly #options: AuditOptions;
  readonly #alike = new Map<string, Alike>();
  readonly #singly = new Map<string, number>();
  #timer: Timer | undefined;

  constructor(sensor: Sensor, options: AuditOptions) {
    this.#sensor = sensor;
    this.#options = options;
    sensor.atEnd(() => this.#close());
  }

  /** True if events of this name are told of. */
  wants(event: string): boolean {
    return this.#options.events?.has(event) ?? true;
  }

  /** Something happened. */
  readonly told = (event: string, args: readonly string[]): void => {
    if (!this.wants(event)) return;
    const call = currentCall();
    const shown = args.slice(0, MAX_ARGS).map((each) => each.slice(0, MAX_TEXT));
    const key = `${call?.span}\0${event}\0${shown.join("\0")}`;
    const known = this.#alike.get(key);
    if (known !== undefined) {
      known.more++;
      return;
    }
    this.#arm();
    const singly = this.#singly.get(event) ?? 0;
    if (singly >= this.#options.perSecond || this.#alike.size >= MOST) {
      this.#count(`${call?.span}\0${event}`, {
        event,
        args: [],
        call,
        more: 0,
      });
      return;
    }
    this.#singly.set(event, singly + 1);
    this.#alike.set(key, { event, args: shown, call, more: 0 });
    this.#tell(event, shown, call);
  };

  #count(key: string, fresh: Alike): void {
    let known = this.#alike.get(key);
    if (known === undefined) {
      // So many calls at once, that not even their names fit.
      if (this.#alike.size >= 2 * MOST) key = fresh.event;
      known = this.#alike.get(key);
      if (known === undefined) this.#alike.set(key, known = fresh);
    }
    known.more++;
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    this.#timer = later(() => guarded("audit", () => this.#close()), WINDOW);
  }

  #close(): void {
    cancel(this.#timer);
    this.#timer = undefined;
    const all = [...this.#alike.values()];
    this.#alike.clear();
    this.#singly.clear();
    for (const { event, args, call, more } of all) {
      if (more > 0) this.#tell(event, args, call, more);
    }
  }

  #tell(event: string, args: readonly string[], call: Call | undefined, count?: number): void {
    this.#sensor.tell({
      name: "audit",
      plain: `"event":${JSON.stringify(event)}${count === undefined ? "" : `,"count":${count}`}`,
      open: JSON.stringify({ args }),
      call: call ?? null,
    });
  }
}
