/** The corpus itself: well-formed, split as it says, large enough, and without anything that looks like a credential. */
import { describe, expect, it } from "vitest";
import { conversation } from "./conversation.ts";
import { classes, items, learnt, partOf, PARTS, spent, text } from "./item.ts";

const all = classes().flatMap((name) =>
  PARTS.flatMap((part) => items(name, part).map((item) => ({ item, name, part })))
);
const isSpent = new Set(classes().flatMap(spent).map(({ id }) => id));

describe("the corpus", () => {
  it("has 300 items of each label, and 30 of each in every class", () => {
    for (const label of ["hostile", "benign"] as const) {
      const labelled = all.filter(({ item }) => item.label === label);
      expect(labelled.length).toBeGreaterThanOrEqual(300);
      for (const name of classes()) {
        expect(labelled.filter((one) => one.name === name).length, `${name} ${label}`).toBeGreaterThanOrEqual(30);
      }
    }
  });

  it("puts each item into the class's folder and the part that its id tells, or that was held out once", () => {
    for (const { item, name, part } of all) {
      const once = isSpent.has(item.id) ? "held_out" : part;
      expect([item.class, partOf(item.id)], item.id).toEqual([name, once]);
      expect(item.id.startsWith(`${name}-${item.label}-`), item.id).toBe(true);
    }
    expect(new Set(all.map(({ item }) => item.id)).size).toBe(all.length);
  });

  it("holds out about a third of each class, less where what was held out once is for tuning now", () => {
    for (const name of classes()) {
      // Batches to learn from have no part that is held out.
      const candidates = all.filter((one) => one.name === name).length - learnt(name).length;
      const share = items(name, "held_out").length / candidates;
      expect(share, name).toBeGreaterThan(0.15);
      expect(share, name).toBeLessThan(0.5);
    }
  });

  it("makes the same conversation of an item each time, with no placeholder left", () => {
    const decoder = new TextDecoder();
    for (const { item } of all) {
      const written = () => conversation(item).map(({ buffer }) => decoder.decode(buffer)).join("");
      expect(written(), item.id).toBe(written());
      expect(written(), item.id).not.toMatch(/\{\{[A-Z0-9_]+( \d+)?\}\}/);
    }
  });

  it("has no text in its files that looks like a credential", () => {
    const looksLike = [
      /gh[pousr]_[A-Za-z0-9]{20}/,
      /github_pat_[A-Za-z0-9]{20}/,
      /glpat-[\w-]{18}/,
      /(AKIA|ASIA)[A-Z0-9]{16}/,
      /AIza[\w-]{35}/,
      /xox[bpars]-\d/,
      /hooks\.slack\.com\/services\/T/,
      /[srp]k_live_[A-Za-z0-9]{10}/,
      /sk-(proj|ant)-[\w-]{20}/,
      /npm_[A-Za-z0-9]{30}/,
      /PRIVATE KEY-----\s*\S{20}/,
      /eyJ[\w-]{20,}\.eyJ/,
    ];
    for (const name of classes()) {
      for (const part of PARTS) {
        for (const form of looksLike) expect(text(name, part), `${name} ${part}`).not.toMatch(form);
      }
    }
  });
});
