/** What the detectors say of a hostile server, as a user sees it. */
import { beforeAll, describe, expect, it } from "vitest";
import { commands, talk } from "./_harness/http_peers.ts";
import { noCapture } from "./_harness/machine.ts";
import { Monitor } from "./_harness/monitor.ts";
import { install } from "./_harness/peers.ts";

const INSTALL = 600_000;
const TRANSFORMS = ["http", "jsonrpc", "mcp", "detect", "redact"].map((type) => ({ type }));

describe.skipIf(noCapture)("detection, of what real peers do", () => {
  let peers: string;
  beforeAll(async () => void (peers = await install("typescript1")), INSTALL);

  it("tells each of a hostile server's tricks, in the file and on the screen", async () => {
    await using monitor = await Monitor.start({
      ebpf: { only: { pid: [Deno.pid] }, tls: false },
      transforms: TRANSFORMS,
      sinks: { screen: { type: "console" } },
    });
    await talk(commands(peers).typescript("node", "typescript1/hostile.mjs"));
    await monitor.settle();
    const found = monitor.lines().filter(({ kind, method }) => kind === "finding" && !method?.startsWith("fence/"));
    const expected = [
      "destructive_tool",
      "path_traversal",
      "poisoned_description",
      "prompt_injection",
      "runaway_loop",
      "shell_metacharacters",
      "ssrf_target",
      "tool_drift",
      "tool_shadowing",
    ];
    expect(await monitor.stop()).toBe(0);
    expect([...new Set(found.map(({ detector }) => detector))]).toEqual(expect.arrayContaining(expected));
    for (const { rule = "", message = "", severity } of found) {
      expect(severity, rule).toMatch(/^(info|low|medium|high|critical)$/);
      expect(message, rule).not.toBe("");
      expect(monitor.stdout, rule).toContain(rule);
    }
  }, 30_000);
});
