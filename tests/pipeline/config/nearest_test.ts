import { describe, expect, it } from "vitest";
import { expectedOneOf, nearest } from "../../../pipeline/config/nearest.ts";

const names = ["path", "raw", "when_full", "queue_events", "rotate"];

describe("nearest", () => {
  it.each([
    ["pth", "path"],
    ["paht", "path"],
    ["Path", "path"],
    ["whenFull", "when_full"],
    ["queue-event", "queue_events"],
    ["rotat", "rotate"],
  ])("finds what %s was meant to be", (wrong, right) => {
    expect(nearest(wrong, names)).toBe(right);
  });

  it.each(["zebra", "", "x", "q".repeat(100_000)])("finds nothing for %s", (wrong) => {
    expect(nearest(wrong, names)).toBeUndefined();
  });

  it("is added to the list of what was expected", () => {
    expect(expectedOneOf("pth", ["path", "raw"])).toBe('expected one of path, raw; did you mean "path"?');
    expect(expectedOneOf("zebra", ["path"])).toBe("expected one of path");
  });
});
