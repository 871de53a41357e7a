import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FindingEvent, GapEvent, Json, SensorEvent } from "../../../pipeline/event.ts";
import { ImportCheck } from "../../../pipeline/sensors/mod.ts";

const TIME = 1_795_261_200_000;

function imported(data: Record<string, Json>): SensorEvent {
  return { kind: "sensor", time: TIME, source: "spool", sensor: "bluepython", name: "python_import", data };
}

async function check(...data: Record<string, Json>[]): Promise<(FindingEvent | GapEvent)[]> {
  const imports = new ImportCheck();
  for (const each of data) imports.add(imported(each));
  await imports.idle();
  return imports.take();
}

function inFolder(run: (dir: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const dir = mkdtempSync(join(tmpdir(), "imports-"));
    try {
      await run(dir);
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("an import", () => {
  it(
    "of a file that is as the sensor says is nothing",
    inFolder(async (dir) => {
      const file = join(dir, "a.py");
      writeFileSync(file, "a = 1\n");
      expect(await check({ file, sha256: sha256("a = 1\n") }, { file, sha256: sha256("a = 1\n").toUpperCase() }))
        .toEqual([]);
    }),
  );

  it(
    "of a file that was edited after its installation is a finding",
    inFolder(async (dir) => {
      const file = join(dir, "a.py");
      writeFileSync(file, "evil()\n");
      utimesSync(file, TIME / 1000 - 60, TIME / 1000 - 60);
      const [finding] = await check({ file, sha256: sha256("a = 1\n"), fullname: "a.b", pkg: "a", version: "1.0" });
      expect(finding).toMatchObject({ rule: "sensor.import_tampered", severity: "high", evidence: file });
      expect(finding?.message).toBe(
        "The file of a.b of a 1.0 has another SHA-256 than bluepython says: it was edited after its installation",
      );
      if (finding?.kind !== "finding") throw new Error("no finding");
      expect(finding.details).toMatchObject({ told: sha256("a = 1\n"), found: sha256("evil()\n") });
    }),
  );

  it(
    "of a file that was changed since is told as that",
    inFolder(async (dir) => {
      const file = join(dir, "a.py");
      writeFileSync(file, "a = 2\n");
      utimesSync(file, TIME / 1000 + 60, TIME / 1000 + 60);
      expect((await check({ file, sha256: sha256("a = 1\n") }))[0]).toMatchObject({ severity: "medium" });
    }),
  );

  it(
    "of what cannot be looked at is nothing",
    inFolder(async (dir) => {
      symlinkSync("/etc/passwd", join(dir, "link.py"));
      const hash = sha256("x");
      const files = [join(dir, "link.py"), dir, join(dir, "gone.py"), "relative.py", "/dev/zero"];
      expect(
        await check(...files.map((file) => ({ file, sha256: hash })), { file: 3 }, { file: "/etc/passwd", sha256: "" }),
      ).toEqual([]);
    }),
  );

  it("that there is no room for is told as a gap", async () => {
    const imports = new ImportCheck(10);
    for (let k = 0; k < 31; k++) imports.add(imported({ file: `/none/${k}`, sha256: sha256("x") })); // one is looked at
    await imports.idle();
    expect(imports.take()).toMatchObject([{ kind: "gap", reason: "imports_unchecked", lost: { records: 20 } }]);
    expect(imports.take()).toEqual([]);
  });
});
