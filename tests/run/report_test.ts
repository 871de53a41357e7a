import { describe, expect, it } from "vitest";
import { forbiddenSkips, fromJunit, fromVitest } from "../_run/report.ts";

describe("test reports", () => {
  it("counts what deno test wrote and tells why tests were skipped", () => {
    const report = fromJunit(`<?xml version="1.0"?>
<testsuites name="deno test" tests="3" failures="1">
  <testsuite name="./tests/_vitest/suite.ts">
    <testcase name="a &gt; works" classname="./tests/_vitest/suite.ts" time="0.1">
    </testcase>
    <testcase name="a &gt; breaks" classname="./tests/_vitest/suite.ts"><failure message="no">at <![CDATA[x]]></failure></testcase>
    <testcase name="a &gt; waits [needs root] in tests/e2e/a_test.ts" classname="./tests/_vitest/suite.ts" time="0.000">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>`);
    expect(report).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      skips: [{ file: "tests/e2e/a_test.ts", name: "a > waits [needs root]" }],
    });
  });

  it("has no report when the file is not one", () => {
    expect(fromJunit("")).toBeUndefined();
  });

  it("counts what vitest wrote, and a file that does not load as one failure", () => {
    const report = fromVitest(JSON.stringify({
      testResults: [
        { name: "/x/a_test.ts", status: "passed", assertionResults: [{ fullName: "a works", status: "passed" }] },
        { name: "/x/b_test.ts", status: "failed", assertionResults: [] },
        { name: "/x/tests/c_test.ts", status: "passed", assertionResults: [{ fullName: "c waits", status: "todo" }] },
      ],
    }));
    expect(report).toEqual({ passed: 1, failed: 1, skipped: 1, skips: [{ file: "tests/c_test.ts", name: "c waits" }] });
  });

  it("finds skipped tests that are about the kernel capture", () => {
    const skips = [
      { file: "tests/e2e/a_test.ts", name: "a" },
      { file: "tests/sources/ebpf/ring_test.ts", name: "b" },
      { file: "tests/sinks/jsonl_test.ts", name: "disk full [needs root]" },
    ];
    expect(forbiddenSkips(skips).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});
