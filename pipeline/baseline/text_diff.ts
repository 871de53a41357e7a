/**
 * What differs between two texts, or two JSON values, for a person to read.
 *
 * @module
 */
import type { Json } from "../event.ts";
import { shortened } from "../shortened.ts";

/** A member that differs. A member that is not there is undefined. */
export interface FieldChange {
  /** `description`, `inputSchema.properties.path.type`. */
  readonly path: string;
  /** What was there, cut to what differs and some characters around it. */
  readonly before: string | undefined;
  /** What is there now. */
  readonly after: string | undefined;
}

/** Differences that are listed, levels that are looked into, and characters of one text. */
const CHANGES = 20, LEVELS = 12, TEXT = 300;
/** Characters that are shown around a difference. */
const AROUND = 30;

/** The members in which two values differ, at most 20. */
export function fieldChanges(before: Json | undefined, after: Json | undefined): FieldChange[] {
  const found: FieldChange[] = [];
  compare("", before, after, 0, found);
  return found;
}

function compare(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  level: number,
  found: FieldChange[],
): void {
  if (found.length >= CHANGES || before === after) return;
  if (level < LEVELS && isHolder(before) && isHolder(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inner = path === "" ? key : `${path}.${key}`;
      compare(inner.slice(-TEXT), own(before, key), own(after, key), level + 1, found);
    }
    return;
  }
  const [from, to] = differing(text(before), text(after));
  if (from !== to) found.push({ path, before: from, after: to });
}

/** Both texts, cut to what differs. */
export function differing(
  before: string | undefined,
  after: string | undefined,
): [before: string | undefined, after: string | undefined] {
  if (before === undefined || after === undefined) return [cut(before), cut(after)];
  if (before === after) return [before, after];
  const least = Math.min(before.length, after.length);
  let head = 0, tail = 0;
  while (head < least && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  while (
    tail < least - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return [middle(before, head, tail), middle(after, head, tail)];
}

function middle(text: string, head: number, tail: number): string {
  const from = head <= AROUND ? 0 : head - AROUND;
  const to = tail <= AROUND ? text.length : text.length - tail + AROUND;
  return shortened(`${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`, TEXT);
}

function cut(text: string | undefined): string | undefined {
  return text === undefined ? undefined : shortened(text, TEXT);
}

function text(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);
}

function isHolder(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === "object" && value !== null;
}

function own(holder: Json[] | { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(holder, key) ? (holder as { [key: string]: Json })[key] : undefined;
}
