import { describe, expect, it } from "vitest";
import {
  isInRevision,
  isModern,
  isRevision,
  methodNamed,
  METHODS,
  REVISIONS,
  senderOf,
} from "../../../protocols/mcp/mod.ts";

/** How many methods each revision has, by `schema/<revision>/schema.ts`; the last with the tasks extension. */
const COUNTS = { "2024-11-05": 24, "2025-03-26": 24, "2025-06-18": 25, "2025-11-25": 31, "2026-07-28": 22 } as const;

describe("the table of MCP's methods", () => {
  it("has 36 names, and those of each revision", () => {
    expect(METHODS.size).toBe(36);
    for (const revision of REVISIONS) {
      const of = [...METHODS.values()].filter((method) => isInRevision(method, revision));
      expect([revision, of.length]).toEqual([revision, COUNTS[revision]]);
    }
  });

  it("knows who sends what, and that 2026-07-28 changes it", () => {
    expect(senderOf("tools/call")).toBe("client");
    expect(senderOf("sampling/createMessage", "2025-06-18")).toBe("server");
    expect(senderOf("ping")).toBeUndefined();
    expect(senderOf("notifications/progress", "2025-11-25")).toBeUndefined();
    expect(senderOf("notifications/progress", "2026-07-28")).toBe("server");
    expect(senderOf("tasks/get", "2025-11-25")).toBeUndefined();
    expect(senderOf("tasks/get", "2026-07-28")).toBe("client");
    expect(senderOf("nobody/knows")).toBeUndefined();
    expect(senderOf("constructor")).toBeUndefined();
  });

  it("says of tasks that they are an extension by now", () => {
    expect(methodNamed("tasks/get")?.isExtension).toBe(true);
    expect(methodNamed("tasks/update")?.isExtension).toBe(true);
    expect(methodNamed("tasks/result")?.isExtension).toBeUndefined();
  });

  it("has no method in a revision that is not published", () => {
    expect(isInRevision(methodNamed("tools/call")!, "2031-01-01")).toBe(false);
  });
});

describe("revisions", () => {
  it.each(["2026-07-28", "2026-07-28-draft", "2026-12-01", "2031-01-01"])("%s is modern", (version) => {
    expect(isModern(version)).toBe(true);
  });
  it.each(["", "2025-11-25", "2024-10-07", "draft", "9", "9999", "2026-07-28".repeat(10), "x2026-07-28"])(
    "%s is not",
    (version) => expect(isModern(version)).toBe(false),
  );
  it("are known if they are published", () => {
    expect(REVISIONS.every(isRevision)).toBe(true);
    expect(isRevision("2024-10-07")).toBe(false);
  });
});
