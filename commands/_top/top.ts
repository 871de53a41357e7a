/**
 * The state of the screen, and what keys do to it. Knows nothing of terminals: keys come in, lines go out.
 *
 * @module
 */
import type { Feed } from "../../pipeline/feed/feed.ts";
import type { CallRow, FindingRow, ServerRow } from "../../pipeline/store/rows.ts";
import { QueryError } from "../../pipeline/query/mod.ts";
import { Data } from "./data.ts";
import { DocumentView } from "./document_view.ts";
import { healthDocument } from "./documents/health.ts";
import type { Io } from "./io.ts";
import { type Action, actionOf } from "./keys.ts";
import type { Look } from "./line.ts";
import { ListView } from "./list_view.ts";
import { Opener } from "./opener.ts";
import { Outlet } from "./outlet.ts";
import type { Press } from "./press.ts";
import { Prompt } from "./prompt.ts";
import type { Rows } from "./rows.ts";
import { CALLS } from "./tables/calls.ts";
import { FINDINGS } from "./tables/findings.ts";
import { SERVERS } from "./tables/servers.ts";
import { ordered } from "./tables/table.ts";
import { seenValues } from "./values.ts";

/** The views, as the tabs show them. */
export const VIEWS = ["calls", "servers", "findings", "detail", "health"] as const;
/** One of them. */
export type ViewName = typeof VIEWS[number];
/** Those that are lists. */
export type ListName = "calls" | "servers" | "findings";

/** Where the rows come from: they tell whether anything new may come. */
export type Mode = "live" | "file" | "remote";

/** How long a notice is shown, in milliseconds. */
const NOTICE = 4000;
/** Lines of the log that are kept. */
const MOST_LOG = 200;
/** Rows from the start of what is held at which older ones are asked for. */
const NEAR = 50;
/** Between two looks at what a view shows besides the rows, in milliseconds. */
const SLOW = 2000;

/** Said once at the bottom. */
export interface Notice {
  readonly look: Look;
  readonly text: string;
  readonly until: number;
}

/** What a screen needs besides its feed. */
export interface TopOptions {
  readonly mode: Mode;
  readonly io: Io;
  /** Calls and findings that are held. */
  readonly most?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** The screen's state. */
export class Top {
  readonly title: string;
  readonly mode: Mode;
  readonly data: Data;
  readonly calls: ListView<CallRow>;
  readonly servers: ListView<ServerRow>;
  readonly findings: ListView<FindingRow>;
  readonly detail = new DocumentView();
  readonly health = new DocumentView();
  readonly log: string[] = [];
  view: ViewName = "calls";
  prompt: Prompt | undefined;
  showsHelp = false;
  isPaused = false;
  readonly now: () => number;
  readonly #io: Io;
  readonly #listeners = new Set<(urgent: boolean) => void>();
  readonly #opener: Opener;
  readonly #outlet: Outlet;
  #notice: Notice | undefined;
  #lastSlow = 0;

  constructor(feed: Feed, { mode, io, most, now = Date.now }: TopOptions) {
    this.title = feed.title;
    this.mode = mode;
    this.now = now;
    this.#io = io;
    this.#opener = new Opener(this, feed);
    this.#outlet = new Outlet(this, this.#opener, feed, io);
    this.data = new Data(feed, () => this.#dataChanged(), most);
    const follow = mode !== "file";
    this.calls = new ListView(CALLS, () => this.data.calls.rows(), ({ id }) => id, follow);
    this.findings = new ListView(FINDINGS, () => this.data.findings.rows(), ({ id }) => id, follow);
    const [byName] = SERVERS.orders;
    this.servers = new ListView(SERVERS, () => ordered(this.data.servers, byName!, false), ({ key }) => key, false);
  }

  /** Calls a function after each change; `urgent` after those by a key. Returns what ends that. */
  subscribe(listener: (urgent: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows what the feed has until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await this.data.run(signal);
  }

  /** What is said at the bottom now. */
  get notice(): Notice | undefined {
    return this.#notice !== undefined && this.#notice.until > this.now() ? this.#notice : undefined;
  }

  /** Whether something was said, and may have to go. */
  get hasNotice(): boolean {
    return this.#notice !== undefined;
  }

  /** Says something at the bottom. */
  say(look: Look, text: string): void {
    this.#notice = { look, text, until: this.now() + NOTICE };
    this.changed(true);
  }

  /** Takes a line that a stage said. */
  logged(line: string): void {
    this.log.push(line);
    if (this.log.length > MOST_LOG) this.log.splice(0, this.log.length - MOST_LOG);
    this.changed(false);
  }

  /** The list in front; undefined if a document is. */
  get listView(): ListView<CallRow> | ListView<ServerRow> | ListView<FindingRow> | undefined {
    return this.view === "calls" || this.view === "servers" || this.view === "findings" ? this[this.view] : undefined;
  }

  /** The document in front; undefined if a list is. */
  get documentView(): DocumentView | undefined {
    return this.view === "detail" || this.view === "health" ? this[this.view] : undefined;
  }

  /** The rows behind the list in front that can be filtered. */
  get rows(): Rows<CallRow> | Rows<FindingRow> | undefined {
    return this.view === "calls" || this.view === "findings" ? this.data[this.view] : undefined;
  }

  /** Now and then: asks for what the feed does not tell by itself. Never rejects. */
  async tick(): Promise<void> {
    try {
      await this.data.refresh({ calls: this.calls.list.follows, findings: this.findings.list.follows });
      const now = this.now();
      if (now - this.#lastSlow < SLOW || this.isPaused) return;
      this.#lastSlow = now;
      if (this.mode === "remote") await this.data.checkHealth();
      if (this.view === "health") await this.#updateHealth();
      if (this.view === "detail" && this.mode !== "file") await this.#opener.refresh();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Takes a key. */
  press(press: Press): void {
    this.#notice = undefined;
    this.listView?.update();
    if (this.prompt !== undefined) this.#pressPrompt(this.prompt, press);
    else if (this.showsHelp) {
      this.showsHelp = false;
      if (press === "ctrl-c") this.#io.quit();
    } else {
      const action = actionOf(press, this.listView === undefined ? "documents" : "lists");
      if (action !== undefined) this.#do(action);
    }
    this.changed(true);
  }

  #pressPrompt(prompt: Prompt, press: Press): void {
    const outcome = prompt.press(press);
    if (outcome === "typing") return;
    if (outcome === "left") {
      this.prompt = undefined;
      return;
    }
    const answer = async () => await prompt.question.answer(prompt.editor.text);
    answer().then(() => {
      if (this.prompt === prompt) this.prompt = undefined;
    }, (error: unknown) => {
      prompt.refusal = error instanceof Error ? error.message : String(error);
    }).finally(() => this.changed(true));
  }

  #do(action: Action): void {
    const list = (this.listView ?? this.documentView)!.list;
    switch (action) {
      case "calls":
      case "servers":
      case "findings":
      case "health":
        return this.#show(action);
      case "detail":
        return this.#show("detail");
      case "next_view":
        return this.#show(VIEWS[(VIEWS.indexOf(this.view) + 1) % VIEWS.length]!);
      case "previous_view":
        return this.#show(VIEWS[(VIEWS.indexOf(this.view) + VIEWS.length - 1) % VIEWS.length]!);
      case "down":
        return list.move(1);
      case "up":
        list.move(-1);
        return this.#wantOlder();
      case "page_down":
        return list.page(1);
      case "page_up":
        list.page(-1);
        return this.#wantOlder();
      case "half_down":
        return list.page(0.5);
      case "half_up":
        list.page(-0.5);
        return this.#wantOlder();
      case "first":
        list.go(0);
        return this.#wantOlder();
      case "last":
        list.go(Infinity);
        return this.#follow(true);
      case "open":
        return this.#opener.open();
      case "unfold":
        return this.#unfold();
      case "fold":
        if (this.documentView?.fold(false) === false) this.documentView.toParent();
        return;
      case "unfold_all":
        return this.documentView?.unfoldAll();
      case "back":
        return this.#back();
      case "filter":
        return this.#askFilter();
      case "search":
        return this.#askSearch();
      case "next_match":
      case "previous_match":
        return this.#find(action === "next_match");
      case "its_call":
        return this.#opener.openItsCall();
      case "next_call":
      case "previous_call":
        return this.#opener.openNeighbour(action === "next_call" ? 1 : -1);
      case "pause":
        return this.#pause();
      case "follow":
        return this.#follow(!list.follows);
      case "sort":
        this.listView?.nextOrder();
        if (!this.listView?.isInTime) this.background(this.rows?.loadAll());
        return;
      case "reverse":
        return this.listView?.reverse();
      case "copy":
        return this.#outlet.copyChosen();
      case "copy_all":
        return this.#outlet.copyDocument();
      case "export":
        return this.#outlet.askExport();
      case "export_list":
        return this.#outlet.askExportList();
      case "help":
        this.showsHelp = true;
        return;
      case "redraw":
        return this.#io.redraw();
      case "suspend":
        return this.#io.suspend();
      case "quit":
        return this.#io.quit();
    }
  }

  #show(view: ViewName): void {
    this.view = view;
    if (view === "health") {
      this.#lastSlow = this.now();
      this.background(this.#updateHealth());
    }
    if (view === "detail" && this.detail.document === undefined) this.#opener.open();
  }

  #back(): void {
    if (this.view === "detail") this.view = this.#opener.from;
    else if (this.view === "health") this.view = "calls";
    else if (this.rows !== undefined && this.rows.filter !== "") this.background(this.#setFilter(this.rows, ""));
  }

  async #updateHealth(): Promise<void> {
    this.health.show(healthDocument(this.data, this.log));
    await this.data.loadRates(this.now(), this.mode !== "file");
    this.health.show(healthDocument(this.data, this.log));
    this.changed(false);
  }

  /** Unfolds; on the line of a finding's call that opens the call. */
  #unfold(): void {
    if (this.documentView?.chosen?.key === "fact call") return this.#opener.openItsCall();
    this.documentView?.fold();
  }

  // --- what is shown of what comes ---

  #pause(): void {
    if (this.mode === "file") return;
    this.isPaused = !this.isPaused;
    const { calls, findings } = this.data;
    for (const rows of [calls, findings]) {
      if (this.isPaused) rows.pause();
      else this.background(rows.resume());
    }
  }

  #follow(follow: boolean): void {
    const { listView } = this;
    if (listView === undefined || this.mode === "file" || this.view === "servers") return;
    if (!listView.isInTime) return follow ? this.say("warn", "only in the order of time (s) can it follow") : undefined;
    if (follow && this.rows?.isDetached) this.background(this.rows.load());
    listView.list.follow(follow);
  }

  /** Asks for older rows if the cursor is near the oldest. */
  #wantOlder(): void {
    const { listView, rows } = this;
    if (rows === undefined || listView === undefined || listView.list.index > NEAR) return;
    if (rows.isFull && rows.more && listView.list.index === 0) {
      this.say("warn", `no more than ${listView.list.rows.length} are held; a filter finds older ones`);
    }
    this.background(rows.loadOlder());
  }

  // --- what is typed ---

  #askFilter(): void {
    const { rows, view } = this;
    if (rows === undefined) return this.say("dim", "filters are for calls and findings");
    this.prompt = new Prompt({
      label: "filter",
      text: rows.filter,
      seen: (field) => seenValues(field, this.data),
      answer: async (text) => {
        await this.#setFilter(rows, text.trim());
        const count = rows.rows().length;
        if (count === 0) this.say("warn", `no ${view} match`);
      },
    });
  }

  async #setFilter(rows: Rows<CallRow> | Rows<FindingRow>, filter: string): Promise<void> {
    try {
      await rows.load(filter);
    } catch (error) {
      if (error instanceof QueryError) throw new Error(error.problems[0]?.message ?? error.message);
      throw error;
    }
    this.#dataChanged();
  }

  #askSearch(): void {
    const view = this.documentView;
    this.prompt = new Prompt({
      label: "search",
      text: "",
      answer: (text) => {
        if (text !== "" && !view?.find(text, true)) throw new Error("not found");
      },
    });
  }

  #find(forward: boolean): void {
    const view = this.documentView;
    if (view === undefined || view.needle === "") return;
    if (!view.find(view.needle, forward)) this.say("warn", "not found");
  }

  // --- odds and ends ---

  /** Waits for something in the background, and says what fails. */
  background(work: Promise<void> | undefined): void {
    work?.then(() => this.#dataChanged(), (error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.say("bad", error instanceof Error ? error.message : String(error));
  }

  #dataChanged(): void {
    this.calls.stale();
    this.findings.stale();
    this.servers.stale();
    this.changed(false);
  }

  /** Tells that there is something to draw. */
  changed(urgent: boolean): void {
    for (const listener of this.#listeners) listener(urgent);
  }
}
