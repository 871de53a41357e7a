/**
 * What is shown, as the address has it behind `#`: `#/calls/17?q=tool:search*`. It can be passed on.
 *
 * @module
 */
/// <reference lib="dom" />
import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** The views, in the order of the navigation. */
export const VIEWS = ["calls", "servers", "findings", "topology", "rates", "health"] as const;
/** A view. */
export type View = typeof VIEWS[number];

/** A place in the page. */
export interface Route {
  readonly view: View;
  /** What of it is open: a call's id, a server's key. */
  readonly item: string | undefined;
  /** By name: `q`, the filter; `range`; `tool`. */
  readonly params: Readonly<Record<string, string>>;
}

/** Reads the part of an address behind `#`; what makes no sense is the list of calls. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const [name = "", item] = path.split("/", 2);
  const view = VIEWS.find((view) => view === name) ?? "calls";
  return { view, item: item ? decode(item) : undefined, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Writes it. */
export function printRoute({ view, item, params = {} }: Partial<Route> & Pick<Route, "view">): string {
  const given = Object.entries(params).filter(([, value]) => value !== "");
  const query = given.length > 0 ? `?${new URLSearchParams(given)}` : "";
  return `#/${view}${item === undefined ? "" : `/${encodeURIComponent(item)}`}${query}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const hash = signal("");
/** Where the page is. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(hash.value));
/** The filter of the view. */
export const query: ReadonlySignal<string> = computed(() => route.value.params.q ?? "");

/** Follows the address from now on. */
export function watchAddress(): void {
  const read = () => hash.value = location.hash;
  addEventListener("hashchange", read);
  read();
}

/** Goes there; `replace` leaves no step to go back to. */
export function go(to: Partial<Route> & Pick<Route, "view">, replace = false): void {
  const next = printRoute(to);
  if (next === location.hash) return;
  if (replace) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
  hash.value = next;
}

/** Changes a parameter of where the page is. */
export function setParam(name: string, value: string, replace = true): void {
  const { view, item, params } = route.peek();
  const { [name]: _old, ...others } = params;
  go({ view, item, params: value === "" ? others : { ...others, [name]: value } }, replace);
}

/** Opens an item of the view, or closes it. */
export function open(item: string | undefined, replace = false): void {
  const { view, params } = route.peek();
  go({ view, item, params }, replace);
}
