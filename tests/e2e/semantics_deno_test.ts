/** Real SDKs of both generations, through the whole pipeline: every method of every revision, and calls of all kinds. */
import { beforeAll, describe, expect, it } from "vitest";
import { Conversation, type Described, type DescribedCall } from "../captures/described.ts";
import { expectUnderstood } from "../captures/expected.ts";
import { play } from "../captures/play.ts";
import { SCENARIOS } from "../captures/scenarios.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";

const INSTALL = 600_000;
const SINK = new URL("fixtures/semantics_sink.ts", import.meta.url).pathname;
const TRANSFORMS = ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type }));

/** The `call` object of a line, as far as it is looked at. */
interface CallRecord {
  readonly method: string;
  readonly name?: string | undefined;
  readonly outcome: string | undefined;
  readonly error_code?: number | undefined;
  readonly requests: number;
  readonly progress: number;
}

function asRecord({ errorCode, ...call }: DescribedCall): CallRecord {
  return { ...call, error_code: errorCode };
}

function recorded({ method, name, outcome, error_code, requests, progress }: CallRecord): string {
  return [method, name, outcome, error_code, requests, progress].join(" ");
}

describe.skipIf(noCapture)("the whole pipeline, on real SDKs", () => {
  let monitor: Monitor;
  let out: string;

  beforeAll(async () => {
    await install("typescript1", "typescript2", "python2");
    out = await Deno.makeTempFile({ prefix: "mcpsonde-semantics-" });
    monitor = await Monitor.start({
      ebpf: { only: { pid: [Deno.pid] }, tls: false },
      transforms: TRANSFORMS,
      sinks: { semantics: { type: SINK, out } },
    });
    return async () => {
      await monitor[Symbol.asyncDispose]();
      await Deno.remove(out);
    };
  }, INSTALL);

  it.each(Object.keys(SCENARIOS))("understands %s", async (name) => {
    const scenario = SCENARIOS[name];
    if (scenario === undefined) throw new RangeError(name);
    const before = (await Deno.readTextFile(out)).length;
    const linesBefore = monitor.lines().length;
    await play(scenario);
    await monitor.settle();
    const written = (await Deno.readTextFile(out)).slice(before).split("\n").filter((line) => line !== "");
    const conversation = new Conversation();
    for (const seen of written.map((line) => JSON.parse(line) as Described | DescribedCall)) {
      if (!("method" in seen && seen.method?.startsWith("fence/"))) conversation.add(seen);
    }
    expectUnderstood(scenario, conversation);
    const lines = monitor.lines().slice(linesBefore).filter(({ method }) => !method?.startsWith("fence/"));
    const messages = lines.filter(({ kind }) => kind === "mcp");
    expect(messages.map(({ era }) => era)).toEqual(conversation.messages.map(({ era }) => era));
    const records = lines.flatMap(({ call }) => call === undefined ? [] : [call as CallRecord]);
    expect(records.map(recorded)).toEqual(conversation.calls.map(asRecord).map(recorded));
  }, 30_000);
});
