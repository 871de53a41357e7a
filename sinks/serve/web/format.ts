/**
 * Numbers and times for people, by the browser's language.
 *
 * @module
 */
const LANGUAGE = "en";

const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const digits = [0, 1, 2].map((most) => new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: most }));
const compact = new Intl.NumberFormat(LANGUAGE, { notation: "compact", maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(LANGUAGE, { style: "percent", maximumFractionDigits: 1 });
const clocks = new Intl.DateTimeFormat(LANGUAGE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const seconds = new Intl.DateTimeFormat(LANGUAGE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const minutes = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dates = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" });
const days = new Intl.DateTimeFormat(LANGUAGE, { month: "short", day: "numeric" });

function atMost(value: number, fraction: 0 | 1 | 2): string {
  return (digits[fraction] ?? whole).format(value);
}

/** `1,234,567`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `1.2M`. */
export function short(value: number): string {
  return Math.abs(value) < 10_000 ? count(value) : compact.format(value);
}

/** A rate with up to two digits behind the point where it is small. */
export function rate(value: number): string {
  return value >= 100 ? short(value) : atMost(value, value >= 10 ? 1 : 2);
}

/** A share from 0 to 1. */
export function percent(share: number): string {
  return percents.format(share);
}

/** A duration in milliseconds: `0.42 ms`, `17 ms`, `3.2 s`, `4 min 12 s`, `3 d 2 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 9.95) return `${atMost(ms, ms < 0.995 ? 2 : 1)} ms`;
  if (ms < 999.5) return `${whole.format(ms)} ms`;
  if (ms < 99_950) return `${atMost(ms / 1000, ms < 9950 ? 2 : 1)} s`;
  const all = Math.round(ms / 1000);
  if (all < 3600) return `${Math.floor(all / 60)} min ${all % 60} s`;
  if (all < 86_400) return `${Math.floor(all / 3600)} h ${Math.floor(all % 3600 / 60)} min`;
  return `${Math.floor(all / 86_400)} d ${Math.floor(all % 86_400 / 3600)} h`;
}

/** `312 B`, `4.2 KiB`, `1.3 MiB`. */
export function bytes(size: number): string {
  if (size < 1024) return `${whole.format(size)} B`;
  let value = size, unit = "B";
  for (const larger of ["KiB", "MiB", "GiB", "TiB"]) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return `${atMost(value, value < 100 ? 1 : 0)} ${unit}`;
}

/** Local time of day with milliseconds: `14:03:22.417`. */
export function clock(time: number): string {
  return valid(time) ? clocks.format(time) : "?";
}

/** Local time of day, of which the step between marks decides how much. */
export function mark(time: number, stepMs: number): string {
  if (!valid(time)) return "?";
  if (stepMs >= 86_400_000) return days.format(time);
  return (stepMs >= 60_000 ? minutes : seconds).format(time);
}

/** `Nov 22, 2026, 14:03:22.417`. */
export function moment(time: number): string {
  return valid(time) ? `${dates.format(time)}, ${clocks.format(time)}` : "?";
}

/** For machines: the value of a `time` element. */
export function iso(time: number): string {
  return valid(time) ? new Date(time).toISOString() : "";
}

function valid(time: number): boolean {
  return Math.abs(time) <= 8.64e15; // ECMA-262, 21.4.1.1: the range of time values
}
