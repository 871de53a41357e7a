import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginnings,
  forgetLines,
  type Format,
  type Mapping,
  SensorLines,
  type SensorRecord,
} from "../../../protocols/sensor/mod.ts";
import { bytes, line, message } from "./_lines.ts";

const decoder = new TextDecoder();

function read(text: string, format: Format = "auto", mapping: Mapping = {}): SensorRecord | string {
  forgetLines();
  const buffer = bytes(text);
  return new SensorLines(format, mapping).read(buffer, 0, buffer.length);
}

function record(text: string, format?: Format, mapping?: Mapping): SensorRecord {
  const found = read(text, format, mapping);
  if (typeof found === "string") throw new Error(found);
  return found;
}

function told({ message }: SensorRecord): string | undefined {
  return message && decoder.decode(message.buffer.subarray(message.from, message.to));
}

describe("a line of BlueRock", () => {
  it("of 0.2 is read", () => {
    const found = record(message(7, "server_received_request", 3, { id: 3, method: "ping" }, { span: "5a" }));
    expect(found).toMatchObject({
      time: 1_795_261_200_007,
      sensor: "bluepython",
      name: "python_mcp_event",
      type: "event",
      sequence: 7,
      component: "default/1",
      span: "5a",
      session: "s1",
      pid: 100,
    });
    expect(found.message).toMatchObject({ id: 3, what: "request", side: "server", isSent: false, isBare: true });
    expect(told(found)).toBe('{"id":3,"method":"ping"}');
  });

  it("of 0.1 is read, which names its component otherwise", () => {
    const text = line("sensor_startup", 0, { pid: 5, context: undefined }).replace(
      '"component_id":"default/1"',
      '"uuid":"u-1"',
    );
    expect(record(text)).toMatchObject({ component: "u-1", pid: 5, sequence: 0 });
  });

  it("has the session only where it is not called null", () => {
    expect(record(line("x", 1, { session_id: "null" })).session).toBeUndefined();
  });

  it("may name itself anything within its message without being taken in", () => {
    const evil = {
      meta: { name: "evil", source_event_id: 99 },
      event: { meta: { name: "evil" } },
      ts: "2000-01-01T00:00:00Z",
    };
    const found = record(message(4, "server_received_request", 1, { method: "x", params: evil }));
    expect(found).toMatchObject({ name: "python_mcp_event", sequence: 4, time: 1_795_261_200_004 });
  });
});

describe("a line of ours", () => {
  it("has the process and the call", () => {
    const text = line("python_audit", 1, { event: "exec" }, {
      origin: "mcpsonde-python",
      process: { ppid: 1, start: 1_795_300_000_000, name: "server.py" },
    }).replace('"process":', '"call":{"id":"c-3","method":"tools/call","name":"search","session_id":"s"},"process":');
    expect(record(text)).toMatchObject({
      sensor: "mcpsonde-python",
      ppid: 1,
      start: 1_795_300_000_000,
      process: "server.py",
      call: { id: "c-3", method: "tools/call", name: "search", session: "s" },
    });
  });
});

describe("a line of MCPSpy", () => {
  it("over stdio names both ends", () => {
    const raw = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"é":"\\n"}}';
    const found = record(JSON.stringify({
      timestamp: "2026-11-21T12:05:49.67728589Z",
      transport_type: "stdio",
      stdio_transport: { from_pid: 236, from_comm: "python", to_pid: 237, to_comm: "srv" },
      type: "request",
      raw,
    }));
    expect(found).toMatchObject({ sensor: "mcpspy", transport: "stdio" });
    expect(found.time).toBeCloseTo(1_795_262_749_677.286, 2);
    expect(found.message).toMatchObject({ sender: { pid: 236, name: "python" }, receiver: { pid: 237, name: "srv" } });
    expect(told(found)).toBe(raw);
  });

  it("over HTTP says which way it goes", () => {
    const http_transport = { pid: 318, comm: "python", host: "127.0.0.1:1" };
    const text = { timestamp: "2026-11-21T12:05:49Z", transport_type: "http", raw: "{}", http_transport };
    expect(record(JSON.stringify(text)).message).toMatchObject({ isSent: false, receiver: { pid: 318 } });
    const asked = { ...text, http_transport: { ...http_transport, is_request: true } };
    expect(record(JSON.stringify(asked)).message).toMatchObject({ isSent: true, sender: { pid: 318 } });
  });
});

describe("a line of mcpsnoop", () => {
  const frame = { session_id: "s", server_label: "fs", seq: 3, ts: "2026-11-21T12:05:49+02:00", transport: "stdio" };

  it("is read", () => {
    const found = record(JSON.stringify({ ...frame, direction: "c2s", raw: { jsonrpc: "2.0", method: "a" } }));
    expect(found).toMatchObject({ sensor: "mcpsnoop", name: "frame", session: "s", sequence: 3, process: "fs" });
    expect(found.time).toBe(Date.parse("2026-11-21T10:05:49Z"));
    expect(found.message?.isSent).toBe(true);
    expect(told(found)).toBe('{"jsonrpc":"2.0","method":"a"}');
  });

  it("of stderr is an event", () => {
    const found = record(JSON.stringify({ ...frame, direction: "stderr", text: "oh" }));
    expect(found).toMatchObject({ name: "stderr", message: undefined });
  });
});

describe("a line of another program", () => {
  it("is read by the mapping", () => {
    const text =
      '{"@t":1795261239,"ev":{"what":"login"},"proc":{"id":7,"name":"app"},"rpc":"{\\"id\\":1,\\"method\\":\\"x\\"}","way":"out"}';
    const mapping = {
      time: "@t",
      name: "ev.what",
      pid: "proc.id",
      process: "proc.name",
      message: "rpc",
      direction: "way",
    };
    const found = record(text, "plain", mapping);
    expect(found).toMatchObject({ time: 1_795_261_239_000, name: "login", pid: 7, process: "app" });
    expect(found.message?.isSent).toBe(false);
    expect(told(found)).toBe('{"id":1,"method":"x"}');
  });

  it("goes by what the message is if no direction is named", () => {
    expect(record('{"message":{"id":1,"method":"x"}}', "plain").message?.isSent).toBe(true);
    expect(record('{"message":{"id":1,"result":{}}}', "plain").message?.isSent).toBe(false);
  });

  it("has a text for people that is no message", () => {
    expect(record('{"time":"2026-11-21T12:05:49Z","message":"started"}', "plain").message).toBeUndefined();
  });

  it("is none if nothing is known of it", () => {
    expect(read('{"a":1}')).toBe("unknown_format");
    expect(read(line("x", 1), "mcpspy")).toBe("unknown_format");
  });
});

describe("times", () => {
  const time = (value: string) => record(`{"name":"x","time":${value}}`, "plain").time;

  it.each<[string, number]>([
    ['"2026-11-21T11:40:08.081751198+00:00"', 1_795_261_208_081.7512],
    ['"2026-11-21T11:40:08Z"', 1_795_261_208_000],
    ['"2026-11-21 11:40:08"', 1_795_261_208_000],
    ['"2026-11-21T11:40:08.5-01:30"', 1_795_266_608_500],
    ["1795261208.25", 1_795_261_208_250],
    ["1795261208081", 1_795_261_208_081],
    ["1795261208081751", 1_795_261_208_081.751],
    ["1795261208081751198", 1_795_261_208_081.7512],
  ])("%s is read", (text, expected) => {
    expect(time(text)).toBeCloseTo(expected, 3);
  });

  it.each([
    '"yesterday"',
    '"2026-13-21T11:40:08Z"',
    '"2026-11-21T11:40:08+1"',
    "-1",
    "null",
    '"2026-11-21T11:40:99Z"',
    "{}",
  ])(
    "%s is none",
    (text) => {
      expect(time(text)).toBeUndefined();
    },
  );
});

describe("what is no line of a sensor", () => {
  it.each<[string, string]>([
    ["", "blank"],
    ["hello", "not_json"],
    ['{"event":{"meta":', "not_json"],
    ["[1]", "not_an_object"],
    [`${'{"a":'.repeat(300)}1${"}".repeat(300)}`, "too_deep"],
  ])("%.40s is told why", (text, why) => {
    expect(read(text)).toBe(why);
  });

  it("may be any bytes", () => {
    const lines = new SensorLines("auto", {});
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (buffer) => {
      forgetLines();
      lines.read(buffer, 0, buffer.length);
    }));
  });

  it("may hold a whole line behind a torn one", () => {
    const whole = line("x", 1), buffer = bytes(whole.slice(0, 100) + whole);
    expect(beginnings(buffer, 0, buffer.length)).toEqual([100]);
    expect(beginnings(bytes(whole), 0, whole.length)).toEqual([]);
  });
});
