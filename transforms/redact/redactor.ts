/**
 * Events without secrets.
 *
 * @module
 */
import type { Event, FindingEvent, HttpEvent, Json } from "../../pipeline/event.ts";
import { Exchanges } from "./exchanges.ts";
import { Generic } from "./generic.ts";
import { Messages } from "./messages.ts";
import type { Policy } from "./policy.ts";
import { Processes } from "./processes.ts";
import type { Deed } from "./rule.ts";
import type { Replaced } from "./run.ts";
import { scrub } from "./scrub.ts";
import { Sensors } from "./sensors.ts";
import { Texts } from "./texts.ts";

/** Redacts events one by one. Copies are remembered by their originals, so what was one object is one object after it. */
export class Redactor {
  readonly texts: Texts;
  readonly messages: Messages;
  readonly #processes: Processes;
  readonly #exchanges: Exchanges;
  readonly #sensors: Sensors;
  readonly #generic: Generic;

  constructor(policy: Policy) {
    this.texts = new Texts(policy);
    this.#processes = new Processes(this.texts);
    this.#exchanges = new Exchanges(this.texts, this.#processes);
    this.#sensors = new Sensors(this.texts, (value) => this.#generic.event(value));
    this.messages = new Messages(this.texts, this.#processes, this.#exchanges, this.#sensors);
    this.#generic = new Generic(this.texts, this.#processes, this.messages);
  }

  /** The event to pass on, the same one if nothing had to be redacted; the deed of a rule that leaves it out. */
  redact(event: Event): Event | Deed {
    switch (event.kind) {
      case "mcp": {
        const copy = this.messages.make(event);
        return this.messages.dropped ?? copy;
      }
      case "chunk":
        return this.#parties(event);
      case "http":
        return this.#http(event);
      case "finding":
        return this.#finding(event);
      case "sensor":
        return this.#sensors.of(event);
      default:
        return this.#generic.event(event);
    }
  }

  #http(event: HttpEvent): HttpEvent | Deed {
    const { exchange, body, sse, ...rest } = event;
    const shown = body && this.texts.body(body);
    const data = sse && this.texts.result(sse.data);
    const dropped = shown?.run?.dropped ?? data?.run.dropped;
    if (dropped !== undefined) {
      dropped.count++;
      return dropped;
    }
    return {
      ...this.#generic.event(rest),
      exchange: this.#exchanges.of(exchange),
      body: shown?.body,
      sse: sse && {
        event: sse.event && this.texts.text(sse.event),
        id: sse.id && this.texts.text(sse.id),
        data: data?.text ?? sse.data,
      },
    };
  }

  #finding(finding: FindingEvent): FindingEvent {
    const { message, evidence, details, event, events, call, session, ...rest } = finding;
    const replaced = [event, event?.request, call?.request, call?.response, ...(events ?? [])]
      .flatMap((one) => one === undefined ? [] : this.messages.replaced(one));
    const text = (value: string) => this.texts.text(scrub(value, replaced));
    return {
      ...this.#generic.event(rest),
      message: text(message),
      ...(evidence === undefined ? {} : { evidence: text(evidence) }),
      ...(details === undefined ? {} : { details: this.#details(details, replaced) }),
      ...(event === undefined ? {} : { event: this.messages.of(event) }),
      ...(events === undefined ? {} : { events: events.map((one) => this.messages.of(one)) }),
      ...(call === undefined ? {} : { call: this.messages.contexts.call(call) }),
      ...(session === undefined ? {} : { session: this.messages.contexts.session(session) }),
    };
  }

  #details(details: NonNullable<FindingEvent["details"]>, replaced: readonly Replaced[]): FindingEvent["details"] {
    const walk = (value: Json): Json => {
      if (typeof value === "string") return scrub(value, replaced);
      if (typeof value !== "object" || value === null) return value;
      if (Array.isArray(value)) return value.map(walk);
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [scrub(name, replaced), walk(one)]));
    };
    return this.texts.json(walk(details as Json)) as FindingEvent["details"];
  }

  /** The event with the processes at its ends redacted. */
  #parties<T extends Event>(event: T): T {
    const process = event.process && this.#processes.of(event.process);
    const peer = event.peer && this.#processes.of(event.peer);
    return process === event.process && peer === event.peer ? event : { ...event, process, peer };
  }
}
