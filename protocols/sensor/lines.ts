/**
 * Reads lines of sensors, whatever their format.
 *
 * @module
 */
import { forget } from "../jsonrpc/mod.ts";
import { forgetMembers, MembersFound } from "../json_members/mod.ts";
import { readEnvelope } from "./envelope.ts";
import { readMcpSnoop } from "./mcpsnoop.ts";
import { readMcpSpy } from "./mcpspy.ts";
import { known } from "./paths.ts";
import { type Mapping, PlainLines } from "./plain.ts";
import type { SensorRecord } from "./record.ts";

/** The formats: `auto` tells them apart line by line. `bluerock` is also that of our own sensors. */
export const FORMATS = ["auto", "bluerock", "mcpspy", "mcpsnoop", "plain"] as const;
/** One of them. */
export type Format = typeof FORMATS[number];

/** Why a line is no record. */
export type Unreadable = "blank" | "not_json" | "not_an_object" | "too_deep" | "unknown_format";

/** How deep a line may nest. */
const DEPTH = 256;

/** Forgets what was copied. To be called whenever a buffer that was seen before may hold other bytes by now. */
export function forgetLines(): void {
  forget();
  forgetMembers();
}

/** Reads lines. */
export class SensorLines {
  readonly #format: Format;
  readonly #plain: PlainLines;

  /** `mapping` is for `plain`, and for lines that `auto` knows no other format for. */
  constructor(format: Format, mapping: Mapping) {
    this.#format = format;
    this.#plain = new PlainLines(mapping);
  }

  /** `buffer[start, end)` as a record, or why it is none. Any bytes will do. */
  read(buffer: Uint8Array, start: number, end: number): SensorRecord | Unreadable {
    const format = this.#format, plain = this.#plain;
    if (format === "plain") {
      const found = plain.find(buffer, start, end, DEPTH);
      if (found !== MembersFound.object) return REASONS[found] ?? "not_an_object";
      return plain.record(buffer, start, end) ?? "unknown_format";
    }
    const found = known.find(buffer, start, end, DEPTH);
    if (found !== MembersFound.object) return REASONS[found] ?? "not_an_object";
    let record: SensorRecord | undefined;
    if (format === "auto" || format === "bluerock") record = readEnvelope(buffer);
    if (record === undefined && (format === "auto" || format === "mcpspy")) record = readMcpSpy(buffer, start, end);
    if (record === undefined && (format === "auto" || format === "mcpsnoop")) record = readMcpSnoop(buffer, start, end);
    if (record === undefined && format === "auto" && plain.find(buffer, start, end, DEPTH) === MembersFound.object) {
      record = plain.record(buffer, start, end);
    }
    return record ?? "unknown_format";
  }
}

const REASONS: Readonly<Record<number, Unreadable>> = {
  [MembersFound.blank]: "blank",
  [MembersFound.invalidJson]: "not_json",
  [MembersFound.invalidUtf8]: "not_json",
  [MembersFound.other]: "not_json",
  [MembersFound.tooDeep]: "too_deep",
};
