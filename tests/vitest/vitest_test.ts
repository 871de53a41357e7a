import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

describe("vitest, real or stood in for", () => {
  const calls: string[] = [];

  describe("hooks", () => {
    beforeAll(() => {
      calls.push("beforeAll");
    });
    beforeEach(() => {
      calls.push("beforeEach");
      return () => calls.push("undo beforeEach");
    });
    afterEach(() => {
      calls.push("afterEach");
    });
    afterAll(() => {
      calls.push("afterAll");
    });

    it("run before the first test and before each", () => {
      onTestFinished(() => {
        calls.push("onTestFinished");
      });
      expect(calls).toEqual(["beforeAll", "beforeEach"]);
    });

    describe("of an outer suite", () => {
      beforeEach(() => {
        calls.push("inner beforeEach");
      });

      it("run for the tests of an inner one, outermost first", () => {
        expect(calls.slice(-2)).toEqual(["beforeEach", "inner beforeEach"]);
      });
    });
  });

  it("runs afterAll once, when the suite's last test is over", () => {
    expect(calls.filter((call) => call === "beforeAll" || call === "afterAll")).toEqual(["beforeAll", "afterAll"]);
    expect(calls.at(-1)).toBe("afterAll");
    expect(calls.filter((call) => call === "afterEach")).toHaveLength(2);
    expect(calls.filter((call) => call === "undo beforeEach")).toHaveLength(2);
    expect(calls).toContain("onTestFinished");
  });

  it.each([[1, 2, 3], [2, 3, 5]])("each passes a row as arguments: %d + %d = %d", (a, b, sum) => {
    expect(a + b).toBe(sum);
  });

  it.each([{ name: "one", size: 1 }])("each passes an object as it is: $name", ({ name, size }) => {
    expect([name, size]).toEqual(["one", 1]);
  });

  it.skipIf(false)("skipIf runs the test when there is no reason to skip", () => {});
  it.runIf(true)("runIf runs the test when its condition holds", () => {});

  it("spies record calls and results", () => {
    const double = vi.fn((x: number) => 2 * x);
    expect(double(4)).toBe(8);
    expect(double).toHaveBeenCalledExactlyOnceWith(4);
    const target = { now: (): number => 1 };
    const spy = vi.spyOn(target, "now").mockReturnValue(7);
    expect(target.now()).toBe(7);
    spy.mockRestore();
    expect(target.now()).toBe(1);
  });

  it("matchers see asymmetric values, promises and errors", async () => {
    expect({ id: 7, at: "now" }).toEqual({ id: expect.any(Number), at: expect.stringMatching(/^n/) });
    await expect(Promise.resolve(1)).resolves.toBe(1);
    await expect(Promise.reject(new RangeError("no"))).rejects.toThrow(RangeError);
    expect(() => expect({ a: 1 }).toEqual({ a: 2 })).toThrow("deeply equal");
  });

  it("waits until something is so", async () => {
    let left = 3;
    expect(await vi.waitUntil(() => --left === 0, { interval: 1 })).toBe(true);
    await vi.waitFor(() => expect(left).toBe(0));
  });

  it("takes a timeout as its third argument", async ({ signal }) => {
    expect(signal.aborted).toBe(false);
    await Promise.resolve();
  }, 5_000);
});
