import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { fuzz, mutate, random, targets } from "./_fuzz.ts";

const SECONDS = 1;
const all = await targets();

describe("fuzzing for a second", () => {
  for (const target of all.values()) {
    it(`finds nothing in ${target.name}`, async () => {
      const { runs, crash } = await fuzz(target, SECONDS, Date.now() >>> 0);
      if (crash) throw new Error(`${target.name} fails on ${JSON.stringify([...crash.data])}`, { cause: crash.error });
      expect(runs).toBeGreaterThan(target.seeds.length);
    });
  }

  it("finds a fault, and the same one again", async () => {
    const seeds = [new TextEncoder().encode("some bytes to begin with")];
    const target = { name: "fault", seeds, run: (data: Uint8Array) => check(!data.includes(200)) };
    const { runs, crash } = await fuzz(target, 10, 7);
    expect(crash?.data.includes(200)).toBe(true);
    expect((await fuzz(target, 10, 7)).runs).toBe(runs);
  });

  it("tells of a run that takes too long", async () => {
    const slow = { name: "slow", seeds: [new Uint8Array(1)], run: () => wait(2100) };
    expect((await fuzz(slow, 0, 1)).crash?.error).toMatchObject({ message: expect.stringMatching(/took 21\d\d ms/) });
  });

  it("leaves its seeds alone, also those that are Buffers", () => {
    const seed = Buffer.from("some bytes to begin with"), below = random(5);
    for (let k = 0; k < 1000; k++) mutate([seed], below);
    expect(seed.toString()).toBe("some bytes to begin with");
  });

  it("mutates within a bound", () => {
    const below = random(3), corpus = [new Uint8Array(4000), new Uint8Array(0)];
    for (let k = 0; k < 1000; k++) expect(mutate(corpus, below).length).toBeLessThanOrEqual(4096);
  });
});

function check(holds: boolean): void {
  if (!holds) throw new Error("it does not hold");
}

function wait(ms: number): void {
  for (const stop = performance.now() + ms; performance.now() < stop;);
}
