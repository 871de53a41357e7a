/** What is captured and what is left out. */
import { describe, expect, it } from "vitest";
import { expectSeen, expectUnseen, messagesOf, pidsOf } from "./_harness/compare.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { hold, pair } from "./_harness/peers.ts";

const CALLS = ["pipe", "write", "read", 5] as const;
/** The fence of `settle` must pass the filters too. */
const FENCE = ["sh", "dd"];

describe.skipIf(noCapture)("kernel capture, filtered", () => {
  it("captures only what `only` names by task name", async () => {
    await using monitor = await Monitor.start({ ebpf: { only: { comm: ["raw-*", ...FENCE] } } });
    await expectSeen(monitor, await hold(pair("calls", ...CALLS)));
    await using others = await Monitor.start({ ebpf: { only: { comm: ["other", ...FENCE] } } });
    await expectUnseen(others, pidsOf(await hold(pair("calls", ...CALLS))));
  });

  it("leaves out what `except` names by task name", async () => {
    await using monitor = await Monitor.start({ ebpf: { except: { comm: ["raw-server"] } } });
    await expectUnseen(monitor, pidsOf(await hold(pair("calls", ...CALLS))));
  });

  it("counts the descendants of a pid with it, or not", async () => {
    const only = { pid: [Deno.pid] };
    await using family = await Monitor.start({ ebpf: { only } });
    await using alone = await Monitor.start({ ebpf: { only, follow_children: false } });
    const truth = await hold(pair("calls", ...CALLS));
    await expectSeen(family, truth);
    expect(messagesOf(alone.lines(), new Set(pidsOf(truth)))).toEqual([]);
  });

  it.each([false, true])("captures what its own children do only if told so: %s", async (own_children) => {
    const plugin = new URL("fixtures/spawning_source.ts", import.meta.url).pathname;
    const command = pair("calls", ...CALLS);
    const truth = await Deno.makeTempFile();
    await using monitor = await Monitor.start({
      ebpf: { own_children },
      sources: { children: { type: plugin, command, truth } },
    });
    await monitor.waitFor("the children", (lines) => lines.some(({ rule }) => rule === "test.children_done"));
    await monitor.settle();
    const sent = (await Deno.readTextFile(truth)).trimEnd().split("\n").map((line) => JSON.parse(line));
    expect(sent.length).toBeGreaterThan(8);
    if (own_children) await expectSeen(monitor, sent);
    else await expectUnseen(monitor, pidsOf(sent));
  });
});
