/**
 * Light or dark.
 *
 * @module
 */
/// <reference lib="dom" />
import { signal } from "@preact/signals";

/** What can be chosen. */
export const THEMES = ["auto", "light", "dark"] as const;
/** A choice. */
export type Theme = typeof THEMES[number];

const KEY = "mcpsonde.theme";
/** What is chosen. */
export const theme = signal<Theme>("auto");

/** Takes up what was chosen before. */
export function restoreTheme(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage may be forbidden.
  }
  setTheme(THEMES.find((theme) => theme === kept) ?? "auto");
}

/** Chooses. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Then it is chosen for this time.
  }
}

/** The next choice. */
export function turnTheme(): void {
  setTheme(THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? "auto");
}
