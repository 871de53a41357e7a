/**
 * Asks the detectors about every event.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import type { LogicalCall, McpContext, McpSession } from "../../pipeline/context.ts";
import type { Batch, Event, FindingEvent, GapEvent, McpEvent, Severity } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { forgetSearched } from "../../protocols/byte_search/mod.ts";
import { Clock } from "./clock.ts";
import { DefinitionWatch } from "./definitions.ts";
import type { Detector, DetectorDeclaration, Found, Rule } from "./detector.ts";
import { findingOf } from "./findings.ts";
import { Limit } from "./limit.ts";
import { MessageSearch } from "./message_search.ts";
import { chosen, type Options } from "./options.ts";
import { Running } from "./running.ts";
import { SessionWatch } from "./sessions.ts";
import { ToolTable } from "./tools.ts";

/** The source of what is found while there is no event at hand. */
const NAME = "detect";

/** For how long detectors are waited for at the end, in milliseconds. */
const PATIENCE = 2000;

/** Runs detectors over batches. */
export class Runner {
  readonly #context: Pick<Context, "log" | "metrics">;
  readonly #limit: Limit;
  readonly #clock: Clock;
  readonly #definitions = new DefinitionWatch();
  readonly #sessions = new SessionWatch();
  readonly #all: readonly Running[];
  readonly #search: MessageSearch;
  readonly #onCalled: readonly Running[];
  readonly #onWithin: readonly Running[];
  readonly #onEnded: readonly Running[];
  readonly #onDefinitions: readonly Running[];
  readonly #onSession: readonly Running[];
  readonly #onOther: readonly Running[];
  readonly #onTick: readonly Running[];
  /** The event at hand. */
  #event: Event | undefined;
  /** Its findings and gaps, mostly none. */
  readonly #found: FindingEvent[] = [];
  readonly #gaps: GapEvent[] = [];
  #warned = false;
  #judged = false;

  /** A runner of those of the detectors that the options choose. */
  constructor(
    detectors: readonly DetectorDeclaration[],
    options: Options,
    context: Pick<Context, "log" | "metrics">,
    clock: Clock = new Clock(),
  ) {
    this.#context = context;
    this.#limit = new Limit(options.max_findings_per_minute);
    this.#clock = clock;
    const report = (rule: Rule, name: string, severity: Severity, found: Found) =>
      this.#report(rule, name, severity, found);
    const tools = new ToolTable();
    this.#all = chosen(detectors, options).map(([declaration, own]) =>
      new Running(declaration, own, options.severity, { log: context.log, tools, clock }, report)
    );
    const having = (method: keyof Detector) => this.#all.filter(({ detector }) => detector[method] !== undefined);
    this.#search = new MessageSearch(this.#all);
    this.#onCalled = having("called");
    this.#onWithin = having("within");
    this.#onEnded = having("ended");
    this.#onDefinitions = having("definitions");
    this.#onSession = having("session");
    this.#onOther = having("other");
    this.#onTick = having("tick");
  }

  /** The batch with findings in it; the batch itself if there are none. */
  run(batch: Batch): Batch {
    forgetSearched();
    let out: Event[] | undefined; // made once there is a finding
    for (let i = 0; i < batch.length; i++) {
      const event = this.#event = batch[i]!;
      this.#judge(event);
      if (this.#found.length + this.#gaps.length > 0) {
        out ??= batch.slice(0, i);
        out.push(event);
        this.#flush(out);
      } else out?.push(event);
    }
    this.#event = undefined;
    if (this.#clock.pause(batch.length)) {
      this.#tick();
      if (this.#found.length + this.#gaps.length > 0) this.#flush(out ??= [...batch]);
    }
    return out ?? batch;
  }

  /** Waits for what detectors load in the background. To be called before {@linkcode end}. */
  async settle(): Promise<void> {
    const loading = this.#all.flatMap(({ detector }) => detector.ready === undefined ? [] : [detector.ready()]);
    if (loading.length === 0) return;
    await new Promise<void>((done) => {
      const stop = this.#clock.wall.after(PATIENCE, done);
      Promise.allSettled(loading).then(() => {
        stop();
        done();
      });
    });
  }

  /** What there is to say at the end of the input. */
  end(): Event[] {
    const out: Event[] = [];
    const { now } = this.#clock;
    if (now > 0) this.#tick();
    this.#each(this.#all, (detector) => detector.end?.(now));
    this.#limit.end(this.#found);
    this.#flush(out);
    return out;
  }

  #judge(event: Event): void {
    if (this.#clock.advance(event.time)) this.#tick();
    if (event.kind === "mcp") {
      if (event.context !== undefined) this.#message(event, event.context);
      else this.#warnOnce();
    } else if (event.kind === "finding") this.#silentEnd(event);
    else if (event.kind !== "chunk") this.#each(this.#onOther, (detector) => detector.other?.(event));
  }

  #message(event: McpEvent, { session, call, endsCall }: McpContext): void {
    this.#judged = true;
    if (this.#sessions.isNews(session)) this.#each(this.#onSession, (detector) => detector.session?.(session, event));
    const search = this.#search;
    search.look(event);
    const begins = call !== undefined && call.request === event;
    if (begins) this.#called(call, event);
    if (search.interested.length > 0) this.#interested(event);
    if (event.type === "response") {
      const changes = this.#definitions.changes(event);
      if (changes.length > 0) this.#each(this.#onDefinitions, (detector) => detector.definitions?.(changes));
    }
    if (call === undefined) return;
    if (endsCall) this.#ended(call, event, session);
    else if (!begins) this.#each(this.#onWithin, (detector) => detector.within?.(call, event));
  }

  // Most messages begin or end a call, so these do without a function for each.

  #called(call: LogicalCall, event: McpEvent): void {
    const search = this.#search;
    for (const running of this.#onCalled) {
      try {
        running.called?.call(running.detector, call, event, search.holds(running));
      } catch (error) {
        this.#failed(running, error);
      }
    }
  }

  #interested(event: McpEvent): void {
    for (const running of this.#search.interested) {
      try {
        running.message?.call(running.detector, event);
      } catch (error) {
        this.#failed(running, error);
      }
    }
  }

  #ended(call: LogicalCall, event: McpEvent, session: McpSession): void {
    for (const running of this.#onEnded) {
      try {
        running.ended?.call(running.detector, call, event, session);
      } catch (error) {
        this.#failed(running, error);
      }
    }
  }

  /** A call that no message ended is told by a finding of `transforms/mcp`. */
  #silentEnd({ call, event, session = call?.request.context?.session }: FindingEvent): void {
    if (call?.outcome === undefined || event !== undefined || session === undefined) return;
    this.#each(this.#onEnded, (detector) => detector.ended?.(call, undefined, session));
  }

  #tick(): void {
    const { now } = this.#clock;
    this.#each(this.#onTick, (detector) => detector.tick?.(now));
    this.#limit.tick(now, this.#found);
    this.#context.metrics.set("held_back", this.#limit.held);
  }

  #each(list: readonly Running[], ask: (detector: Detector) => void): void {
    for (const running of list) {
      try {
        ask(running.detector);
      } catch (error) {
        this.#failed(running, error);
      }
    }
  }

  #report(rule: Rule, detector: string, severity: Severity, found: Found): void {
    const { now } = this.#clock;
    const finding = findingOf(
      rule,
      detector,
      severity,
      found,
      this.#event ?? { kind: "none", time: now, source: NAME },
    );
    this.#limit.pass(finding, now, this.#found);
  }

  /** Moves what was found to the events. */
  #flush(out: Event[]): void {
    out.push(...this.#gaps, ...this.#found);
    this.#gaps.length = this.#found.length = 0;
  }

  #failed(running: Running, error: unknown): void {
    const { name } = running.declaration;
    this.#context.metrics.error(`detector_${name}`);
    if (running.failures++ > 0) return;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#context.log.error(`the detector ${name} failed and goes on; please report it: ${text}`);
    const { time, source } = this.#event ?? { time: this.#clock.now, source: NAME };
    const message = `The detector ${name} failed on an event, which it has not judged (${shortened(text, 200)})`;
    this.#gaps.push({ kind: "gap", time, source, reason: "detector_failed", message });
  }

  #warnOnce(): void {
    if (this.#warned || this.#judged) return;
    this.#warned = true;
    this.#context.log.warn('nothing is judged: put { "type": "mcp" } before detect');
  }
}
