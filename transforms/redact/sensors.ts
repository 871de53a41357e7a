/**
 * What sensors tell, without secrets.
 *
 * @module
 */
import type { SensorEvent } from "../../pipeline/event.ts";
import type { Texts } from "./texts.ts";

/** Redacts an object of any shape. */
type Redact = <T extends object>(value: T) => T;

/** Makes copies of the events of sensors. */
export class Sensors {
  readonly #texts: Texts;
  readonly #redact: Redact;

  constructor(texts: Texts, redact: Redact) {
    this.#texts = texts;
    this.#redact = redact;
  }

  /** The event to be shown. Session ids become the same tokens as in heads of HTTP. */
  of(event: SensorEvent): SensorEvent {
    const { session, call } = event;
    const id = (value: string) => this.#texts.named("session_id", value);
    return {
      // `data` may be read only now
      ...this.#redact({ ...event, data: event.data }),
      ...(session === undefined ? {} : { session: id(session) }),
      ...(call?.session === undefined ? {} : { call: { ...this.#redact(call), session: id(call.session) } }),
    };
  }
}
