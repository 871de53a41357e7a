import { describe, expect, it } from "vitest";
import { hasRoom, progress, progressLine, type ProgressTerminal } from "../../commands/_progress.ts";
import { isUnicode } from "../../sinks/console/terminal.ts";

function output(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => void written.push(text) };
}

function terminal(env: Record<string, string> = {}, columns = 80): ProgressTerminal & { time: number } {
  return {
    time: 0,
    columns: () => columns,
    now() {
      return this.time;
    },
    env: (name) => env[name],
  };
}

const ERASE = "\r\x1b[K";
const plain = { unicode: true, colours: false };
const MIB = 1024 * 1024;

describe("a progress bar", () => {
  it("comes after half a second, is drawn ten times a second, and is erased at the end", () => {
    const stderr = output(true), at = terminal({ NO_COLOR: "1" });
    const bar = progress(stderr, { label: "import", total: 100 * MIB }, at);
    bar.add(MIB);
    at.time = 499;
    bar.add(MIB);
    expect(stderr.written).toEqual([]);
    at.time = 1000;
    bar.add(48 * MIB);
    bar.add(MIB);
    at.time = 1099;
    bar.add(MIB);
    expect(stderr.written).toEqual([
      `${ERASE}import ━━━━━━━━━━─────────  50 %  50.0 MiB of 100.0 MiB  50.0 MiB/s  1 s left`,
    ]);
    bar.done();
    bar.done();
    bar.add(1);
    expect(stderr.written.slice(1)).toEqual([ERASE]);
  });

  it.each([["a pipe", false, {}], ["a dumb terminal", true, { TERM: "dumb" }]] as const)(
    "writes nothing to %s",
    (_, isTTY, env) => {
      const stderr = output(isTTY), at = terminal(env);
      using bar = progress(stderr, { label: "import" }, at);
      at.time = 10_000;
      bar.add(1);
      bar.done();
      expect(stderr.written).toEqual([]);
    },
  );

  it("makes room for what others write to the same terminal", () => {
    const stderr = output(true), at = terminal();
    const bar = progress(stderr, { label: "import" }, at);
    bar.stderr.write("one\n");
    at.time = 1000;
    bar.add(1);
    bar.stderr.write("two\n");
    expect([stderr.written[0], ...stderr.written.slice(2)]).toEqual(["one\n", ERASE, "two\n"]);
  });

  it("stands alone unless lines go to the same terminal", () => {
    const tty = output(true), pipe = output(false);
    expect([hasRoom(tty, tty, true), hasRoom(pipe, tty, true), hasRoom(tty, tty, false), hasRoom(tty, pipe, false)])
      .toEqual([false, true, true, false]);
  });
});

describe("the line of a progress bar", () => {
  const half = { label: "replay", total: 2048 };

  it("is plain ASCII where the locale asks for it", () => {
    expect(progressLine(half, 1024, 1000, 70, { unicode: false, colours: false })).toContain("replay #####");
  });

  it("leaves out the bar, then the numbers, where the terminal is narrow, and never more than fits", () => {
    expect(progressLine(half, 1024, 1000, 60, plain)).toBe("replay  50 %  1.0 KiB of 2.0 KiB  1.0 KiB/s  1 s left");
    expect(progressLine(half, 1024, 1000, 20, plain)).toBe("replay  50 %");
    for (let columns = 1; columns < 120; columns++) {
      for (const options of [half, { label: "import\x1b[2J", unit: "calls" }, { ...half, label: "x".repeat(300) }]) {
        const line = progressLine(options, 1024, 1000, columns, plain);
        expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).not.toContain("\x1b");
      }
    }
  });

  it("counts other things than bytes, and does without a total", () => {
    expect(progressLine({ label: "import", unit: "calls" }, 12_345, 2000, 80, plain)).toBe(
      "import  12,345 calls  6,173 calls/s",
    );
  });

  it("tells no nonsense of files that grow, are empty or have only just been begun", () => {
    expect(progressLine(half, 5000, 1000, 80, plain)).toContain("100 %  2.0 KiB of 2.0 KiB");
    expect(progressLine({ ...half, total: 0 }, 0, 0, 80, plain)).toBe("replay  0 B  0 B/s");
    expect(progressLine(half, 0, 0, 80, plain)).not.toMatch(/NaN|Infinity/);
    expect(progressLine({ label: "replay", total: 1e9 }, 1000, 60_000, 100, plain)).toContain("h left");
  });
});

describe("the locale", () => {
  it.each([
    [{}, true],
    [{ LANG: "C" }, false],
    [{ LANG: "POSIX" }, false],
    [{ LANG: "C.UTF-8" }, true],
    [{ LANG: "de_CH.utf8@euro" }, true],
    [{ LANG: "de_CH.ISO-8859-1" }, false],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
    [{ LANG: "C", LC_CTYPE: "en_US.UTF-8" }, true],
    [{ LANG: "en_US" }, true],
  ])("%j", (env: Record<string, string>, expected) => {
    expect(isUnicode((name) => env[name])).toBe(expected);
  });
});
