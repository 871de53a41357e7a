/**
 * The styles the console speaks in, and their colours.
 *
 * @module
 */
import picocolors from "picocolors";

/** What a piece of text is, not how it looks. */
export type Style =
  | "plain"
  | "dim"
  | "strong"
  | "ask"
  | "good"
  | "bad"
  | "warn"
  | "alarm"
  | "party0"
  | "party1"
  | "party2"
  | "party3"
  | "party4"
  | "party5";

/** One colouring function a style. */
export type Palette = Readonly<Record<Style, (text: string) => string>>;

/** Green, red and yellow mean something; processes get the other colours. */
export const PARTY_STYLES = ["party0", "party1", "party2", "party3", "party4", "party5"] as const;

/** Builds the palette; without colours every style returns its text unchanged. */
export function palette(colours: boolean): Palette {
  const paint = picocolors.createColors(colours);
  return {
    plain: (text) => text,
    dim: paint.dim,
    strong: paint.bold,
    ask: paint.blueBright,
    good: paint.green,
    bad: paint.red,
    warn: paint.yellow,
    alarm: (text) => paint.bold(paint.red(text)),
    party0: paint.cyan,
    party1: paint.magenta,
    party2: paint.blueBright,
    party3: paint.cyanBright,
    party4: paint.magentaBright,
    party5: paint.blue,
  };
}
