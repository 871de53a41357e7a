import { describe, expect, it } from "vitest";
import { difference, Surface } from "../../../commands/_top/surface.ts";
import type { Writer } from "../../../sinks/console/writer.ts";

const SIZE = { columns: 10, rows: 3 };

/** A terminal that takes a write when it is told to. */
class Slow implements Writer {
  readonly writes: string[] = [];
  #done = () => {};

  write(bytes: Uint8Array): Promise<void> {
    this.writes.push(new TextDecoder().decode(bytes));
    return new Promise((resolve) => this.#done = resolve);
  }

  async take(): Promise<void> {
    this.#done();
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The text of a screen after what was sent. */
function shown(sent: string, before: readonly string[] = ["", "", ""]): string[] {
  const screen = sent.includes("\x1b[2J") ? ["", "", ""] : [...before];
  // deno-lint-ignore no-control-regex
  for (const [, row, text] of sent.matchAll(/\x1b\[(\d+);1H\x1b\[0m\x1b\[K([^\x1b]*)/g)) {
    screen[Number(row) - 1] = text!;
  }
  return screen;
}

describe("difference", () => {
  it("sends only lines that changed", () => {
    expect(difference(["a", "b", "c"], ["a", "x", "c"], 3)).toBe("\x1b[2;1H\x1b[0m\x1b[Kx");
    expect(difference(["a"], ["a"], 3)).toBe("");
    expect(shown(difference(undefined, ["a", "", "c"], 3))).toEqual(["a", "", "c"]);
    expect(shown(difference(["a", "b", "c"], ["a"], 3), ["a", "b", "c"])).toEqual(["a", "", ""]);
  });
});

describe("Surface", () => {
  it("gives a slow terminal the newest frame, not all of them", async () => {
    const slow = new Slow();
    const surface = new Surface(slow, SIZE);
    surface.open(SIZE);
    for (const frame of ["one", "two", "three", "four"]) surface.write(frame);
    await slow.take();
    await slow.take();
    expect(slow.writes).toHaveLength(2);
    expect(shown(slow.writes[0]!)[0]).toBe("one");
    expect(shown(slow.writes[1]!)[0]).toBe("four");
  });

  it("goes on after a frame in which nothing is new", async () => {
    const slow = new Slow();
    const surface = new Surface(slow, SIZE);
    surface.open(SIZE);
    surface.write("a");
    await slow.take();
    surface.write("a");
    surface.write("b");
    await slow.take();
    expect(shown(slow.writes.at(-1)!)[0]).toBe("b");
  });

  it("draws all anew after another size, and nothing once it is closed", async () => {
    const slow = new Slow();
    const surface = new Surface(slow, SIZE);
    surface.write("too early");
    surface.open(SIZE);
    surface.write("a\nb");
    await slow.take();
    surface.resize({ columns: 20, rows: 2 });
    surface.write("a\nb\nc");
    await slow.take();
    expect(slow.writes.at(-1)).toContain("\x1b[2J");
    expect(slow.writes.at(-1)).not.toContain("c");
    surface.write("d");
    const closing = surface.close(20);
    surface.write("e");
    await closing;
    expect(slow.writes.join("")).not.toContain("e");
  });

  it("says when the terminal is gone", async () => {
    const surface = new Surface({ write: () => Promise.reject(new Error("EIO")) }, SIZE);
    surface.open(SIZE);
    surface.write("a");
    await surface.broken;
    surface.write("b");
    await surface.close(20);
  });
});
