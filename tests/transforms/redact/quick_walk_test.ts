/** The short walk makes of a document what the careful one makes of it, or leaves it to that. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSensitive } from "../../../protocols/sensitive/mod.ts";
import { Frame } from "../../../transforms/redact/frame.ts";
import { JsonWalk } from "../../../transforms/redact/json_walk.ts";
import { options } from "../../../transforms/redact/options.ts";
import { compilePolicy, type Policy } from "../../../transforms/redact/policy.ts";
import { quickWalk } from "../../../transforms/redact/quick_walk.ts";
import { Run } from "../../../transforms/redact/run.ts";
import { DOCUMENT, TOKEN } from "./_documents.ts";

const policy = await compilePolicy(await options.parseAsync({ hash_key: "0123456789abcdef" }));

function walked(
  text: string,
  how: (run: Run, frame: Frame, found: ReturnType<typeof findSensitive>) => string | undefined,
) {
  const run = new Run(policy, policy.always, [...(policy satisfies Policy).kinds.keys()], true);
  return how(run, Frame.root(policy.always, () => undefined), findSensitive(text, run.kinds));
}

const quick = (text: string) => walked(text, (run, frame, found) => quickWalk(text, run, frame, found));
const careful = (text: string) => walked(text, (run, frame, found) => new JsonWalk(text, run, 0, found).walk(frame));

describe("the short walk", () => {
  it("agrees with the careful one", () => {
    let short = 0;
    fc.assert(
      fc.property(fc.oneof(DOCUMENT.object, DOCUMENT.array), fc.constantFrom(0, 1), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const shown = quick(text);
        if (shown === undefined) return;
        short++;
        expect(shown).toBe(careful(text));
      }),
      { numRuns: 2000 },
    );
    expect(short).toBeGreaterThan(200);
  });
  it("takes ordinary messages, and hides what stands in them", () => {
    const text = JSON.stringify({
      id: 1,
      params: { name: "x", arguments: { password: "hunter2", note: `see ${TOKEN}` } },
    });
    expect(quick(text)).toMatch(/"password":"<password:hash:\w+>","note":"see <github_token:hash:\w+>"/);
    expect(quick('{"a":"the cookie banner"}')).toBe('{"a":"the cookie banner"}');
  });
  it("leaves schemas, and what is nested under a name that tells, to the careful one", () => {
    expect(quick('{"inputSchema":{"properties":{"password":{"type":"string"}}}}')).toBeUndefined();
    expect(quick('{"secrets":{"a":"b"}}')).toBeUndefined();
    expect(quick('{"card":4111111111111111}')).toBeUndefined();
  });
});
