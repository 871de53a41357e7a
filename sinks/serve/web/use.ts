/**
 * What several components need of their lives.
 *
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { addKeys, type Keys } from "./keys.ts";

/** Keys while the component is shown. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const forward: Record<string, (event: KeyboardEvent) => boolean | void> = {};
    for (const name of Object.keys(current.current)) {
      forward[name] = (event) => current.current[name]?.(event) ?? true;
    }
    return addKeys(forward);
  }, [Object.keys(keys).join()]);
}

/** A function that shows the component anew, once a frame at most. */
export function useRedraw(): () => void {
  const [, redraw] = useReducer<number, undefined>((n) => n + 1, 0);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const ask = useRef(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      redraw(undefined);
    });
  });
  return ask.current;
}

/** What was asked for. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  /** Asks again; what was there stays until the answer comes. */
  readonly reload: () => void;
}

/** Asks when the component is shown and when one of `about` changes, and every `everyMs` if that is given. */
export function useLoad<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  about: readonly unknown[],
  everyMs?: number,
): Loaded<T> {
  const [state, setState] = useState<{ readonly value?: T; readonly error?: unknown }>({});
  const [turn, reload] = useReducer<number, void>((n) => n + 1, 0);
  const shown = useRef(about);
  const isAsking = useRef(false);
  useEffect(() => {
    const stop = new AbortController();
    isAsking.current = true;
    const isOther = shown.current.some((part, k) => part !== about[k]);
    shown.current = about;
    if (isOther) setState({});
    ask(stop.signal).then((value) => {
      if (!stop.signal.aborted) setState({ value });
    }, (error) => {
      if (!stop.signal.aborted) setState((old) => ({ ...old, error }));
    }).finally(() => {
      if (!stop.signal.aborted) isAsking.current = false;
    });
    return () => stop.abort();
  }, [...about, turn]);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && !isAsking.current) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { value: state.value, error: state.error, reload: () => reload() };
}

/** Whether the page is this narrow, in pixels. */
export function useNarrow(below: number): boolean {
  const [media] = useState(() => matchMedia(`(max-width: ${below - 0.02}px)`));
  const [isNarrow, setNarrow] = useState(media.matches);
  useEffect(() => {
    const look = () => setNarrow(media.matches);
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, [media]);
  return isNarrow;
}

/** The size of an element, in pixels. */
export function useSize(
  ref: { readonly current: Element | null },
): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return size;
}
