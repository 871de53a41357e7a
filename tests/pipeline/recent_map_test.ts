import { describe, expect, it } from "vitest";
import { RecentMap } from "../../pipeline/recent_map.ts";

describe("RecentMap", () => {
  it("is a map", () => {
    const map = new RecentMap<string, number>(10);
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([3, 2, undefined, 2]);
    map.delete("a");
    map.delete("c");
    expect([map.get("a"), map.size]).toEqual([undefined, 1]);
  });

  it("forgets what was not used lately, and keeps what was", () => {
    const map = new RecentMap<number, boolean>(100);
    for (let key = 0; key < 10_000; key++) {
      map.set(key, true);
      map.get(0);
      expect(map.size).toBeLessThanOrEqual(100);
    }
    expect([map.get(0), map.get(1), map.get(5000), map.get(9999), map.get(9960)]).toEqual(
      [true, undefined, undefined, true, true],
    );
  });

  it("has each key once", () => {
    const map = new RecentMap<number, number>(4);
    for (let k = 0; k < 1000; k++) {
      map.set(k % 5, k);
      if (k % 3 === 0) map.delete(k % 4);
      expect(map.size).toBeLessThanOrEqual(4);
      expect(map.get(k % 5)).toBe(k % 3 === 0 && k % 4 === k % 5 ? undefined : k);
    }
  });

  it("holds no more than may be, by weight, and tells of what it forgets", () => {
    const gone: number[] = [];
    const map = new RecentMap<number, string>(1000, {
      heaviest: 100,
      weigh: (_, value) => value.length,
      forgotten: (key) => gone.push(key),
    });
    let weight = 0;
    for (let key = 0; key < 200; key++) {
      map.set(key, "x".repeat(key % 20));
      weight = 0;
      for (let k = 0; k <= key; k++) if (!gone.includes(k)) weight += k % 20;
      expect(weight).toBeLessThanOrEqual(100);
      expect(map.size).toBe(key + 1 - gone.length);
    }
    map.set(1000, "x".repeat(51));
    expect([gone.at(-1), map.get(1000), map.get(199)]).toEqual([1000, undefined, "x".repeat(19)]);
  });

  it("makes what it does not have", () => {
    const map = new RecentMap<string, number>(10);
    expect([map.recall("ab", (key) => key.length), map.recall("ab", () => 7)]).toEqual([2, 2]);
  });
});
