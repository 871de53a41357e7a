/**
 * Words for people.
 *
 * @module
 */

/** `1 error`, `3 errors`, `1,200 errors`. */
export function several(count: number, one: string): string {
  return `${count.toLocaleString("en-GB")} ${one}${count === 1 ? "" : "s"}`;
}
