/**
 * Which key does what. The hints and the help are made of this table.
 *
 * @module
 */
import type { Press } from "./press.ts";

/** What can be done. */
export type Action =
  | "calls"
  | "servers"
  | "findings"
  | "detail"
  | "health"
  | "next_view"
  | "previous_view"
  | "down"
  | "up"
  | "page_down"
  | "page_up"
  | "half_down"
  | "half_up"
  | "first"
  | "last"
  | "open"
  | "unfold"
  | "fold"
  | "unfold_all"
  | "back"
  | "filter"
  | "search"
  | "next_match"
  | "previous_match"
  | "its_call"
  | "next_call"
  | "previous_call"
  | "pause"
  | "follow"
  | "sort"
  | "reverse"
  | "copy"
  | "copy_all"
  | "export"
  | "export_list"
  | "help"
  | "redraw"
  | "suspend"
  | "quit";

/** Where a key works. `lists`: calls, servers, findings. `documents`: detail and health. */
export type Where = "everywhere" | "lists" | "documents";

/** A key and what it does. */
export interface Binding {
  readonly keys: readonly Press[];
  /** How the keys are written for people. */
  readonly shown: string;
  readonly action: Action;
  readonly about: string;
  readonly where: Where;
  /** A word for the line of hints; absent: it is only in the help. */
  readonly hint?: string;
  /** Only while something new may come. */
  readonly live?: true;
}

/** In the order of the help. Of the hints, the last go first where there is no room. */
export const BINDINGS: readonly Binding[] = [
  { keys: ["j", "down"], shown: "j ↓", action: "down", about: "down", where: "everywhere" },
  { keys: ["k", "up"], shown: "k ↑", action: "up", about: "up", where: "everywhere" },
  { keys: ["pagedown", "ctrl-f"], shown: "PgDn", action: "page_down", about: "a page down", where: "everywhere" },
  { keys: ["pageup", "ctrl-b"], shown: "PgUp", action: "page_up", about: "a page up", where: "everywhere" },
  { keys: ["ctrl-d"], shown: "Ctrl-D", action: "half_down", about: "half a page down", where: "everywhere" },
  { keys: ["ctrl-u"], shown: "Ctrl-U", action: "half_up", about: "half a page up", where: "everywhere" },
  { keys: ["g", "home"], shown: "g", action: "first", about: "to the first", where: "everywhere" },
  { keys: ["G", "end"], shown: "G", action: "last", about: "to the last; follows", where: "everywhere" },
  { keys: ["1"], shown: "1", action: "calls", about: "calls", where: "everywhere" },
  { keys: ["2"], shown: "2", action: "servers", about: "servers and their tools", where: "everywhere" },
  { keys: ["3"], shown: "3", action: "findings", about: "findings", where: "everywhere" },
  { keys: ["4"], shown: "4", action: "detail", about: "what is chosen, in full", where: "everywhere" },
  { keys: ["5"], shown: "5", action: "health", about: "the pipeline's health", where: "everywhere" },
  { keys: ["tab"], shown: "Tab", action: "next_view", about: "the next view", where: "everywhere" },
  { keys: ["shift-tab"], shown: "⇧Tab", action: "previous_view", about: "the view before", where: "everywhere" },
  { keys: ["enter", "l", "right"], shown: "Enter", action: "open", about: "open", where: "lists", hint: "open" },
  { keys: ["/"], shown: "/", action: "filter", about: "filter", where: "lists", hint: "filter" },
  { keys: ["escape"], shown: "Esc", action: "back", about: "back; takes the filter off", where: "everywhere" },
  { keys: ["s"], shown: "s", action: "sort", about: "sort by another column", where: "lists", hint: "sort" },
  { keys: ["S", "r"], shown: "S", action: "reverse", about: "the other way round", where: "lists" },
  {
    keys: ["space"],
    shown: "Space",
    action: "pause",
    about: "pause, go on",
    where: "everywhere",
    hint: "pause",
    live: true,
  },
  { keys: ["f"], shown: "f", action: "follow", about: "follow what comes", where: "lists", hint: "follow", live: true },
  {
    keys: ["enter", "o"],
    shown: "Enter",
    action: "unfold",
    about: "unfold, fold",
    where: "documents",
    hint: "unfold",
  },
  { keys: ["right", "l"], shown: "→", action: "unfold", about: "unfold", where: "documents" },
  { keys: ["left", "h"], shown: "←", action: "fold", about: "fold; to what it is part of", where: "documents" },
  { keys: ["O", "*"], shown: "O", action: "unfold_all", about: "unfold all", where: "documents", hint: "all" },
  { keys: ["/"], shown: "/", action: "search", about: "look for text", where: "documents", hint: "search" },
  { keys: ["n"], shown: "n", action: "next_match", about: "the next place", where: "documents" },
  { keys: ["N"], shown: "N", action: "previous_match", about: "the place before", where: "documents" },
  { keys: ["c"], shown: "c", action: "its_call", about: "the call of a finding", where: "everywhere" },
  {
    keys: ["J", "]"],
    shown: "J",
    action: "next_call",
    about: "the next in the list",
    where: "documents",
    hint: "next",
  },
  { keys: ["K", "["], shown: "K", action: "previous_call", about: "the one before", where: "documents" },
  { keys: ["y"], shown: "y", action: "copy", about: "copy (through the terminal)", where: "everywhere", hint: "copy" },
  { keys: ["Y"], shown: "Y", action: "copy_all", about: "copy all of the document", where: "documents" },
  { keys: ["e"], shown: "e", action: "export", about: "write it to a JSON file", where: "everywhere", hint: "export" },
  { keys: ["E"], shown: "E", action: "export_list", about: "write the list to a JSONL file", where: "lists" },
  { keys: ["?"], shown: "?", action: "help", about: "these keys", where: "everywhere", hint: "help" },
  { keys: ["ctrl-l"], shown: "Ctrl-L", action: "redraw", about: "draw anew", where: "everywhere" },
  { keys: ["ctrl-z"], shown: "Ctrl-Z", action: "suspend", about: "to the shell; fg comes back", where: "everywhere" },
  { keys: ["q", "ctrl-c"], shown: "q", action: "quit", about: "quit", where: "everywhere", hint: "quit" },
];

/** What a key does in lists, or in documents. */
export function actionOf(press: Press, where: Exclude<Where, "everywhere">): Action | undefined {
  const binding = BINDINGS.find((one) =>
    (one.where === where || one.where === "everywhere") && one.keys.includes(press)
  );
  return binding?.action;
}
