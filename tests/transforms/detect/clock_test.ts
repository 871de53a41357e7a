import { describe, expect, it } from "vitest";
import { Clock } from "../../../transforms/detect/clock.ts";

describe("Clock", () => {
  it("is due at the first event, and then about once a second of the events", () => {
    const clock = new Clock(() => 0);
    expect([1000, 1500, 1999, 2000, 2999, 9000, 9500].map((time) => clock.advance(time))).toEqual(
      [true, false, false, true, false, true, false],
    );
  });

  it("does not go back", () => {
    const clock = new Clock(() => 0);
    clock.advance(5000);
    clock.advance(2000);
    expect(clock.now).toBe(5000);
  });

  it("goes on by the local clock while batches are empty", () => {
    let local = 70;
    const clock = new Clock(() => local);
    expect(clock.pause(0)).toBe(false); // nothing was seen yet
    clock.advance(5000);
    clock.pause(1);
    local += 900;
    expect(clock.pause(0)).toBe(false);
    local += 200;
    expect(clock.pause(0)).toBe(true);
    expect(clock.now).toBe(6100);
    clock.advance(6050); // on its way meanwhile
    expect(clock.now).toBe(6100);
  });
});
