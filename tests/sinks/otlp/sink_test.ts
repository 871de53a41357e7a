import { describe, expect, it } from "vitest";
import otlp from "../../../sinks/otlp/mod.ts";
import { Recorder, type Reply } from "../../pipeline/delivery/_endpoint.ts";
import { context, folder, type Told } from "../../pipeline/delivery/_sink.ts";
import { follow, Talk, text, use } from "../../transforms/mcp/_talk.ts";
import { shifted } from "./_sent.ts";

/** Two calls, four spans, to an endpoint that answers so. */
async function deliver(recorder: Recorder, reply: Reply, more: Record<string, unknown> = {}): Promise<Told> {
  recorder.reply = reply;
  const told = context();
  const talk = new Talk().client(use(1, "a")).server(text(1, "")).client(use(2, "a")).server(text(2, ""));
  const { events } = await follow([shifted(talk.events)]);
  const options = otlp.options.parse({
    endpoint: new URL(recorder.url).origin,
    signals: ["traces"],
    buffer_dir: folder(),
    batch_ms: 5,
    retry: { initial_ms: 5, max_ms: 20 },
    health_check: false,
    ...more,
  });
  const sink = await otlp.create(options, told);
  await sink((async function* () {
    yield events;
  })());
  return told;
}

const answer = (body: unknown) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("the sink", () => {
  it("posts compressed JSON with the user's headers", async () => {
    const recorder = await Recorder.start();
    const { dropped, gauges } = await deliver(recorder, () => answer({}), { headers: { "x-tenant": "one" } });
    expect(recorder.requests).toMatchObject([{
      method: "POST",
      url: "/v1/traces",
      headers: { "content-type": "application/json", "content-encoding": "gzip", "x-tenant": "one" },
    }]);
    const { resourceSpans } = JSON.parse(recorder.requests[0]!.body);
    expect(resourceSpans).toHaveLength(2);
    expect(resourceSpans[0].scopeSpans[0].scope.name).toBe("mcpsonde");
    expect(dropped).toEqual({});
    expect(gauges["records_delivered"]).toBe(4);
  });

  it("counts and tells what a success has refused, and does not send it again", async () => {
    const recorder = await Recorder.start();
    const partialSuccess = { rejectedSpans: "3", errorMessage: "older than a week" };
    const { dropped, logged } = await deliver(recorder, () => answer({ partialSuccess }));
    expect(recorder.requests).toHaveLength(1);
    expect(dropped).toEqual({ refused: 3 });
    expect(logged.join("\n")).toMatch(/refused 3 spans: older than a week/);
  });

  it("sends the same bytes again after 503, when Retry-After says", async () => {
    const recorder = await Recorder.start();
    let asked = 0;
    const { dropped } = await deliver(
      recorder,
      () => ++asked === 1 ? { status: 503, headers: { "retry-after": "1" } } : answer({}),
    );
    const [first, second] = recorder.requests;
    expect(recorder.requests).toHaveLength(2);
    expect(second!.body).toBe(first!.body);
    expect(second!.at - first!.at).toBeGreaterThan(900);
    expect(dropped).toEqual({});
  });

  it("gives up what is refused for ever, and says so", async () => {
    const recorder = await Recorder.start();
    const { dropped, logged } = await deliver(recorder, () => ({ status: 400, body: "bad span" }));
    expect(recorder.requests).toHaveLength(1);
    expect(dropped).toEqual({ rejected: 4 });
    expect(logged.join("\n")).toContain("status 400: bad span");
  });

  it("asks at the start whether it may send, by an empty request", async () => {
    const recorder = await Recorder.start();
    const { logged } = await deliver(
      recorder,
      ({ headers }) => headers["authorization"] === undefined ? { status: 401, body: "who?" } : answer({}),
      { health_check: true, shutdown_ms: 50 },
    );
    expect(recorder.requests[0]!.body).toBe('{"resourceSpans":[]}');
    expect(logged.join("\n")).toContain("401");
  });
});
