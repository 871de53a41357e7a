/** On a disk that is really full: a small tmpfs, which root may mount. */
import { describe, expect, it, onTestFinished } from "vitest";
import { add, drain, folder, KIB, numbered, open } from "./_buffer.ts";

const canMount = Deno.uid() === 0 && (await mount("size=64k", await Deno.makeTempDir(), true));

async function mount(options: string, dir: string, undo = false): Promise<boolean> {
  const run = async (program: string, ...args: string[]) =>
    (await new Deno.Command(program, { args, stderr: "null" }).output().catch(() => undefined))?.success === true;
  if (!await run("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir)) return false;
  const unmount = async () => void await run("umount", "-l", dir);
  if (undo) await unmount();
  else onTestFinished(unmount);
  return true;
}

/** A folder with room for so many KiB. */
async function small(kib: number): Promise<string> {
  const dir = folder();
  await mount(`size=${kib}k`, dir);
  return dir;
}

describe.skipIf(!canMount)("a disk buffer on a full disk", () => {
  const number = (texts: readonly string[]) => texts.map((text) => Number(text.slice(1000)));
  const big = numbered(400, "x".repeat(1000));

  it("takes nothing when it is to block, loses nothing, and goes on when there is room", async () => {
    const dir = await small(256), buffer = open(`${dir}/b`, { segmentBytes: 32 * KIB });
    let taken = 0;
    for (const text of big) {
      if (!add(buffer, text)) break;
      taken++;
    }
    expect(taken).toBeGreaterThan(150);
    expect(taken).toBeLessThan(256);
    expect(buffer.told.problems).toEqual([expect.stringContaining("the disk is full; the pipeline waits")]);
    buffer.acknowledge(buffer.read(100, 1024 * KIB, 0));
    expect(buffer.commit()).toBe(true); // the one that waited
    expect(buffer.told.problems.at(-1)).toContain("takes records again");
    expect(number(drain(buffer))).toEqual(number(big.slice(100, taken + 1)));
    expect(buffer.told.dropped).toEqual({});
  });

  it("has whole records only when it is opened again", async () => {
    const dir = await small(256), buffer = open(`${dir}/b`, { segmentBytes: 32 * KIB });
    let taken = 0;
    while (add(buffer, big[taken]!)) taken++;
    buffer.close();
    const again = open(`${dir}/b`);
    expect(again.told.problems).toEqual([]);
    expect(number(drain(again))).toEqual(number(big.slice(0, taken)));
  });

  it("drops what comes, and counts it", async () => {
    const buffer = open(`${await small(256)}/b`, { segmentBytes: 32 * KIB, whenFull: "drop_newest" });
    for (const text of big) expect(add(buffer, text)).toBe(true);
    const left = drain(buffer);
    expect(number(left)).toEqual(number(big.slice(0, left.length)));
    expect(buffer.told.dropped).toEqual({ buffer_full: big.length - left.length });
  });

  it("drops the oldest, and counts them", async () => {
    const buffer = open(`${await small(256)}/b`, { segmentBytes: 32 * KIB, whenFull: "drop_oldest" });
    for (const text of big) expect(add(buffer, text)).toBe(true);
    const left = drain(buffer);
    expect(left.length).toBeGreaterThan(150);
    expect(number(left)).toEqual(number(big.slice(-left.length)));
    expect(buffer.told.dropped).toEqual({ buffer_full: big.length - left.length });
  });

  it("can be opened and emptied where nothing can be written any more", async () => {
    const dir = await small(128), buffer = open(`${dir}/b`, { segmentBytes: 32 * KIB });
    let taken = 0;
    while (add(buffer, big[taken]!)) taken++;
    await Deno.writeFile(`${dir}/filler`, new Uint8Array(4096)).catch(() => {});
    buffer.acknowledge(buffer.read(3, 1024 * KIB, 0));
    buffer.discard();
    buffer.close();
    const again = open(`${dir}/b`);
    expect(number(drain(again))).toEqual(number(big.slice(3, taken)));
    expect(add(again, "room")).toBe(true);
  });

  it("says in a sentence that a disk is full, or is read-only, when it is opened", async () => {
    const full = await small(16);
    await Deno.writeFile(`${full}/filler`, new Uint8Array(16 * KIB)).catch(() => {});
    expect(() => open(`${full}/b`)).toThrow("cannot be used: the disk is full");
    const dir = folder();
    await mount("size=64k,ro", dir);
    expect(() => open(`${dir}/b`)).toThrow("cannot be used: it is on a file system that is read-only");
  });
});
