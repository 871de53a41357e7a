/** The tests of runtime-neutral code, under Node. What needs Deno ends in `_deno_test.ts` or lives in tests/e2e. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*_test.ts"],
    exclude: ["**/*_deno_test.ts", "tests/e2e/**", "**/node_modules/**"],
    testTimeout: 20_000,
  },
});
