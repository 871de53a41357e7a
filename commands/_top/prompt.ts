/**
 * The line at the bottom in which something is typed: a filter, words to look for, a file's name.
 *
 * @module
 */
import { MAX_LENGTH, parseQuery, QueryError, type QueryProblem } from "../../pipeline/query/mod.ts";
import { complete, type Completion } from "./completion.ts";
import { Editor } from "./editor.ts";
import type { Press } from "./press.ts";

/** What is asked for. */
export interface Question {
  /** In front of the field: `filter`. */
  readonly label: string;
  /** What it begins with. */
  readonly text: string;
  /** Whether it is in the filter language; then values that a field had are proposed. */
  readonly seen?: (field: string) => Iterable<string>;
  /** Called with what was typed. What it rejects with is shown, and the prompt stays. */
  readonly answer: (text: string) => Promise<void> | void;
}

/** The line, its proposals, and what is wrong with it. */
export class Prompt {
  readonly question: Question;
  readonly editor: Editor;
  /** Index of the proposal that is chosen; -1: none. */
  chosen = -1;
  /** What the answer was refused for. */
  refusal: string | undefined;
  #completion: Completion = { proposals: [] };

  constructor(question: Question) {
    this.question = question;
    this.editor = new Editor(question.text, MAX_LENGTH);
    this.#propose();
  }

  get completion(): Completion {
    return this.#completion;
  }

  /** What is wrong with the expression, and where. */
  problems(): readonly QueryProblem[] {
    if (this.question.seen === undefined || this.editor.text.trim() === "") return [];
    try {
      parseQuery(this.editor.text);
      return [];
    } catch (error) {
      return error instanceof QueryError ? error.problems : [];
    }
  }

  /** Takes a key. `done`: it is to be answered; `left`: nothing was to be answered after all. */
  press(press: Press): "done" | "left" | "typing" {
    const { proposals } = this.#completion;
    const count = proposals.length;
    switch (press) {
      case "escape":
      case "ctrl-c":
        return "left";
      case "enter":
        if (this.chosen < 0) return "done";
        this.#take(this.chosen);
        return "typing";
      case "tab":
        if (count === 1 || this.chosen >= 0) this.#take(Math.max(0, this.chosen));
        else if (count > 0 && !this.#common()) this.chosen = 0;
        return "typing";
      case "down":
        if (count > 0) this.chosen = (this.chosen + 1) % count;
        return "typing";
      case "up":
        if (count > 0) this.chosen = this.chosen <= 0 ? count - 1 : this.chosen - 1;
        return "typing";
    }
    if (this.editor.press(press)) {
      this.refusal = undefined;
      this.#propose();
    }
    return "typing";
  }

  #propose(): void {
    this.chosen = -1;
    const { seen } = this.question;
    if (seen === undefined) return;
    this.#completion = complete(this.editor.text.slice(0, this.editor.cursor), seen);
  }

  #take(index: number): void {
    const proposal = this.#completion.proposals[index];
    if (proposal === undefined) return;
    this.editor.replace(proposal.from, this.editor.cursor, proposal.text);
    this.#propose();
  }

  /** Types what all proposals have in common; false if that is there already. */
  #common(): boolean {
    const [first, ...others] = this.#completion.proposals;
    if (first === undefined) return false;
    let common = first.text;
    for (const { text } of others) while (!text.startsWith(common)) common = common.slice(0, -1);
    const begun = this.editor.text.slice(first.from, this.editor.cursor);
    if (common.length <= begun.length || !common.toLowerCase().startsWith(begun.toLowerCase())) return false;
    this.editor.replace(first.from, this.editor.cursor, common);
    this.#propose();
    return true;
  }
}
