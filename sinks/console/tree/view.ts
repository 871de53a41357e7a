/**
 * Events as a tree: client, server, call, and what belongs to the call. A call is drawn when it has ended.
 *
 * @module
 */
import type { Event, FindingEvent, HttpEvent, McpEvent, SensorEvent } from "../../../pipeline/event.ts";
import { RecentMap } from "../../../pipeline/recent_map.ts";
import type { Formatter } from "../format.ts";
import { Exchanges, httpLine, transportName } from "../http.ts";
import { type KnownCall, KnownCalls } from "../known_calls.ts";
import { render, type Span } from "../line.ts";
import { methodAndId } from "../message.ts";
import { Patience, PATIENCE_MS } from "../patience.ts";
import { isShownSensor, sensorSpans } from "../sensor.ts";
import { summarise } from "../summarise.ts";
import { type Under, underSpans } from "../under.ts";
import type { View } from "../view.ts";
import { visible } from "../visible.ts";
import { shorten } from "../width.ts";
import { after, type DrawOptions } from "./draw.ts";
import { Budget, CallNode, type Ending } from "./node.ts";
import { OpenNodes } from "./open_nodes.ts";
import { endingByFinding, endingOf, exchangeLines, fullLines, messageSpans, underPart } from "./parts.ts";
import { CALL_LEAD, type Entry, Painter, TIME_COLUMNS } from "./painter.ts";
import { type Place, Places } from "./place.ts";

/** Processes with sensors that are remembered. */
const MOST_TOLD = 1024;
/** Columns that stand before what stands under a call. */
const PART_LEAD = CALL_LEAD + 2;
/** Room that the summary of a request is made for, before it is known how much there is, in columns. */
const ROOM = 120;
/** In such narrow lines methods go without `notifications/`. */
const NARROW = 100;
/** Longest name of a call that is named once more, in columns. */
const LONGEST_NAME = 48;

/** How a tree is made. */
export interface TreeOptions extends DrawOptions {
  readonly verbose: boolean;
  /** Most lines of a finding. */
  readonly mostLines: number;
  /** For what stands nowhere in the tree. */
  readonly formatter: Formatter;
}

/** The tree. */
export class TreeView implements View {
  readonly #options: TreeOptions;
  readonly #calls = new KnownCalls<CallNode>();
  readonly #places = new Places();
  readonly #open = new OpenNodes();
  readonly #exchanges = new Exchanges();
  readonly #patience = new Patience<Entry>();
  readonly #told = new RecentMap<number, true>(MOST_TOLD);
  readonly #budget = new Budget();
  readonly #painter: Painter;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.#painter = new Painter(options);
  }

  get due(): number | undefined {
    return this.#patience.due;
  }

  add(event: Event, columns: number, now: number): void {
    switch (event.kind) {
      case "mcp":
        return this.#message(event, columns, now);
      case "http":
        return this.#http(event, columns);
      case "finding":
        return this.#finding(event, columns, now);
      case "sensor":
        return this.#sensor(event, columns, now);
      default:
        return this.#nowhere(event, columns);
    }
  }

  take(columns: number, now: number): string {
    if (now === Infinity) {
      for (const node of this.#open.all) {
        this.#finish(node, node.beginning.isListening ? UNKNOWN : undefined, 0, columns);
      }
    }
    let text = "";
    for (const entry of this.#patience.take(now)) text += this.#painter.paint(entry, columns);
    return text;
  }

  #message(event: McpEvent, columns: number, now: number): void {
    this.#exchanges.add(event);
    const { context } = event;
    if (context === undefined) return this.#nowhere(event, columns);
    const { call, endsCall } = context;
    const room = columns - PART_LEAD;
    if (call === undefined) {
      const isWithin = context.sender === "server" && event.method === "notifications/message";
      const node = isWithin ? this.#open.within(event) : undefined;
      if (node !== undefined) return this.#under(node, event.time, this.#messageLines(event, node, room));
      const place = this.#places.of(event, context.session);
      return this.#alone(place, event.time, messageSpans(event), columns);
    }
    let isNew = false;
    const known = this.#calls.of(event, () => {
      isNew = true;
      return this.#begin(event, columns);
    });
    if (known === undefined) return;
    const node = known.view;
    if (isNew) {
      this.#adopt(known, columns);
      if (this.#options.verbose) {
        const lines = fullLines(call.request, room, this.#options.palette);
        if (lines.length > 0) this.#under(node, node.beginning.start, lines);
      }
    }
    if (endsCall) {
      node.place = this.#places.of(event, context.session); // the server has named itself, maybe
      if (this.#options.verbose && event.type === "response") {
        this.#under(node, event.time, fullLines(event, room, this.#options.palette));
      }
      this.#finish(node, endingOf(event), this.#until(known, now), columns);
    } else if (!isNew || event.type !== "request") {
      this.#under(node, event.time, this.#messageLines(event, node, room));
    }
  }

  #begin(event: McpEvent, columns: number): CallNode {
    const { session, call, sender } = event.context ?? {};
    const request = call?.request ?? event;
    const fromServer = (event.type === "response") !== (sender === "server");
    const parent = fromServer ? this.#open.within(event) : undefined;
    const name = call?.name;
    const node = new CallNode(
      session === undefined ? NOWHERE : this.#places.of(event, session),
      {
        session: session?.id ?? -1,
        fromServer,
        exchange: request.http,
        transport: transportName(request),
        start: request.time,
        head: methodAndId(request, NARROW),
        isListening: request.method === "subscriptions/listen",
        name: name === undefined ? undefined : shorten(visible(name), LONGEST_NAME),
        asked: summarise(request, ROOM),
      },
      parent,
      this.#budget,
    );
    parent?.add({ time: request.time, lines: [], call: node });
    const oldest = this.#open.add(node);
    if (oldest !== undefined) this.#finish(oldest, UNKNOWN, 0, columns);
    return node;
  }

  /** The call is over: it is drawn with the one that it is within, or by itself. */
  #finish(node: CallNode, ending: Ending | undefined, until: number, columns: number): void {
    if (node.isDrawn || !this.#open.has(node)) return;
    this.#open.remove(node);
    node.ending = ending;
    const { exchange, transport, start } = node.beginning;
    if (exchange !== undefined) {
      const { palette, verbose } = this.#options;
      node.add({ time: start, lines: exchangeLines(transport, exchange, columns - PART_LEAD, palette, verbose) });
    }
    if (node.parent === undefined || node.parent.isDrawn) this.#patience.add({ place: node.place, node, until });
  }

  #finding(event: FindingEvent, columns: number, now: number): void {
    const { palette, mostLines } = this.#options;
    const known = this.#calls.ofFinding(event);
    if (known === undefined) {
      const { context } = event.event ?? {};
      const place = context === undefined
        ? this.#places.ofProcess(event.process) ?? this.#places.ofProcess(event.peer)
        : event.event && this.#places.of(event.event, context.session);
      if (place === undefined) return this.#nowhere(event, columns);
      const lines = underPart(event, undefined, columns - CALL_LEAD - TIME_COLUMNS, mostLines, palette);
      return this.#entry(place, event.time, lines);
    }
    this.#under(known.view, event.time, underPart(event, known, columns - PART_LEAD, mostLines, palette));
    const ending = endingByFinding(event);
    if (ending !== undefined) this.#finish(known.view, ending, this.#until(known, now), columns);
  }

  #sensor(event: SensorEvent, columns: number, now: number): void {
    const { process, call } = event;
    if (process !== undefined) this.#told.set(process.pid, true);
    if (!this.#options.verbose && !isShownSensor(event)) return;
    const known = this.#calls.ofSensor(event);
    if (known !== undefined) return this.#tell(event, known, columns);
    const lines = [render(sensorSpans(event), columns - CALL_LEAD - TIME_COLUMNS, this.#options.palette)];
    const until = call === undefined ? 0 : now + PATIENCE_MS;
    const place = this.#places.ofProcess(process);
    if (place === undefined) this.#nowhere(event, columns, call && event, until);
    else this.#entry(place, event.time, lines, call && event, until);
  }

  #tell(event: Under, known: KnownCall<CallNode>, columns: number): void {
    const { palette } = this.#options;
    this.#under(known.view, event.time, [render(underSpans(event, known), columns - PART_LEAD, palette)]);
  }

  /** Sensors' events that came before their call. */
  #adopt(known: KnownCall<CallNode>, columns: number): void {
    for (const entry of this.#patience.waiting) {
      const { orphan } = entry;
      if (orphan === undefined || this.#calls.ofSensor(orphan) !== known) continue;
      this.#patience.remove(entry);
      this.#tell(orphan, known, columns);
    }
  }

  /** An exchange without a message. */
  #http(event: HttpEvent, columns: number): void {
    const isShown = event.type === "response" &&
      (this.#exchanges.isOfInterest(event) || (this.#options.verbose && !this.#exchanges.isMcp(event.exchange)));
    if (!isShown) return;
    const { client, server } = event.exchange;
    const place = this.#places.ofProcess(server) ?? this.#places.ofProcess(client);
    if (place === undefined) this.#nowhere(event, columns);
    else this.#alone(place, event.time, [["plain", "  "], ...httpLine(event, 0)], columns);
  }

  /** Puts lines under a call. If it was drawn they are drawn by themselves, under its name. */
  #under(node: CallNode, time: number, lines: readonly string[]): void {
    node.add({ time, lines });
    if (!node.isDrawn || this.#patience.waiting.some((entry) => entry.node === node)) return;
    this.#patience.add({ place: node.place, node, isLate: true, until: 0 });
  }

  #messageLines(event: McpEvent, node: CallNode, columns: number): string[] {
    const { palette, verbose } = this.#options;
    const line = render([after(node, event.time), ...messageSpans(event)], columns, palette);
    return verbose ? [line, ...fullLines(event, columns - 2, palette).map((one) => `  ${one}`)] : [line];
  }

  /** A line of its own in the tree. */
  #alone(place: Place, time: number, spans: readonly Span[], columns: number): void {
    this.#entry(place, time, [render(spans, columns - CALL_LEAD - TIME_COLUMNS, this.#options.palette)]);
  }

  #entry(place: Place, time: number, lines: readonly string[], orphan?: SensorEvent, until = 0): void {
    this.#patience.add({ place, time, lines, orphan, until });
  }

  /** Outside of the tree. */
  #nowhere(event: Event, columns: number, orphan?: SensorEvent, until = 0): void {
    const text = this.#options.formatter.format(event, columns);
    if (text !== "") {
      this.#patience.add({ place: undefined, time: event.time, lines: text.split("\n").slice(0, -1), orphan, until });
    }
  }

  #until(known: KnownCall<CallNode>, now: number): number {
    const isTold = this.#told.size > 0 && known.pids.some((pid) => this.#told.get(pid));
    return isTold ? now + PATIENCE_MS : 0;
  }
}

const NOWHERE: Place = { client: "?", clientSpans: [["dim", "?"]], server: undefined, serverSpans: [] };
/** Of a call that is not waited for any longer. */
const UNKNOWN: Ending = { glyph: ["warn", "… "], middle: [], result: [["dim", "still open"]] };
