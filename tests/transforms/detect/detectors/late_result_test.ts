import { describe, expect, it } from "vitest";
import lateResult from "../../../../transforms/detect/detectors/late_result.ts";
import { found, Talk } from "../_talk.ts";

/** A cancelled call whose result comes so many seconds later. */
function* cancelled(seconds: number) {
  const talk = new Talk();
  const call = talk.call("build");
  yield call;
  yield talk.wait(1).cancel(call);
  yield talk.wait(seconds).answer(call, {}, false);
}

describe("late_result", () => {
  it("tells of a result long after the cancellation", () => {
    const [finding, ...more] = found(lateResult, cancelled(5));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "mcp.call.late_result", severity: "low" });
    expect(finding?.message).toBe('tools/call "build" was cancelled, and answered 5.0 s later all the same');
  });

  it("says nothing of a result that was on its way", () => {
    expect(found(lateResult, cancelled(0.5))).toEqual([]);
    expect(found(lateResult, cancelled(0.5), { grace_ms: 100 })).toHaveLength(1);
  });

  it("says nothing of calls that were not cancelled", () => {
    const talk = new Talk();
    const call = talk.call("build");
    expect(found(lateResult, [call, talk.wait(100).answer(call)])).toEqual([]);
  });
});
