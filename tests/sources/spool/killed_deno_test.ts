import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { line } from "../../protocols/sensor/_lines.ts";
import { inFolder, sleep } from "./_spool.ts";

const KILLS = 50, WRITERS = 3, GENERATION_BYTES = 16 * 1024;
const reader = new URL("_reader.ts", import.meta.url).pathname;
const lock = new URL("../../deno.lock", import.meta.url).pathname;

describe("a reader that is killed again and again", () => {
  it(
    "loses nothing and repeats at most its last batch",
    inFolder(async (dir) => {
      const out = join(dir, "out"), checkpoint = join(dir, "checkpoint.json");
      const writer = write(dir);
      for (let kills = 0; kills <= KILLS; kills++) {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--no-check", "--cached-only", `--lock=${lock}`, reader, dir, checkpoint, out],
          stdout: "null",
          stderr: "inherit",
        }).spawn();
        const begun = runs(out).length;
        while (runs(out).length === begun) await sleep(10); // it has started
        await sleep(Math.random() * 150);
        if (kills === KILLS) {
          writer.stop();
          while (!isWhole(out, writer.written)) await sleep(20);
        }
        child.kill("SIGKILL");
        await child.status;
      }
      expect(missing(out, writer.written)).toEqual([]);
      let repeated = 0;
      const all = runs(out);
      for (let k = 1; k < all.length; k++) {
        const before = new Set(all.slice(0, k).flat(2)),
          last = new Set(all.slice(0, k).findLast((run) => run.length > 0)?.at(-1));
        for (const number of all[k]!.flat()) {
          if (!before.has(number)) continue;
          repeated++;
          if (!last.has(number)) {
            throw new Error(`${number} comes again in run ${k}, and was not in the last batch before`);
          }
        }
      }
      expect(all).toHaveLength(KILLS + 1);
      expect(all.flat(2).filter((number) => number.startsWith("gap"))).toEqual([]);
      expect(repeated).toBeLessThan(writer.written);
    }),
    180_000,
  );
});

/** Several writers that rotate their files. */
function write(dir: string): { readonly written: number; stop(): void } {
  let written = 0;
  const writers = Array.from(
    { length: WRITERS },
    (_, k) => ({ pid: 4_194_304 + k, generation: 0, bytes: 0, sequence: 0 }),
  );
  const timer = setInterval(() => {
    for (const writer of writers) {
      let text = "";
      for (let k = 0; k < 5; k++) {
        const more = { pid: writer.pid, component: `c${writer.pid}`, ms: Date.now() - 1_795_261_200_000 };
        text += `${line("n", writer.sequence++, { n: String(written++), text: "x".repeat(100) }, more)}\n`;
      }
      appendFileSync(join(dir, `python-${writer.pid}-1.${writer.generation}.ndjson`), text);
      writer.bytes += text.length;
      if (writer.bytes > GENERATION_BYTES) {
        writer.generation++;
        writer.bytes = 0;
      }
    }
  }, 20);
  return {
    get written() {
      return written;
    },
    stop: () => clearInterval(timer),
  };
}

/** Batches of each run. */
function runs(out: string): string[][][] {
  let text = "";
  try {
    text = readFileSync(out, "utf8");
  } catch { // not written yet
  }
  return text.split("begin\n").slice(1).map((run) =>
    run.split("\n").filter((batch) => batch !== "").map((batch) => batch.split(" "))
  );
}

function missing(out: string, written: number): number[] {
  const seen = new Set(runs(out).flat(2));
  return Array.from({ length: written }, (_, n) => n).filter((n) => !seen.has(String(n)));
}

function isWhole(out: string, written: number): boolean {
  return missing(out, written).length === 0;
}
