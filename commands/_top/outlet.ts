/**
 * What leaves the screen: to the clipboard, and to files.
 *
 * @module
 */
import type { Feed } from "../../pipeline/feed/feed.ts";
import { textOf } from "./document_view.ts";
import { asJson, exported, exportedPages, exportedRows, suggestedName } from "./export.ts";
import type { Io } from "./io.ts";
import type { Opener } from "./opener.ts";
import { Prompt } from "./prompt.ts";
import type { ListName, Top } from "./top.ts";

/** Copies and writes what is chosen. */
export class Outlet {
  readonly #top: Top;
  readonly #opener: Opener;
  readonly #feed: Feed;
  readonly #io: Io;

  constructor(top: Top, opener: Opener, feed: Feed, io: Io) {
    this.#top = top;
    this.#opener = opener;
    this.#feed = feed;
    this.#io = io;
  }

  /** Copies what is under the cursor. */
  copyChosen(): void {
    const { documentView, listView } = this.#top;
    const node = documentView?.chosen;
    if (node !== undefined) return this.#copy(node.text?.() ?? textOf(node.pieces).trim());
    this.#copy(asJson(listView?.list.chosen));
  }

  /** Copies the document in front as JSON. */
  copyDocument(): void {
    this.#copy(asJson(this.#top.documentView?.document?.source.value));
  }

  /** Asks where to write what is chosen in a list, or the document in front. */
  askExport(): void {
    const { documentView, view } = this.#top;
    const source = documentView?.document?.source;
    const asked = documentView === undefined
      ? this.#opener.chosen(view as ListName)
      : source && Promise.resolve(source);
    if (asked === undefined) return this.#top.say("dim", "there is nothing to write");
    this.#top.background(asked.then((source) => {
      if (source === undefined) return this.#top.say("warn", "it is no longer kept");
      this.#askPath(suggestedName(source.key, "json"), () => exported(source.value));
    }));
  }

  /** Asks where to write all rows of the list in front, those that are not held too. */
  askExportList(): void {
    const { view, rows, servers } = this.#top;
    const feed = this.#feed;
    const parts = () => {
      if (rows === undefined) return exportedRows(servers.list.rows);
      return view === "calls"
        ? exportedPages((ask) => feed.calls(ask), rows.filter)
        : exportedPages((ask) => feed.findings(ask), rows.filter);
    };
    this.#askPath(suggestedName(view, "jsonl"), parts);
  }

  #copy(text: string | undefined): void {
    const top = this.#top;
    if (text === undefined || text === "") return top.say("dim", "there is nothing to copy");
    if (!this.#io.copy(text)) return top.say("warn", "too long for the clipboard; e writes it to a file");
    top.say("good", `copied ${text.length} characters, if the terminal takes them`);
  }

  #askPath(name: string, parts: () => AsyncIterable<string>): void {
    const top = this.#top;
    top.prompt = new Prompt({
      label: "write to",
      text: name,
      answer: async (path) => {
        if (path.trim() === "") throw new Error("a name is needed");
        const written = await this.#io.write(path.trim(), parts());
        top.say("good", `written to ${written}`);
      },
    });
  }
}
