/**
 * `vitest` for `deno test`: deno.json maps the name to this file, so that a test file that imports
 * `{ describe, it, expect, vi } from "vitest"` runs here unchanged. Under Node the real vitest is used.
 *
 * Every `it` becomes one flat `Deno.test("suite > name")`, so counts, `--filter`, `--parallel` and reporters are true.
 * The assertions and spies are vitest's own packages. Not here: `vi.mock`, fake timers, snapshots, `concurrent`.
 *
 * @module
 */
export { expect } from "./expect.ts";
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, onTestFinished, suite, test } from "./suite.ts";
export type { SuiteApi, TestApi, TestContext, TestOptions } from "./suite.ts";
export { vi } from "./vi.ts";
export type { Mock, MockInstance } from "@vitest/spy";
