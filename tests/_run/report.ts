/** What a test runner wrote about its run. */

/** Sums over all runners. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** A test that did not run; its name ends with the reason, where there is one. */
export interface Skipped {
  readonly file: string;
  readonly name: string;
}

/** One runner's result. */
export interface Report extends Readonly<Totals> {
  readonly skips: readonly Skipped[];
}

/** Adds a report to the sums. */
export function count(totals: Totals, report: Report): void {
  totals.passed += report.passed;
  totals.failed += report.failed;
  totals.skipped += report.skipped;
}

/** Skipped tests that a machine with eBPF rights has no reason to skip. */
export function forbiddenSkips(skips: readonly Skipped[]): readonly Skipped[] {
  return skips.filter(({ file, name }) => /e2e|e?bpf|kernel/i.test(`${file} ${name}`));
}

/** Reads what `deno test --junit-path` writes. */
export function fromJunit(xml: string): Report | undefined {
  if (!xml.includes("<testsuites")) return undefined;
  const skips: Skipped[] = [];
  let passed = 0, failed = 0;
  for (const [, attributes = "", body = ""] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    if (/<(failure|error)\b/.test(body)) failed++;
    else if (!/<skipped\b/.test(body)) passed++;
    else skips.push(skippedOf(attribute(attributes, "name"), attribute(attributes, "classname")));
  }
  return { passed, failed, skipped: skips.length, skips };
}

/** The shim for vitest ends the name of a skipped test with ` in <file>`. */
function skippedOf(title: string, classname: string): Skipped {
  const [, name = title, file = classname] = /^([\s\S]*) in (\S+)$/.exec(title) ?? [];
  return { file, name };
}

function attribute(attributes: string, name: string): string {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);
}

const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" } as const;

interface VitestJson {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Reads what vitest's `json` reporter writes. */
export function fromVitest(text: string): Report | undefined {
  const { testResults } = JSON.parse(text) as VitestJson;
  const skips: Skipped[] = [];
  let passed = 0, failed = 0;
  for (const file of testResults) {
    // A file that cannot be loaded has no tests to fail.
    if (file.status === "failed" && file.assertionResults.length === 0) failed++;
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed++;
      else if (test.status === "failed") failed++;
      else skips.push({ file: file.name.replace(/^.*\/(?=tests\/)/, ""), name: test.fullName });
    }
  }
  return { passed, failed, skipped: skips.length, skips };
}
