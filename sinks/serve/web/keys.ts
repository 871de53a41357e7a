/**
 * The keyboard: what a key does depends on where one is, so views add theirs while they are shown.
 *
 * @module
 */
/// <reference lib="dom" />

/** What keys do: by `KeyboardEvent.key`, or `g c` for one after another. Gives false if it was not for it. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>;

/** Longest time between the two keys of a pair, in milliseconds. */
const PAIR_MS = 1200;
const layers: Keys[] = [];
let first = "", firstAt = 0;

/** Adds keys; the latest ones come first. Gives a function that takes them away. */
export function addKeys(keys: Keys): () => void {
  layers.push(keys);
  return () => {
    const index = layers.indexOf(keys);
    if (index >= 0) layers.splice(index, 1);
  };
}

/** Whether keys are for writing there. */
function writes(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
}

/** Listens from now on. */
export function watchKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (writes(event.target) || document.querySelector("dialog[open]") !== null) return;
    const onControl = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    const pair = event.timeStamp - firstAt < PAIR_MS && first !== "" ? `${first} ${event.key}` : "";
    first = "";
    for (const name of pair === "" ? [event.key] : [pair, event.key]) {
      for (const layer of layers.toReversed()) {
        const act = layer[name];
        if (act === undefined || act(event) === false) continue;
        event.preventDefault();
        return;
      }
    }
    if (layers.some((layer) => Object.keys(layer).some((name) => name.startsWith(`${event.key} `)))) {
      first = event.key;
      firstAt = event.timeStamp;
    }
  });
}
