import { describe, expect, it } from "vitest";
import { drain, folder, open } from "./_buffer.ts";

const ROUNDS = 8;
const program = new URL("_appender.ts", import.meta.url).pathname;

/** Runs the appender for so long, and kills it; gives the lines that it has written. */
async function kill(dir: string, start: number, ms: number): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--no-lock", program, dir, String(start)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("it did not start");
    text += value;
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  clearTimeout(timer);
  expect((await child.status).signal).toBe("SIGKILL");
  return text.split("\n").slice(0, -1);
}

describe("a disk buffer whose process is killed", () => {
  it("has all that was committed, in order, and gives nothing again that was acknowledged", async () => {
    const dir = folder();
    /** Numbers of records that are known to be in the buffer, or may be. */
    let surely = 0, maybe = 0, acknowledged = -1;
    for (let round = 0; round < ROUNDS; round++) {
      const lines = await kill(dir, maybe, Math.random() * 150);
      const after = (mark: string) => lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(2));
      expect(after("!")).toEqual([]);
      const started = maybe;
      surely = Number(after("+").at(-1) ?? surely);
      maybe = Number(after(">").at(-1) ?? maybe);
      acknowledged = lastOf(after("-")) ?? acknowledged;
      const perhaps = lastOf(after("<")) ?? acknowledged;

      const buffer = open(dir), left = drain(buffer, false).map((text) => Number(text.split(" ")[0]));
      buffer.close();
      expect(buffer.told.dropped).toEqual({});
      // after what was acknowledged, or what was being when it died
      if (left.length > 0) expect([acknowledged + 1, perhaps + 1]).toContain(left[0]);
      // without a hole, but where an earlier life ended in the middle of a commit
      const holes = left.filter((number, k) => k > 0 && number !== left[k - 1]! + 1);
      expect(holes.filter((number) => number > started)).toEqual([]);
      // up to what was committed, or was being when it died
      expect((left.at(-1) ?? surely - 1) + 1).toBeGreaterThanOrEqual(surely);
      expect((left.at(-1) ?? -1) + 1).toBeLessThanOrEqual(maybe);
      maybe = Math.max((left.at(-1) ?? -1) + 1, surely); // the next life goes on from there
    }
    expect(surely).toBeGreaterThan(ROUNDS);
  }, 60_000);
});

function lastOf(lists: readonly string[]): number | undefined {
  const last = lists.filter((list) => list !== "").at(-1)?.split(" ").at(-1);
  return last === undefined ? undefined : Number(last);
}
