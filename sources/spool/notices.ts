/**
 * What the source tells of besides events.
 *
 * @module
 */
import type { GapEvent } from "../../pipeline/event.ts";
import { several } from "../../pipeline/wording.ts";
import type { SpooledFile } from "./spooled_file.ts";

type Notice = Omit<GapEvent, "kind" | "time" | "source">;

const WHY: Readonly<Record<string, string>> = {
  not_json: "no whole JSON",
  not_an_object: "no objects",
  too_deep: "nested too deep",
  unknown_format: "of no known format",
};

/** Lines that were passed over since the last time; none if all were good. */
export function faulty({ name, faults }: SpooledFile): Notice[] {
  const notices: Notice[] = [];
  const { unreadable, why = "", bytes, tooLarge, tooLargeBytes } = faults;
  if (unreadable > 0) {
    const what = unreadable === 1 ? "A line" : `${unreadable} lines`;
    notices.push({
      reason: "unreadable_line",
      message: `${what} in ${name} ${unreadable === 1 ? "is" : "are"} ${WHY[why] ?? why} (${several(bytes, "byte")})`,
      lost: { records: unreadable, bytes },
    });
  }
  if (tooLarge > 0) {
    notices.push({
      reason: "too_large",
      message: `${several(tooLarge, "line")} in ${name} ${tooLarge === 1 ? "is" : "are"} over the limit (max_line): ` +
        several(tooLargeBytes, "byte"),
      lost: { records: tooLarge, bytes: tooLargeBytes },
    });
  }
  faults.unreadable =
    faults.bytes =
    faults.tooLarge =
    faults.tooLargeBytes =
      0;
  faults.why = undefined;
  return notices;
}

/** A file is gone with bytes that were not read. */
export function deleted(name: string, bytes: number): Notice {
  return {
    reason: "deleted",
    message: `${name} was deleted before it was read to its end: ${several(bytes, "byte")} at least`,
    lost: { bytes },
  };
}

/** A file was cut. */
export function truncated(name: string, bytes: number): Notice {
  return {
    reason: "truncated",
    message: `${name} was cut short and begins anew` + (bytes > 0 ? `: ${several(bytes, "byte")} were not read` : ""),
    ...(bytes > 0 ? { lost: { bytes } } : {}),
  };
}

/** The end of a line will not come. */
export function torn(name: string, bytes: number): Notice {
  return {
    reason: "torn",
    message: `${name} ends in the middle of a line whose writer is gone: ${several(bytes, "byte")}`,
    lost: { records: 1, bytes },
  };
}

/** A file cannot be read. */
export function unreadable(name: string, why: string): Notice {
  return { reason: "unreadable_file", message: `${name} cannot be read: ${why}` };
}

/** A file is passed over. */
export function refused(name: string, why: string): Notice {
  return { reason: "refused", message: `${name} is ${why}: it is not read` };
}

/** More files than are followed. */
export function tooMany(files: number): Notice {
  return {
    reason: "too_many_files",
    message: `There are more than ${files} files (max_files): the others are not read`,
  };
}
