/**
 * Numbers for people.
 *
 * @module
 */

/** A duration in milliseconds with three significant digits or so: `0.42 ms`, `17 ms`, `3.2 s`, `4 min 12 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 9.95) return `${ms.toFixed(ms < 0.995 ? 2 : 1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A size: `312 B`, `4.2 KiB`, `1.3 MiB`. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(1)} KiB`;
  return `${(size / 1024 / 1024).toFixed(1)} MiB`;
}

/** A count with thousands apart: `1,234,567`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `1 tool`, `13 tools`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Local wall-clock time of a moment in epoch milliseconds: `14:03:22.417`. Cheap when seconds repeat. */
export function clock(): (time: number) => string {
  let second = NaN;
  let text = "";
  return (time) => {
    const whole = Math.floor(time / 1000);
    if (whole !== second) {
      second = whole;
      const date = new Date(whole * 1000);
      text = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
    }
    return `${text}.${String(Math.floor(time - whole * 1000)).padStart(3, "0")}`;
  };
}
