import { describe, expect, it } from "vitest";
import { compareVersions } from "../../../bpf/elf/text.ts";

describe("compareVersions", () => {
  it.each([
    ["3.0.9", "3.0.10"],
    ["3.0", "3.0.1"],
    ["1_1_1", "1_1_1a"],
    ["1_1_0i", "1_1_1"],
    ["3_6_14", "3_7_0"],
  ])("takes %s for older than %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(newer, newer)).toBe(0);
  });
});
