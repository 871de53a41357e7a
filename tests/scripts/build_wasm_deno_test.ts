import { describe, expect, it } from "vitest";
import { digest, SOURCES } from "../../scripts/build_wasm.ts";

describe("build_wasm", () => {
  for (const source of SOURCES) {
    it(`has built ${source} as it is`, async () => {
      const from = new URL(`../../${source}`, import.meta.url);
      const { SOURCE_SHA256 } = await import(from.href.replace(/\.c$/, "_wasm.ts"));
      expect(await digest(from)).toBe(SOURCE_SHA256);
    });
  }
});
