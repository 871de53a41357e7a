/** `describe`, `it` and the hooks, as flat Deno tests. */
import { explain } from "./expect.ts";
import { argumentsOf, titleOf } from "./each.ts";

/** What a test function is given. */
export interface TestContext {
  readonly task: { readonly name: string };
  /** Aborted when the test has run out of time. */
  readonly signal: AbortSignal;
  /** Runs when the test is over, however it ended. */
  onTestFinished(cleanup: Hook): void;
}

/** Options of one test; a bare number is its timeout. */
export interface TestOptions {
  /** Milliseconds. */
  timeout?: number;
  skip?: boolean;
  only?: boolean;
  todo?: boolean;
}

type Hook = () => unknown;
type TestBody = (context: TestContext) => unknown;
type Limits = number | TestOptions;
/** Skips when truthy; a string tells why. */
type Condition = boolean | string | null | undefined;

// vitest takes the options before the function or the timeout after it.
interface Register<Body> {
  (name: string, body?: Body, timeout?: number): void;
  (name: string, options: TestOptions, body?: Body): void;
}

interface Each {
  // The union with a one-tuple makes the compiler infer tuples rather than arrays.
  <Row extends unknown[] | [unknown]>(
    rows: readonly Row[],
  ): (name: string, body: (...row: Row) => unknown, limits?: Limits) => void;
  <Row>(rows: readonly Row[]): (name: string, body: (row: Row) => unknown, limits?: Limits) => void;
}

interface Api<Body> extends Register<Body> {
  readonly skip: Register<Body>;
  readonly only: Register<Body>;
  readonly todo: (name: string, body?: Body) => void;
  readonly each: Each;
  /** Skips if the condition holds. A string condition, or `reason`, is shown with the skipped test. */
  readonly skipIf: (condition: Condition, reason?: string) => Register<Body>;
  /** Skips unless the condition holds. */
  readonly runIf: (condition: Condition, reason?: string) => Register<Body>;
}

/** Type of `it` and `test`. */
export type TestApi = Api<TestBody>;
/** Type of `describe`. */
export type SuiteApi = Api<() => void>;

interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  /** Why its tests are skipped, if they are. */
  readonly skip: string | undefined;
  readonly only: boolean;
  readonly timeout: number | undefined;
  readonly beforeAll: Hook[];
  readonly afterAll: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
  /** Tests, here and below, that have not ended. */
  left: number;
  /** Settles when its `beforeAll` hooks have; undefined before its first test. */
  begun: Promise<void> | undefined;
}

/** The same in vitest.config.ts. */
const DEFAULT_TIMEOUT = 20_000;

const file = Deno.mainModule.replace(new URL("../../", import.meta.url).href, "");
const root = makeSuite("", undefined, {});
let current = root;
let finishers: Hook[] | undefined;

function makeSuite(name: string, parent: Suite | undefined, mode: Mode): Suite {
  return {
    name,
    parent,
    skip: parent?.skip ?? mode.skip,
    only: (parent?.only ?? false) || (mode.only ?? false),
    timeout: mode.timeout ?? parent?.timeout,
    beforeAll: [],
    afterAll: [],
    beforeEach: [],
    afterEach: [],
    left: 0,
    begun: undefined,
  };
}

interface Mode {
  skip?: string | undefined;
  only?: boolean | undefined;
  timeout?: number | undefined;
}

/** Outermost first. */
function lineage(suite: Suite): Suite[] {
  return suite.parent ? [...lineage(suite.parent), suite] : [suite];
}

function addSuite(name: string, mode: Mode, body: (() => void) | undefined): void {
  const outer = current;
  current = makeSuite(name, outer, mode);
  try {
    body?.();
  } finally {
    current = outer;
  }
}

function addTest(name: string, mode: Mode, body: TestBody | undefined): void {
  const suites = lineage(current);
  const skip = current.skip ?? mode.skip ?? (body ? undefined : "todo");
  const title = [...suites.slice(1).map((suite) => suite.name), name].join(" > ");
  if (skip === undefined) { for (const suite of suites) suite.left++; }
  const timeout = mode.timeout ?? current.timeout ?? DEFAULT_TIMEOUT; // of the suite that is being described now
  Deno.test({
    // Deno reports this file as the place of every test, so a skipped one tells its own.
    name: skip ? `${title} [${skip}] in ${file}` : title,
    ignore: skip !== undefined,
    only: current.only || (mode.only ?? false),
    // As in vitest: what a suite opens in one test it may close in another.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => run(title, suites, body ?? (() => {}), timeout),
  });
}

async function run(title: string, suites: readonly Suite[], body: TestBody, timeout: number): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (hook: Hook): Promise<void> => {
    try {
      await hook();
    } catch (error) {
      failures.push(explain(error));
    }
  };
  const cleanups: Hook[] = finishers = [];
  await attempt(async () => {
    for (const suite of suites) await (suite.begun ??= begin(suite));
    for (const suite of suites) {
      for (const hook of suite.beforeEach) {
        const cleanup = await hook();
        if (typeof cleanup === "function") cleanups.push(cleanup as Hook);
      }
    }
    await withTimeout(title, timeout, body, (cleanup) => cleanups.push(cleanup));
  });
  for (const suite of suites.toReversed()) {
    for (const hook of suite.afterEach.toReversed()) await attempt(hook);
  }
  for (const cleanup of cleanups.toReversed()) await attempt(cleanup);
  finishers = undefined;
  for (const suite of suites.toReversed()) {
    if (--suite.left === 0) await attempt(() => end(suite));
  }
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} failures in "${title}"`);
  if (failures.length === 1) throw failures[0];
}

// With --filter or .only a suite's last test may never run, so what is left open is closed at the end of the file.
const open = new Set<Suite>();
Deno.test.afterAll(async () => {
  for (const suite of [...open].toReversed()) await end(suite);
});

async function begin(suite: Suite): Promise<void> {
  open.add(suite);
  for (const hook of suite.beforeAll) {
    const cleanup = await hook();
    if (typeof cleanup === "function") suite.afterAll.push(cleanup as Hook);
  }
}

async function end(suite: Suite): Promise<void> {
  if (!open.delete(suite)) return;
  for (const hook of suite.afterAll.toReversed()) await hook();
}

/** A hook that fails when it takes longer than its timeout, if it has one. */
function limited(hook: Hook, timeout: number | undefined): Hook {
  if (timeout === undefined) return hook;
  return async () => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`Hook timed out in ${timeout}ms.`)), timeout);
    try {
      return await Promise.race([hook(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function withTimeout(
  name: string,
  timeout: number,
  body: TestBody,
  onTestFinished: (cleanup: Hook) => void,
): Promise<void> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = timeout > 0 && timeout !== Infinity
    ? setTimeout(() => {
      const error = new Error(`Test timed out in ${timeout}ms.`);
      controller.abort(error);
      late.reject(error);
    }, timeout)
    : undefined;
  try {
    await Promise.race([body({ task: { name }, signal: controller.signal, onTestFinished }), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function api<Body>(add: (name: string, mode: Mode, body: Body | undefined) => void): Api<Body> {
  const register =
    (forced: Mode): Register<Body> => (name: string, second?: Body | TestOptions, third?: Body | number) => {
      const [options, body] = (typeof second === "object" ? [second, third] : [{}, second]) as [TestOptions, Body];
      const timeout = typeof third === "number" ? third : options.timeout;
      const skip = forced.skip ?? (options.todo ? "todo" : options.skip ? "skipped" : undefined);
      add(name, { skip, only: forced.only ?? options.only, timeout }, body);
    };
  const each = (rows: readonly unknown[]) => (name: string, body: (...row: unknown[]) => unknown, limits?: Limits) => {
    if (!Array.isArray(rows)) throw new TypeError("each takes an array; tagged templates are not in this shim");
    const mode = typeof limits === "number" ? { timeout: limits } : { timeout: limits?.timeout };
    rows.forEach((row, index) => {
      add(titleOf(name, row, index), mode, (() => body(...argumentsOf(row))) as Body);
    });
  };
  const when = (skip: boolean, condition: Condition, reason: string | undefined): Register<Body> =>
    register(skip ? { skip: reason ?? (typeof condition === "string" && condition ? condition : "skipped") } : {});
  return Object.assign(register({}), {
    skip: register({ skip: "skipped" }),
    only: register({ only: true }),
    todo: (name: string, body?: Body) => add(name, { skip: "todo" }, body),
    each: each as Each,
    skipIf: (condition: Condition, reason?: string) => when(Boolean(condition), condition, reason),
    runIf: (condition: Condition, reason?: string) => when(!condition, condition, reason),
  });
}

/** A group of tests with hooks of its own. */
export const describe: SuiteApi = api(addSuite);
/** One test. */
export const it: TestApi = api(addTest);
/** The same as {@linkcode describe}. */
export const suite: SuiteApi = describe;
/** The same as {@linkcode it}. */
export const test: TestApi = it;

/** Runs before the first test of the suite; a function it returns runs after the last. */
export function beforeAll(hook: Hook, timeout?: number): void {
  current.beforeAll.push(limited(hook, timeout));
}
/** Runs after the last test of the suite. */
export function afterAll(hook: Hook, timeout?: number): void {
  current.afterAll.push(limited(hook, timeout));
}
/** Runs before each test; a function it returns runs after the test. */
export function beforeEach(hook: Hook, timeout?: number): void {
  current.beforeEach.push(limited(hook, timeout));
}
/** Runs after each test. */
export function afterEach(hook: Hook, timeout?: number): void {
  current.afterEach.push(limited(hook, timeout));
}
/** Called inside a test: runs when it is over. */
export function onTestFinished(cleanup: Hook): void {
  if (!finishers) throw new Error("onTestFinished can only be called while a test runs");
  finishers.push(cleanup);
}
