import { describe, expect, it } from "vitest";
import type { SensorEvent } from "../../../pipeline/event.ts";
import { isShownSensor, sensorSpans } from "../../../sinks/console/sensor.ts";

const process = { pid: 412, comm: "python", name: "server.py" };
const call = { id: 2, method: "tools/call", name: "run" };

function event(name: string, data: SensorEvent["data"], more: Partial<SensorEvent> = {}): SensorEvent {
  return { kind: "sensor", time: 0, source: "spool", sensor: "mcpsonde-python", name, data, process, ...more };
}

function shown(...args: Parameters<typeof event>): string {
  return sensorSpans(event(...args)).map(([, text]) => text).join("");
}

describe("what a sensor told, for a person", () => {
  it.each<[string, SensorEvent["data"], string]>([
    ["python_audit", { event: "subprocess.Popen", args: ["/bin/sh", "-c", "echo hi"] }, 'starts  sh -c "echo hi"'],
    ["python_audit", { event: "open", args: ["/etc/shadow", "read"] }, "reads  /etc/shadow"],
    ["node_audit", { event: "open", args: ["a b", "write"], count: 3 }, 'writes  "a b"  3 times'],
    ["python_audit", { event: "socket.connect", args: ["127.0.0.1 9"] }, "connects to  127.0.0.1 9"],
    ["python_audit", { event: "new.one", args: [1] }, "new.one  1"],
    ["sensor_startup", { argv: ["python", "server.py"] }, "begins, watched by mcpsonde-python  python server.py"],
    ["python_mcp_server_init", { server: { name: "rig", version: null } }, "serves rig"],
    [
      "python_mcp_client_connect",
      { transport: "stdio", command: "python", args: ["s.py"] },
      "connects over stdio  python s.py",
    ],
    ["python_mcp_client_connect", { server: { type: "http", url: "http://h/" } }, "connects over http  http://h/"],
    ["sensor_drops", { dropped: { queue: 2, disk: 1 } }, "is too busy  3 events of it were dropped"],
    ["python_sdk_event", { kind: "x", n: 1 }, "sdk event  kind=x n=1"],
  ])("%s %j is a sentence", (name, data, expected) => {
    expect(shown(name, data)).toBe(`· server.py[412] ${expected}`);
  });

  it("names the call that it belongs to", () => {
    expect(shown("python_audit", { event: "os.fork", args: [] }, { call })).toBe("· server.py[412] in run #2 forks");
  });

  it("names the sensor where it knows no process, and lets nothing through to the terminal", () => {
    expect(shown("line", { a: "\x1b[31m" }, { process: undefined })).not.toContain("\x1b");
  });

  it("has data of any kind", () => {
    for (
      const name of [
        "python_audit",
        "sensor_startup",
        "sensor_drops",
        "python_mcp_server_init",
        "python_mcp_client_connect",
        "python_import",
      ]
    ) {
      for (const value of [null, 1, "x", [], [[null]], {}, { a: {} }]) {
        shown(name, {
          event: value,
          args: value,
          server: value,
          argv: value,
          dropped: value,
          count: value,
          fullname: value,
        });
      }
    }
  });

  it("is shown if it is of interest to who watches", () => {
    const is = (...args: Parameters<typeof event>) => isShownSensor(event(...args));
    expect(is("python_import", {})).toBe(false);
    expect(is("python_audit", { event: "compile" })).toBe(false);
    expect(is("python_audit", { event: "compile" }, { call })).toBe(true);
    expect(is("python_audit", { event: "subprocess.Popen" })).toBe(true);
    expect(is("sensor_shutdown", { dropped: 0 })).toBe(false);
    expect(is("sensor_shutdown", { dropped: 4 })).toBe(true);
    expect(is("python_mcp_session_created", {}, { type: "nonactionable" })).toBe(false);
  });
});
