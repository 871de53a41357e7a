/**
 * Opens what is chosen in a list as a document.
 *
 * @module
 */
import type { Feed } from "../../pipeline/feed/feed.ts";
import type { DocumentSource } from "./document.ts";
import { callDocument } from "./documents/call.ts";
import { findingDocument } from "./documents/finding.ts";
import { serverDocument } from "./documents/server.ts";
import type { ListName, Top } from "./top.ts";

/** Puts documents into the view of details. */
export class Opener {
  readonly #top: Top;
  readonly #feed: Feed;
  #from: ListName = "calls";
  /** Counts questions: the answer to an older one is not shown. */
  #question = 0;

  constructor(top: Top, feed: Feed) {
    this.#top = top;
    this.#feed = feed;
  }

  /** The list that was opened from last. */
  get from(): ListName {
    return this.#from;
  }

  /** Opens what is chosen in the list in front; in a document, in the list that it came from. */
  open(): void {
    this.#note();
    this.#top[this.#from].update();
    const source = this.chosen(this.#from);
    if (source !== undefined) this.#show(source);
    else if (this.#top.listView !== undefined) this.#top.say("dim", "there is nothing to open yet");
  }

  /** Opens what stands some rows further in that list. */
  openNeighbour(by: number): void {
    if (this.#top.view !== "detail") return;
    const view = this.#top[this.#from];
    view.update();
    view.list.move(by);
    const source = this.chosen(this.#from);
    if (source !== undefined) this.#show(source);
  }

  /** Opens the call of the finding that is chosen, or shown. */
  openItsCall(): void {
    const id = this.#callInFront();
    if (id === undefined) return;
    this.#note();
    this.#show(this.#call(id));
  }

  /** The document of what is chosen in a list; undefined if nothing is. */
  chosen(from: ListName): Promise<DocumentSource | undefined> | undefined {
    const { calls, servers, findings } = this.#top;
    if (from === "calls") {
      const call = calls.list.chosen;
      return call && this.#call(call.id);
    }
    if (from === "servers") {
      const server = servers.list.chosen;
      return server && this.#feed.server(server.key).then((detail) => detail && serverDocument(detail));
    }
    const finding = findings.list.chosen;
    return finding && Promise.resolve(findingDocument(finding));
  }

  /** Asks anew for the call that is shown: it may have gone on. */
  async refresh(): Promise<void> {
    const { detail } = this.#top;
    const key = detail.document?.source.key;
    const id = Number(/^call (\d+)$/.exec(key ?? "")?.[1]);
    if (!(id >= 0)) return;
    const source = await this.#call(id);
    if (source !== undefined && detail.document?.source.key === key) detail.show(source);
    this.#top.changed(false);
  }

  /** Remembers the list in front. */
  #note(): void {
    if (this.#top.listView !== undefined) this.#from = this.#top.view as ListName;
  }

  async #call(id: number): Promise<DocumentSource | undefined> {
    const detail = await this.#feed.call(id);
    return detail && callDocument(detail);
  }

  #show(asked: Promise<DocumentSource | undefined>): void {
    const question = ++this.#question;
    this.#top.background(asked.then((source) => {
      if (question !== this.#question) return;
      if (source === undefined) return this.#top.say("warn", "it is no longer kept");
      this.#top.detail.show(source);
      this.#top.view = "detail";
    }));
  }

  #callInFront(): number | undefined {
    const { view, findings, detail } = this.#top;
    if (view === "findings") return findings.list.chosen?.call;
    const value = view === "detail" ? detail.document?.source.value : undefined;
    return typeof value === "object" && value !== null && "call" in value && typeof value.call === "number"
      ? value.call
      : undefined;
  }
}
