/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Small pictures, drawn here.
 *
 * @module
 */
import type { JSX } from "preact";

/** Outlines on a square of 16. */
const PATHS = {
  calls: "M2 4h8M7 1.5 10 4 7 6.5M14 12H6M9 9.5 6 12l3 2.5",
  servers: "M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.01M5 11.5h.01",
  findings: "M8 1.8 14.5 13.5h-13zM8 6v3.6M8 11.6h.01",
  topology:
    "M3.5 6.2a2.2 2.2 0 1 0 0-.01M12.5 3.2a2 2 0 1 0 0-.01M12.5 12.8a2 2 0 1 0 0-.01M5.6 7 10.6 4M5.5 9.2l5.2 3",
  rates: "M1.5 13.5h13M2.5 10.5l3.2-4 3 2.4 4.8-6",
  health: "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  back: "M9.5 3 4.5 8l5 5",
  up: "M3 10.5 8 5.5l5 5",
  down: "M3 5.5l5 5 5-5",
  pause: "M5 3v10M11 3v10",
  follow: "M4.5 2.8v10.4L13 8z",
  help: "M5.5 5.8a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1.9-1.1 1.8M8 12.8h.01",
  light:
    "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1",
  dark: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1",
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 2v12M8 5h4.5M8 8h6M8 11h4.5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  ok: "M3 8.5l3.2 3.2L13 4.5",
  error: "M4 4l8 8M12 4l-8 8",
  open: "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9",
  cancelled: "M3.5 8h9",
  hung: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.3l2 1.4",
} as const;

/** Name of a picture. */
export type IconName = keyof typeof PATHS;

/** A picture; decoration, as a word stands beside it or on its button. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
