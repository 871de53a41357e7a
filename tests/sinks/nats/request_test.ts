import { describe, expect, it } from "vitest";
import { natsCourier } from "../../../sinks/nats/courier.ts";
import { judgeResults, messagesOf, type Result } from "../../../sinks/nats/request.ts";
import { finding, toolCall } from "../../pipeline/mapping/_examples.ts";
import { recordsOf } from "../http/_courier.ts";

const mine = natsCourier({ endpoint: "nats://127.0.0.1:4222", subject: "audit.mcp", raw: false });

describe("a request of the nats sink", () => {
  it("has a message for each record, by kind of event, with the record's id", () => {
    const [request] = mine.requests(recordsOf(mine, [finding(), toolCall()]));
    expect(messagesOf(request!).map(({ subject, id }) => [subject, id])).toEqual([
      ["audit.mcp.finding", "00112233aabbccdd-0"],
      ["audit.mcp.mcp", "00112233aabbccdd-1"],
    ]);
    expect(JSON.parse(new TextDecoder().decode(messagesOf(request!)[0]!.data))).toMatchObject({ kind: "finding" });
    expect(messagesOf(mine.health!())).toEqual([]);
  });

  it("sends a damaged record to a subject of its own rather than to one that it names", () => {
    const bytes = new TextEncoder().encode('{"kind":"a.b > *"}');
    const [request] = mine.requests([{ id: "x-1", time: 0, bytes }]);
    expect(messagesOf(request!)[0]!.subject).toBe("audit.mcp.other");
  });

  it("is judged message by message", () => {
    const full: Result = { message: "maximum messages exceeded", what: "again" };
    const large: Result = { message: "too long", what: "never" };
    const none: Result = { message: "no stream", what: "mend" };
    expect(judgeResults([null, null], [0, 1])).toEqual({ outcome: "done" });
    expect(judgeResults([null, full, large], [4, 5, 6])).toEqual({
      outcome: "partly",
      retry: [5],
      retryReason: "maximum messages exceeded",
      rejected: [{ record: 6, reason: "too long" }],
      afterMs: undefined,
    });
    expect(judgeResults([none], [0])).toMatchObject({ outcome: "partly", retry: [0], afterMs: 30_000 });
    expect(judgeResults([], [0])).toMatchObject({ outcome: "partly", retry: [0] });
  });
});
