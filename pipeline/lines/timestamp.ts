/**
 * Times in ISO 8601 with microseconds: `2026-11-21T12:05:49.677285Z`.
 *
 * @module
 */

/** Where the fraction is in it, and how many digits it has. */
export const FRACTION = 20, DIGITS = 6;
/** Last time with four digits for the year, in microseconds. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59) * 1000;

/**
 * Microseconds since the Unix epoch for milliseconds with a fraction. What is no time within the years 1970 to 9999
 * becomes the nearest.
 */
export function toMicros(millis: number): number {
  return millis > 0 ? Math.min(Math.round(millis * 1000), LATEST) : 0;
}

/** The text of a time in microseconds. */
export function timestamp(micros: number): string {
  const second = Math.floor(micros / 1e6);
  const fraction = String(micros - second * 1e6).padStart(DIGITS, "0");
  return `${new Date(second * 1000).toISOString().slice(0, FRACTION)}${fraction}Z`;
}
