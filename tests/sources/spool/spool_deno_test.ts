import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { line } from "../../protocols/sensor/_lines.ts";
import { Followed, inFolder, lines, sleep } from "./_spool.ts";

const has = (...names: string[]) => ({ names: all }: Followed) => names.every((name) => all.includes(name));
const noPid = 4_194_304; // beyond the largest pid (proc_sys_kernel(5): pid_max)

describe("a spool", () => {
  it(
    "is read from the start, and on as it grows",
    inFolder(async (dir) => {
      const file = join(dir, "python-100-100.0.ndjson");
      writeFileSync(file, lines(["a", "b"]));
      const spool = new Followed({ dir });
      await spool.until(has("b"));
      appendFileSync(file, lines(["c"], { first: 2 }));
      await spool.until(has("c"));
      expect((await spool.stop()).names).toEqual(["a", "b", "c"]);
      expect(spool.gaps).toEqual([]);
    }),
  );

  it(
    "may be read from its end",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson");
      writeFileSync(file, lines(["old"]));
      const spool = new Followed({ dir, from: "end" });
      await sleep(200);
      appendFileSync(file, lines(["new"], { first: 1 }));
      writeFileSync(join(dir, "b.ndjson"), lines(["other"], { component: "2" }));
      await spool.until(has("new", "other"));
      expect((await spool.stop()).names).not.toContain("old");
    }),
  );

  it(
    "goes on in the next generation",
    inFolder(async (dir) => {
      const spool = new Followed({ dir });
      for (let generation = 0; generation < 5; generation++) {
        writeFileSync(
          join(dir, `python-100-100.${generation}.ndjson`),
          lines([`g${generation}`], { first: generation }),
        );
        await spool.until(has(`g${generation}`));
      }
      expect((await spool.stop()).gaps).toEqual([]);
    }),
  );

  it(
    "gives no line before it is whole, however it is written",
    inFolder(async (dir) => {
      const file = join(dir, "python-100-100.0.ndjson"), text = lines(["a", "b", "c"]);
      const spool = new Followed({ dir });
      writeFileSync(file, "");
      for (let at = 0; at < text.length; at += 7) {
        appendFileSync(file, text.slice(at, at + 7));
        if (at % 5 === 0) await sleep(1);
      }
      await spool.until(has("c"));
      expect((await spool.stop()).names).toEqual(["a", "b", "c"]);
      expect(spool.gaps).toEqual([]);
    }),
  );

  it(
    "has a line behind one that a writer left torn",
    inFolder(async (dir) => {
      const file = join(dir, "python-100-100.0.ndjson"), [torn = ""] = lines(["torn"]).split("\n");
      writeFileSync(file, torn.slice(0, 50) + lines(["after"], { component: "default/2" }));
      const spool = new Followed({ dir });
      await spool.until(has("after"));
      await spool.stop();
      expect(spool.names).toEqual(["after"]);
      expect(spool.gaps).toMatchObject([{ reason: "unreadable_line", lost: { records: 1, bytes: 50 } }]);
    }),
  );

  it(
    "tells of a torn end once its writer is gone, and has what comes behind it later",
    inFolder(async (dir) => {
      const name = `python-${noPid}-1`, file = join(dir, `${name}.0.ndjson`);
      writeFileSync(file, lines(["a"]) + "x".repeat(30));
      writeFileSync(join(dir, `${name}.1.ndjson`), lines(["b"], { first: 1 }));
      await Deno.utime(file, 1, 1);
      const spool = new Followed({ dir });
      await spool.until(({ gaps }) => gaps.length > 0);
      expect(spool.gaps).toMatchObject([{ reason: "torn", lost: { bytes: 30 } }]);
      appendFileSync(file, lines(["c"], { component: "default/2" }));
      await spool.until(has("c"));
      expect((await spool.stop()).gaps).toHaveLength(1);
    }),
  );

  it(
    "is in the order of time, over all files",
    inFolder(async (dir) => {
      const files = Array.from({ length: 40 }, (_, k) => join(dir, `python-${k}-${k}.0.ndjson`));
      const all = files.map((_, k) =>
        Array.from(
          { length: 50 },
          (_, n) => line(`n`, n, {}, { pid: k, component: `c${k}`, ms: n * 40 + (k * 7) % 40 }),
        )
      );
      files.forEach((file, k) => writeFileSync(file, all[k]!.join("\n") + "\n"));
      const spool = new Followed({ dir });
      await spool.until(({ told }) => told.length === 2000);
      const times = (await spool.stop()).told.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }),
  );

  it(
    "may be missing at first, and be removed and made again",
    inFolder(async (parent) => {
      const dir = join(parent, "later", "spool");
      const spool = new Followed({ dir });
      for (const name of ["a", "b", "c"]) {
        await sleep(60);
        mkdirSync(dir, { recursive: true });
        writeFileSync(join(dir, "python-1-1.0.ndjson"), lines([name], { component: name }));
        await spool.until(has(name));
        rmSync(dir, { recursive: true });
      }
      expect((await spool.stop()).names).toEqual(["a", "b", "c"]);
      expect(spool.gaps).toEqual([]);
    }),
  );

  it(
    "whose file is deleted while it is open is read to its end",
    inFolder(async (dir) => {
      const file = join(dir, "python-1-1.0.ndjson");
      writeFileSync(file, lines(["a"]));
      const spool = new Followed({ dir, window_ms: 0 });
      await spool.until(has("a"));
      appendFileSync(file, lines(["b"], { first: 1 }) + "torn");
      rmSync(file);
      await spool.until(({ gaps }) => gaps.length > 0);
      await spool.stop();
      expect(spool.names).toEqual(["a", "b"]);
      expect(spool.gaps).toMatchObject([{ reason: "torn" }]);
    }),
  );

  it(
    "whose file is deleted before it was read has a gap with what is known",
    inFolder(async (dir) => {
      const early = lines(Array.from({ length: 200 }, () => "early")), late = join(dir, "late.ndjson");
      writeFileSync(join(dir, "early.ndjson"), early);
      writeFileSync(late, lines(["late"], { component: "late" }));
      await Deno.utime(late, new Date(Date.now() + 60_000), new Date(Date.now() + 60_000));
      // one file at a time, and a reader that asks for the next batch only when we let it
      const stop = new AbortController();
      const { Spool } = await import("../../../sources/spool/spool.ts");
      const { options } = await import("../../../sources/spool/options.ts");
      const nothing = () => {};
      const context = {
        name: "spool",
        signal: stop.signal,
        log: { info: nothing, warn: nothing, error: nothing },
        metrics: { dropped: nothing, error: nothing, set: nothing },
      };
      const batches = new Spool(options.parse({ dir, max_open: 1, batch_events: 10, poll_ms: 10 }), context).batches();
      await batches.next();
      const { size } = statSync(late);
      rmSync(late);
      for (;;) {
        const { value, done } = await batches.next(), batch: Batch = value ?? [];
        const gap = batch.find((event) => event.kind === "gap");
        if (gap === undefined && !done) continue;
        expect(gap).toMatchObject({ reason: "deleted", lost: { bytes: size } });
        break;
      }
      stop.abort();
      await batches.return(undefined);
    }),
  );

  it(
    "whose file is cut short begins anew there",
    inFolder(async (dir) => {
      const file = join(dir, "app.ndjson");
      writeFileSync(file, lines(["a", "b", "c"]));
      const spool = new Followed({ dir });
      await spool.until(has("c"));
      truncateSync(file, 0);
      await sleep(60);
      appendFileSync(file, lines(["d"], { first: 3 }));
      await spool.until(has("d"));
      await spool.stop();
      expect(spool.names).toEqual(["a", "b", "c", "d"]);
      expect(spool.gaps).toMatchObject([{ reason: "truncated" }]);
    }),
  );

  it(
    "whose file is replaced by another has both",
    inFolder(async (dir) => {
      const file = join(dir, "app.ndjson");
      writeFileSync(file, lines(["a"]));
      const spool = new Followed({ dir });
      await spool.until(has("a"));
      writeFileSync(join(dir, "new"), lines(["b"], { component: "b" }));
      renameSync(join(dir, "new"), file);
      await spool.until(has("b"));
      expect((await spool.stop()).gaps).toEqual([]);
    }),
  );

  it(
    "whose file gets another name is not read again, nor is its compressed copy",
    inFolder(async (dir) => {
      const file = join(dir, "app.ndjson"), rotated = join(dir, "app.1.ndjson");
      const spool = new Followed({ dir });
      writeFileSync(file, lines(["a", "b"]));
      await spool.until(has("b"));
      appendFileSync(file, lines(["c"], { first: 2 }));
      renameSync(file, rotated);
      await spool.until(has("c"));
      writeFileSync(`${rotated}.gz`, gzipSync(readFileSync(rotated)));
      rmSync(rotated);
      writeFileSync(file, lines(["d"], { first: 3 }));
      await spool.until(has("d"));
      await sleep(100);
      expect((await spool.stop()).names).toEqual(["a", "b", "c", "d"]);
      expect(spool.gaps).toEqual([]);
    }),
  );

  it(
    "has compressed files, and a gap for one that is damaged",
    inFolder(async (dir) => {
      const packed = gzipSync(lines(Array.from({ length: 3000 }, (_, k) => `n${k}`)));
      writeFileSync(join(dir, "a.ndjson.gz"), packed);
      const spool = new Followed({ dir });
      await spool.until(has("n2999"));
      const bad = new Uint8Array(packed);
      bad.fill(7, 2000, 2100);
      writeFileSync(join(dir, "b.ndjson.gz"), bad);
      await spool.until(({ gaps }) => gaps.some(({ reason }) => reason === "unreadable_file"));
      expect((await spool.stop()).names.filter((name) => name === "n2999")).toHaveLength(1);
    }),
  );

  it(
    "is told of links and folders once, and does not follow them",
    inFolder(async (dir) => {
      writeFileSync(join(dir, "target"), lines(["secret"]));
      symlinkSync(join(dir, "target"), join(dir, "link.ndjson"));
      mkdirSync(join(dir, "folder.ndjson"));
      await new Deno.Command("mkfifo", { args: [join(dir, "fifo.ndjson")] }).output();
      writeFileSync(join(dir, "good.ndjson"), lines(["good"]));
      const spool = new Followed({ dir });
      await spool.until(has("good"));
      await sleep(100);
      await spool.stop();
      expect(spool.names).toEqual(["good"]);
      expect(spool.gaps.map(({ message }) => message).sort()).toEqual([
        "fifo.ndjson is no plain file: it is not read",
        "folder.ndjson is a folder: it is not read",
        "link.ndjson is a symbolic link: it is not read",
      ]);
    }),
  );

  it.skipIf(Deno.uid() === 0)(
    "is told of a file that may not be read, and reads it once it may",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson");
      writeFileSync(file, lines(["a"]), { mode: 0 });
      const spool = new Followed({ dir });
      await spool.until(({ gaps }) => gaps.length > 0);
      chmodSync(file, 0o600);
      await spool.until(has("a"));
      expect((await spool.stop()).gaps).toMatchObject([{ reason: "refused" }]);
    }),
  );

  it(
    "has a line of 100 MB, which is passed over, and those after it",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson");
      writeFileSync(file, lines(["before"]));
      const block = "x".repeat(10_000_000);
      for (let k = 0; k < 10; k++) appendFileSync(file, block);
      appendFileSync(file, `\n${lines(["after"], { first: 1 })}`);
      const spool = new Followed({ dir, max_line: 1024 * 1024 });
      await spool.until(has("after"));
      expect((await spool.stop()).gaps).toMatchObject([{
        reason: "too_large",
        lost: { records: 1, bytes: 100_000_000 },
      }]);
    }),
  );

  it(
    "has a line of 20 MB, where that is allowed",
    inFolder(async (dir) => {
      writeFileSync(
        join(dir, "a.ndjson"),
        `${line("large", 0, { text: "x".repeat(20_000_000) })}\n${lines(["after"], { first: 1 })}`,
      );
      const spool = new Followed({ dir, max_line: 32 * 1024 * 1024 });
      await spool.until(has("after"));
      expect((await spool.stop()).told[0]?.data["text"]).toHaveLength(20_000_000);
    }),
  );

  it(
    "of thousands of files is read whole",
    inFolder(async (dir) => {
      for (let k = 0; k < 3000; k++) {
        writeFileSync(join(dir, `python-${k}-${k}.0.ndjson`), lines(["n"], { pid: k, component: `c${k}`, ms: k }));
      }
      const spool = new Followed({ dir, max_open: 64 });
      await spool.until(({ told }) => told.length === 3000);
      expect((await spool.stop()).gaps).toEqual([]);
      expect(new Set(spool.told.map(({ process }) => process?.pid)).size).toBe(3000);
    }),
  );

  it(
    "has lines that are no events counted, and told together",
    inFolder(async (dir) => {
      writeFileSync(join(dir, "a.ndjson"), `no\n[1]\n{"a":1}\n\n${lines(["good"])}`);
      const spool = new Followed({ dir });
      await spool.until(has("good"));
      await spool.stop();
      expect(spool.gaps).toMatchObject([{ reason: "unreadable_line", lost: { records: 3, bytes: 12 } }]);
    }),
  );
});

describe("a checkpoint", () => {
  it(
    "says where to go on, and is its owner's only",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson"), checkpoint = join(dir, "state", "c.json");
      writeFileSync(file, lines(["a", "b"]));
      await (await new Followed({ dir, checkpoint }).until(has("b"))).stop();
      expect(statSync(checkpoint).mode & 0o777).toBe(0o600);
      appendFileSync(file, lines(["c"], { first: 2 }));
      const again = await new Followed({ dir, checkpoint }).until(has("c"));
      expect((await again.stop()).names).toEqual(["c"]);
    }),
  );

  it(
    "knows a file by more than its inode",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson"), checkpoint = join(dir, "c.json");
      writeFileSync(file, lines(["a"]));
      await (await new Followed({ dir, checkpoint }).until(has("a"))).stop();
      writeFileSync(file, lines(["other", "file"], { component: "default/2" })); // the same inode, longer
      const again = await new Followed({ dir, checkpoint }).until(has("file"));
      expect((await again.stop()).names).toEqual(["other", "file"]);
    }),
  );

  it(
    "tells what was deleted while nobody read",
    inFolder(async (dir) => {
      const file = join(dir, "a.ndjson"), checkpoint = join(dir, "c.json");
      writeFileSync(file, `${lines(["a"])}torn`);
      await (await new Followed({ dir, checkpoint }).until(has("a"))).stop();
      rmSync(file);
      const again = new Followed({ dir, checkpoint });
      await again.until(({ gaps }) => gaps.length > 0);
      expect((await again.stop()).gaps).toMatchObject([{ reason: "deleted", lost: { bytes: 4 } }]);
    }),
  );

  it(
    "that is none is refused with a sentence",
    inFolder((dir) => {
      const checkpoint = join(dir, "c.json");
      writeFileSync(checkpoint, '{"version":2}');
      expect(() => new Followed({ dir, checkpoint })).toThrow("is no checkpoint of a spool");
      return Promise.resolve();
    }),
  );

  it(
    "that cannot be written stops nothing",
    inFolder(async (dir) => {
      const checkpoint = join(dir, "c.json");
      mkdirSync(checkpoint);
      chmodSync(checkpoint, 0o500);
      writeFileSync(join(dir, "a.ndjson"), lines(["a"]));
      const spool = await new Followed({ dir, checkpoint, from: "start" }).until(has("a"));
      await spool.stop();
    }),
  );
});
