import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { sink } from "../../../pipeline/mod.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { batchesOf, inFolder, ROOT, storeOf } from "../../pipeline/store/_store.ts";

const DEMO = "examples/demo.capture";

async function* over(batches: readonly Batch[], between: () => Promise<void> = async () => {}): AsyncGenerator<Batch> {
  for (const batch of batches) {
    yield batch;
    await between();
  }
}

/** What a sink said. */
function said() {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  return { lines, log: { info: note, warn: note, error: note } };
}

function rowsOf(store: Store): unknown {
  const all = { limit: 10_000 };
  return [store.calls(all), store.findings(all), store.http(all), store.events(all), [
    ...store.reader.each("messages", {}, true),
  ], store.servers()];
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !await condition();) {
    if (Date.now() > end) throw new Error("it did not come to be");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function calls(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM call_rows").get()?.["n"]);
  } catch {
    return 0;
  } finally {
    db.close();
  }
}

describe("sqlite", () => {
  it("writes the rows that a store in memory has, readable by their owner only", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/made/mcp.sqlite`;
      const batches = [...await batchesOf(DEMO), ...await batchesOf("examples/hostile.capture")];
      await sink("sqlite", { path })(over(batches));
      expect(Deno.statSync(path).mode! & 0o777).toBe(0o600);
      expect([...Deno.readDirSync(`${folder}/made`)].map(({ name }) => name)).toEqual(["mcp.sqlite"]);
      const written = await Store.open(path, { readonly: true }), plain = await storeOf(batches);
      expect(rowsOf(written)).toEqual(rowsOf(plain));
      written.close();
      plain.close();
    });
  });

  it("has each batch in the file before it asks for the next, if that is wanted", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/mcp.sqlite`;
      const seen: number[] = [];
      const batches = (await batchesOf(DEMO)).flat().map((event) => [event]);
      await sink("sqlite", { path, queue_bytes: 0 })(over(batches, () => {
        seen.push(calls(path));
        return Promise.resolve();
      }));
      expect(seen.at(-1)).toBe(10);
      expect(new Set(seen).size).toBe(10); // it grew call by call
    });
  });

  it("refuses a file that is not its own", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/text`;
      await Deno.writeTextFile(path, "something else");
      await expect(sink("sqlite", { path })(over([]))).rejects.toThrow(`${path} is no SQLite database`);
    });
  });

  it("goes on once another program lets go of the file", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/mcp.sqlite`;
      (await Store.open(path)).close();
      const other = new DatabaseSync(path);
      const { lines, log } = said();
      const batches = await batchesOf(DEMO);
      let isLocked = true;
      const done = sink("sqlite", { path }, { log })(async function* () {
        yield [];
        other.exec("BEGIN IMMEDIATE");
        yield* batches;
        await until(() => lines.some((line) => line.includes("another program holds it")));
        other.exec("COMMIT");
        isLocked = false;
      }());
      await done;
      other.close();
      expect(isLocked).toBe(false);
      expect(calls(path)).toBe(10);
    });
  });

  it("drops, counts and tells what comes while the disk is full, and goes on when it is not", async () => {
    await inFolder(async (folder) => {
      const mount = await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=2m", "none", folder] }).output()
        .catch(() => undefined);
      if (mount?.success !== true) return; // needs root
      try {
        const path = `${folder}/mcp.sqlite`;
        const { lines, log } = said();
        const batches = await batchesOf("examples/hostile.capture");
        const filler = `${folder}/filler`;
        await sink("sqlite", { path, max_buffer_bytes: 65_536, text_index: false }, { log })(async function* () {
          yield* batches;
          await until(() => calls(path) > 0);
          const file = Deno.openSync(filler, { write: true, create: true });
          try {
            for (;;) file.writeSync(new Uint8Array(4096));
          } catch {
            // full
          }
          file.close();
          for (const end = Date.now() + 30_000; !lines.some((line) => line.includes("disk is full"));) {
            if (Date.now() > end) throw new Error("it was never told");
            yield* batches;
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
          for (let k = 0; k < 50; k++) yield* batches;
          await Deno.remove(filler);
          await until(() => lines.some((line) => line.includes("can be written again")));
          yield batches[0]!;
        }());
        const store = await Store.open(path, { readonly: true });
        const gaps = store.events({ filter: "reason:write_failed" }).rows;
        expect(gaps.length).toBeGreaterThan(0);
        expect(store.reader.all("PRAGMA integrity_check")[0]).toMatchObject({ integrity_check: "ok" });
        store.close();
      } finally {
        await new Deno.Command("umount", { args: ["-l", folder] }).output();
      }
    });
  });

  it("leaves whole rows behind when it is killed", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/mcp.sqlite`;
      const program = `
        import { sink } from "${ROOT}pipeline/mod.ts";
        import { batchesOf } from "${ROOT}tests/pipeline/store/_store.ts";
        const batches = await batchesOf("${DEMO}");
        await sink("sqlite", { path: "${path}" })(async function* () {
          for (;;) { yield* batches; await new Promise((resolve) => setTimeout(resolve, 0)); }
        }());`;
      await Deno.writeTextFile(`${folder}/main.ts`, program);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-lock", "--config", `${ROOT}deno.json`, `${folder}/main.ts`],
        stdout: "null",
        stderr: "null",
      }).spawn();
      await until(() => {
        try {
          return calls(path) > 0;
        } catch {
          return false; // not there yet
        }
      });
      child.kill("SIGKILL");
      await child.status;
      const store = await Store.open(path);
      expect(store.reader.all("PRAGMA integrity_check")[0]).toMatchObject({ integrity_check: "ok" });
      const lost =
        "SELECT count(*) AS n FROM call_rows c WHERE NOT EXISTS (SELECT 1 FROM message_rows m WHERE m.id = c.request)";
      expect(store.reader.all(lost)[0]).toMatchObject({ n: 0 });
      for (const batch of await batchesOf(DEMO)) store.add(batch);
      store.close();
    });
  });

  it("deletes what is too old while it writes", async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/mcp.sqlite`;
      const store = await Store.open(path);
      for (const batch of await batchesOf(DEMO)) store.add(batch); // of 2026-11-21
      store.close();
      const now = (await batchesOf(DEMO))[0]!.map((event) => ({ ...event, time: Date.now() })).filter(({ kind }) =>
        kind === "gap" || kind === "sensor"
      );
      await sink("sqlite", { path, max_age: "1s" })(async function* () {
        yield now;
        await until(() => calls(path) === 0);
      }());
      expect(calls(path)).toBe(0);
    });
  });
});
