/**
 * Events as lines, one after the other; what belongs to a call stands under its line, in whatever order they come.
 *
 * @module
 */
import type { Event, McpEvent, SensorEvent } from "../../pipeline/event.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import { INDENT } from "./detail.ts";
import type { Formatter } from "./format.ts";
import { type KnownCall, KnownCalls } from "./known_calls.ts";
import type { Span } from "./line.ts";
import { Patience, PATIENCE_MS, type Waiting } from "./patience.ts";
import { isShownSensor } from "./sensor.ts";
import { type Under, underLines, type UnderOptions } from "./under.ts";
import type { View } from "./view.ts";

/** Processes with sensors that are remembered. */
const MOST_TOLD = 1024;

/** What names a call once more. */
type Title = readonly Span[];

/** Lines that are written together. */
interface Block extends Waiting {
  text: string;
  readonly call: KnownCall<Title> | undefined;
  /** Whose line it is. */
  readonly message: McpEvent | undefined;
  /** What a sensor told of a call that was not seen yet. */
  readonly orphan: SensorEvent | undefined;
  readonly under: Under[];
}

/** How lines are made. */
export interface LinesOptions extends UnderOptions {
  readonly verbose: boolean;
}

/** Lines. Those of calls whose processes have sensors wait for {@linkcode PATIENCE_MS}, others for nothing. */
export class LinesView implements View {
  readonly #formatter: Formatter;
  readonly #options: LinesOptions;
  readonly #calls = new KnownCalls<Title>();
  readonly #patience = new Patience<Block>();
  /** Pids of processes with sensors. */
  readonly #told = new RecentMap<number, true>(MOST_TOLD);
  /** What was written last. */
  #last: Block | undefined;

  constructor(formatter: Formatter, options: LinesOptions) {
    this.#formatter = formatter;
    this.#options = options;
  }

  get due(): number | undefined {
    return this.#patience.due;
  }

  add(event: Event, columns: number, now: number): void {
    if (event.kind === "mcp") return this.#message(event, columns, now);
    if (event.kind === "sensor" && event.process !== undefined) this.#told.set(event.process.pid, true);
    if (event.kind === "sensor" && !this.#options.verbose && !isShownSensor(event)) return;
    if (event.kind === "finding" || event.kind === "sensor") {
      const call = event.kind === "finding" ? this.#calls.ofFinding(event) : this.#calls.ofSensor(event);
      const message = event.kind === "finding" ? event.event : undefined;
      if (this.#attach(event, call, message, columns)) return;
    }
    const text = this.#formatter.format(event, columns);
    if (text === "") return;
    const orphan = event.kind === "sensor" && event.call !== undefined ? event : undefined;
    this.#add({ text, orphan, until: orphan === undefined ? 0 : now + PATIENCE_MS });
  }

  take(columns: number, now: number): string {
    let text = "";
    for (const block of this.#patience.take(now)) {
      text += block.text + underLines(block.under, block.call, INDENT, columns, this.#options);
      this.#last = block;
    }
    return text;
  }

  #message(event: McpEvent, columns: number, now: number): void {
    const text = this.#formatter.format(event, columns);
    const call = this.#calls.of(event, () => this.#formatter.title(event, columns));
    const waits = call !== undefined && this.#told.size > 0 && call.pids.some((pid) => this.#told.get(pid));
    const block = this.#add({ text, call, message: event, until: waits ? now + PATIENCE_MS : 0 });
    if (call === undefined || event.type !== "request") return;
    for (const waiting of this.#patience.waiting) {
      if (waiting.orphan === undefined || this.#calls.ofSensor(waiting.orphan) !== call) continue;
      this.#patience.remove(waiting);
      block.under.push(waiting.orphan);
    }
  }

  /** Puts an event under the line of its message or call; the call is named once more if that was written before others. */
  #attach(
    event: Under,
    call: KnownCall<Title> | undefined,
    message: McpEvent | undefined,
    columns: number,
  ): boolean {
    if (call === undefined && message === undefined) return false;
    const { waiting } = this.#patience;
    const isOf = (block: Block) => message !== undefined && block.message === message;
    const own = call === undefined ? undefined : waiting.filter((block) => block.call === call);
    const block = waiting.find(isOf) ?? own?.findLast((one) => (one.message?.time ?? 0) <= event.time) ?? own?.[0];
    if (block !== undefined) {
      block.under.push(event);
      return true;
    }
    const last = this.#last;
    const follows = waiting.length === 0 && last !== undefined &&
      (isOf(last) || (call !== undefined && last.call === call));
    if (call === undefined && !follows) return false;
    const text = follows || call === undefined ? "" : this.#formatter.again(event.time, call.view, columns);
    this.#add({ text, call, message: follows ? last.message : undefined }).under.push(event);
    return true;
  }

  #add({ text, call, message, orphan, until = 0 }: Partial<Block> & Pick<Block, "text">): Block {
    const block: Block = { text, call, message, orphan, until, under: [] };
    this.#patience.add(block);
    return block;
  }
}
