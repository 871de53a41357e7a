import { describe, expect, it } from "vitest";
import type { SensorEvent } from "../../../pipeline/event.ts";
import { Merger } from "../../../transforms/merge/merger.ts";
import merge from "../../../transforms/merge/mod.ts";
import { client, request, server, View } from "../../transforms/merge/_views.ts";
import { linesOf } from "../../sinks/jsonl/_write.ts";

describe("a JSON line of what a sensor told", () => {
  it("has all that it said, and who", async () => {
    const event: SensorEvent = {
      ...{ kind: "sensor", time: 1.5, source: "hooks", process: server, sensor: "mcpsonde-python" },
      ...{ name: "python_audit", type: "event", sequence: 7, span: "ab", session: "s" },
      call: { id: 3, method: "tools/call", name: "search" },
      data: { event: "open", args: ["/etc/passwd"] },
    };
    expect(await linesOf([event])).toEqual([{
      ...{ kind: "sensor", timestamp: "1970-01-01T00:00:00.001500Z", source: "hooks", sensor: "mcpsonde-python" },
      ...{ name: "python_audit", type: "event", sequence: 7, span: "ab", session: "s" },
      call: { id: 3, method: "tools/call", name: "search" },
      data: { event: "open", args: ["/etc/passwd"] },
      process: { pid: 2, comm: "python", name: "server" },
    }]);
  });

  it("stands in the line of the message that it told of, with who else saw that", async () => {
    const merger = new Merger(merge.options.parse({}));
    const kernel = new View("kernel", [client, server]);
    const sensor = new View("hooks", [undefined, server], "mcpsonde-python");
    for (const view of [kernel, sensor]) merger.push(view.sees(request(0)), 0);
    const [line] = await linesOf([
      ...merger.push(kernel.sees(request(1)), 9),
      ...merger.push(sensor.sees(request(1)), 9),
    ]);
    expect(line).toMatchObject({
      source: "kernel",
      sensor: { sensor: "mcpsonde-python", name: "python_mcp_event", data: { duration_ms: 12 } },
      views: [{ source: "hooks", to_pid: 2, sensor: "mcpsonde-python" }],
    });
  });
});
