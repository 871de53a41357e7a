import { describe, expect, it } from "vitest";
import type { SensorEvent } from "../../../pipeline/event.ts";
import { plain } from "../../../pipeline/sensors/mod.ts";
import { line, message } from "../../protocols/sensor/_lines.ts";
import { chunks, conversation, decoded, eventsOf, gaps } from "./_run.ts";

const ours = { origin: "mcpsonde-python" };
const initialize = { jsonrpc: "2.0", id: 0, method: "initialize", params: {} };

function told(lines: readonly string[]): SensorEvent[] {
  return eventsOf(lines).filter((event) => event.kind === "sensor");
}

describe("what a sensor tells", () => {
  it("becomes an event with its process and its own members", () => {
    const [event] = told([
      line("python_audit", 3, { event: "exec", args: [1], client_id: "null" }, { process: { ppid: 9, name: "a.py" } }),
    ]);
    expect(event).toMatchObject({
      kind: "sensor",
      source: "spool",
      sensor: "bluepython",
      name: "python_audit",
      type: "event",
      sequence: 3,
      time: 1_795_261_200_003,
      process: { pid: 100, ppid: 9, name: "a.py" },
    });
    expect(event?.data).toEqual({ event: "exec", args: [1] });
  });

  it("can be written as JSON, and copied", () => {
    const [event] = told([line("python_audit", 3, { event: "exec" })]);
    expect(JSON.parse(JSON.stringify(event)).data).toEqual({ event: "exec" });
    expect({ ...plain(event!) }.data).toEqual({ event: "exec" });
  });

  it("names the process by its program, then by its server", () => {
    const [started, served, after] = told([
      line("sensor_startup", 0, { file_path: "/usr/bin/python3.11", pid: 100 }),
      line("python_mcp_server_init", 1, { server: { name: "rig" } }),
      line("python_audit", 2),
    ]);
    expect(started?.process).toMatchObject({ name: "python3.11", exe: "/usr/bin/python3.11" });
    expect(served?.process?.name).toBe("rig");
    expect(after?.process).toBe(served?.process);
  });

  it("names it by its script if the sensor tells the arguments", () => {
    const argv = ["/srv/search/server.py", "--port", "1"];
    const [event] = told([line("sensor_startup", 0, { file_path: "/usr/bin/python3.11", argv }, ours)]);
    expect(event?.process?.name).toBe("search");
  });
});

describe("a process of this machine", () => {
  const known = {
    pid: 100,
    comm: "python3",
    name: "server.py",
    exe: "/usr/bin/python3.11",
    args: ["python3", "server.py"],
  };
  const named = (process: typeof known, now: number) => {
    const lookUp = () => process;
    const [event] = eventsOf([line("python_audit", 1, {}, { ms: 0 })], { lookUp }, now);
    return event?.process?.name;
  };

  it("is looked up while the event is fresh, and is what the sensor runs in", () => {
    const time = 1_795_261_200_000;
    expect(named(known, time + 100)).toBe("server.py");
    expect(named(known, time + 60_000)).toBe("bluepython");
    expect(named({ ...known, comm: "kworker", exe: "/bin/other", args: ["other"] }, time)).toBe("bluepython");
  });
});

describe("messages", () => {
  it("of a server are two streams, each the way back of the other", () => {
    const events = eventsOf([
      message(0, "server_received_request", 1, { jsonrpc: "2.0", id: 1, method: "ping" }, ours),
      message(1, "server_send_response", 1, { jsonrpc: "2.0", id: 1, result: {} }, ours),
    ]);
    const [asked, answered, ...ends] = chunks(events);
    expect(asked?.stream).toMatchObject({ medium: "sensor" });
    expect(asked?.stream.reverse).toBe(answered?.stream);
    expect(answered?.stream.reverse).toBe(asked?.stream);
    expect(ends.map(({ eof }) => eof)).toEqual([true, true]);
    expect(asked?.sensor).toMatchObject({ name: "python_mcp_event", session: "s1" });
    expect(asked?.sensor?.data).toEqual({
      event: "server_received_request",
      id: 1,
      session_id: "s1",
      client_id: "null",
    });
    expect(conversation(decoded(events))).toEqual(["?>100 ping 1", "100>? ping answered 1"]);
  });

  it("travel as the sensor says", () => {
    const [chunk] = chunks(eventsOf([
      line(
        "python_mcp_event",
        0,
        { event: "server_received_request", id: 1, message: { id: 1 }, transport: "http" },
        ours,
      ),
    ]));
    expect(chunk?.stream.transport).toBe("http");
  });

  it("of sessions and of sides do not mix", () => {
    const request = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
    const events = eventsOf([
      message(0, "server_received_request", 1, request(1), { ...ours, session: "a" }),
      message(1, "server_received_request", 1, request(1), { ...ours, session: "b" }),
      message(2, "client_send_request", 1, request(1), { ...ours, session: "a" }),
    ]);
    const streams = new Set(chunks(events).map(({ stream }) => stream));
    expect(streams.size).toBe(3);
  });

  it("end with their session", () => {
    const events = eventsOf([
      message(0, "server_received_request", 1, { jsonrpc: "2.0", id: 1, method: "ping" }, ours),
      line("python_mcp_session_terminated", 1, { session_id: "s1" }, ours),
      line("python_audit", 2, {}, ours),
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(["chunk", "sensor", "chunk", "sensor"]);
    expect(chunks(events)[1]?.eof).toBe(true);
  });

  it("end with their process, whose pid another one has now", () => {
    const events = eventsOf([
      message(0, "server_received_request", 1, { jsonrpc: "2.0", id: 1, method: "ping" }, ours),
      line("sensor_startup", 0, {}, { ...ours, component: "default/2" }),
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(["chunk", "chunk", "sensor"]);
    expect(gaps(events)).toEqual([]);
  });

  it("of a child's server come from its parent, if that has a sensor too", () => {
    const child = { ...ours, pid: 200, component: "default/2", process: { ppid: 100 } };
    const events = eventsOf([
      line("sensor_startup", 0, {}, ours),
      message(0, "server_received_request", 1, { jsonrpc: "2.0", id: 1, method: "ping" }, child),
    ]);
    expect(conversation(decoded(events))).toEqual(["100>200 ping 1"]);
  });

  it("of a client go to the server that it has started, if that is but one", () => {
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const server = (pid: number) => ({ ...ours, pid, component: `default/${pid}`, process: { ppid: 100 } });
    const asks = (n: number) => {
      const event = { event: "client_send_request", id: 1, message: ping, session_id: "c", transport: "stdio" };
      return line("python_mcp_event", n, event, ours);
    };
    const events = eventsOf([
      asks(0),
      message(0, "server_received_request", 1, ping, server(200)),
      asks(1),
      message(0, "server_received_request", 1, ping, server(201)),
      asks(2),
    ]);
    const ends = chunks(events).filter(({ eof, process }) => !eof && process?.pid === 100).map(({ peer }) => peer?.pid);
    expect(ends).toEqual([undefined, 200, 200, 201, undefined]);
  });

  it("of a session that both sides call the same are between both", () => {
    const server = { pid: 200, component: "default/2" };
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const events = eventsOf([
      message(0, "client_send_request", 1, ping, { span: "a" }),
      message(0, "server_received_request", 1, ping, server),
      message(1, "server_send_response", 1, { result: {} }, { ...server, span: "b" }),
      message(1, "client_received_response", 2, { result: {} }, { span: "a" }),
    ]);
    expect(conversation(decoded(events))).toEqual([
      "100>? ping 1",
      "100>200 ping 1",
      "200>100 ping answered 1",
      "200>100 ping answered 1",
    ]);
  });

  it("that are no JSON-RPC are told as malformed, not dropped", () => {
    const events = decoded(
      eventsOf([message(0, "server_received_request", 1, { jsonrpc: "1.0", id: 1, method: "ping" }, ours)]),
    );
    expect(conversation(events)).toEqual(["?>100 ping 1 (bad_version)"]);
  });
});

describe("BlueRock", () => {
  it("tells a client's messages twice, and the answer under the next number: they come once", () => {
    const a = { span: "a" }, b = { span: "b" };
    const call = (n: number) => ({ method: "tools/call", params: { name: `t${n}` } });
    const events = decoded(eventsOf([
      message(0, "client_send_request", 3, call(3), a),
      message(1, "client_send_request", 3, call(3), a),
      message(2, "client_send_request", 4, call(4), b),
      message(3, "client_send_request", 4, call(4), b),
      message(4, "client_received_response", 5, { result: { n: 4 } }, b),
      message(5, "client_received_response", 5, { result: { n: 4 } }, b),
      message(6, "client_received_response", 5, { result: { n: 3 } }, a),
      message(7, "client_received_response", 5, { result: { n: 3 } }, a),
    ]));
    expect(conversation(events)).toEqual([
      "100>? tools/call 3",
      "100>? tools/call 4",
      "?>100 tools/call answered 4",
      "?>100 tools/call answered 3",
    ]);
  });

  it("of 0.1, which has no spans, does so too", () => {
    const events = decoded(eventsOf([
      message(0, "client_send_request", 3, { method: "ping" }),
      message(1, "client_send_request", 3, { method: "ping" }),
      message(2, "client_received_response", 4, { result: {} }),
      message(3, "client_received_response", 4, { result: {} }),
    ]));
    expect(conversation(events)).toEqual(["100>? ping 3", "?>100 ping answered 3"]);
  });

  it("does not tell the answer to request 0: it is inferred and marked", () => {
    const events = decoded(eventsOf([
      message(0, "server_received_request", 0, initialize),
      message(1, "server_received_notification", 0, { jsonrpc: "2.0", method: "notifications/initialized" }),
    ]));
    expect(conversation(events)).toEqual([
      "?>100 initialize 0",
      "100>? initialize answered 0",
      "?>100 notifications/initialized -",
    ]);
    const answer = events.find((event) => event.kind === "mcp" && event.type === "response");
    expect(answer).toMatchObject({
      result: { _meta: { "mcpsonde/not_recorded": "bluepython does not record the answer to request 0" } },
      sensor: { data: { inferred: true } },
    });
  });

  it("tells of no error: it is inferred where the request's span ends", () => {
    const span = (sequence: number, what: string, id: string) =>
      line(`python_span_${what}`, sequence, { name: "mcp_server_message", own_span_id: id }, { span: id });
    const request = (sequence: number, id: number) =>
      message(sequence, "server_received_request", id, { jsonrpc: "2.0", id, method: "prompts/get" });
    const events = decoded(eventsOf([
      request(0, 7),
      span(1, "start", "a"),
      request(2, 8),
      span(3, "start", "b"),
      message(4, "server_send_response", 8, { result: {} }, { span: "b" }),
      span(5, "end", "b"),
      span(6, "end", "a"),
    ]));
    expect(conversation(events)).toEqual([
      "?>100 prompts/get 7",
      "?>100 prompts/get 8",
      "100>? prompts/get answered 8",
      "100>? prompts/get answered 7 error",
    ]);
  });

  it("may work on requests in another order: then nothing is inferred", () => {
    const span = (sequence: number, what: string, id: string) =>
      line(`python_span_${what}`, sequence, { name: "mcp_server_message", own_span_id: id }, { span: id });
    const request = (sequence: number, id: number) =>
      message(sequence, "server_received_request", id, { jsonrpc: "2.0", id, method: "ping" });
    const events = decoded(eventsOf([
      request(0, 7),
      request(1, 8),
      span(2, "start", "b"),
      span(3, "start", "a"),
      message(4, "server_send_response", 8, { result: {} }, { span: "b" }),
      span(5, "end", "b"),
      message(6, "server_send_response", 7, { result: {} }, { span: "a" }),
      span(7, "end", "a"),
    ]));
    expect(conversation(events).filter((text) => text.includes("answered"))).toEqual([
      "100>? ping answered 8",
      "100>? ping answered 7",
    ]);
  });

  it("tells what a server asks within the span of the call that it works on, once each", () => {
    const span = { span: "a" };
    const events = decoded(eventsOf([
      message(0, "server_received_request", 8, { jsonrpc: "2.0", id: 8, method: "tools/call" }),
      line("python_span_start", 1, { name: "mcp_server_message" }, span),
      message(2, "client_send_request", 0, { method: "sampling/createMessage" }, span),
      message(3, "client_send_request", 0, { method: "sampling/createMessage" }, span),
      message(4, "client_received_response", 1, { result: {} }, span),
      message(5, "client_received_response", 1, { result: {} }, span),
      message(6, "client_send_request", 1, { method: "roots/list" }, span),
      message(7, "client_send_request", 1, { method: "roots/list" }, span),
      message(8, "server_send_response", 8, { result: {} }, span),
      line("python_span_end", 9, { name: "mcp_server_message" }, span),
    ]));
    expect(conversation(events)).toEqual([
      "?>100 tools/call 8",
      "100>? sampling/createMessage 0",
      "?>100 sampling/createMessage answered 0",
      "100>? roots/list 1",
      "100>? tools/call answered 8",
      "?>100 roots/list answered 1 error",
    ]);
  });

  it("does not tell a client's answer to what it was asked as number 0", () => {
    const events = decoded(eventsOf([
      message(0, "client_send_request", 8, { method: "tools/call" }, { span: "a" }),
      message(1, "client_received_request", 0, { jsonrpc: "2.0", id: 0, method: "sampling/createMessage" }),
      message(2, "client_received_response", 9, { result: {} }, { span: "a" }),
    ]));
    expect(conversation(events)).toEqual([
      "100>? tools/call 8",
      "?>100 sampling/createMessage 0",
      "100>? sampling/createMessage answered 0",
      "?>100 tools/call answered 8",
    ]);
  });

  it("calls what a server asks of its client the client's", () => {
    const events = decoded(eventsOf([
      message(0, "server_received_request", 1, { jsonrpc: "2.0", id: 1, method: "tools/call" }),
      message(1, "client_send_request", 0, { method: "sampling/createMessage" }, { span: "c" }),
      message(2, "client_received_response", 1, { result: {} }, { span: "c" }),
    ]));
    expect(conversation(events)).toEqual([
      "?>100 tools/call 1",
      "100>? sampling/createMessage 0",
      "?>100 sampling/createMessage answered 0",
    ]);
  });
});

describe("numbers that jump", () => {
  it("are a gap with how many are lost", () => {
    const [gap] = gaps(eventsOf([line("python_audit", 4), line("python_audit", 5), line("python_audit", 9)]));
    expect(gap).toMatchObject({ reason: "sensor_events", lost: { records: 3 }, process: { pid: 100 } });
    expect(gap?.message).toContain("3 events of bluepython[100] are missing (6 to 8)");
  });

  it("are none where a child goes on with its parent's, or a pid is used again", () => {
    const events = eventsOf([
      line("python_audit", 0),
      line("python_audit", 1),
      line("python_audit", 2, {}, { pid: 101 }),
      line("python_audit", 3, {}, { pid: 101 }),
      line("python_audit", 2),
      line("python_audit", 0, {}, { component: "default/9" }),
      line("python_audit", 1, {}, { component: "default/9" }),
    ]);
    expect(gaps(events)).toEqual([]);
  });

  it("of several threads may come in another order", () => {
    expect(gaps(eventsOf([0, 3, 1, 2, 5, 4].map((number) => line("python_audit", number))))).toEqual([]);
  });
});

describe("what is remembered", () => {
  it("of processes is bounded", () => {
    const lines = Array.from(
      { length: 500 },
      (_, k) =>
        message(0, "server_received_request", 1, { id: 1, method: "x" }, { ...ours, pid: k, component: `c${k}` }),
    );
    const events = eventsOf(lines, { maxProcesses: 16 });
    expect(chunks(events).filter(({ eof }) => eof)).toHaveLength(500);
  });

  it("of sessions is bounded, and each has its end", () => {
    const lines = Array.from(
      { length: 500 },
      (_, k) => message(k, "server_received_request", 1, { id: 1, method: "x" }, { ...ours, session: `s${k}` }),
    );
    const events = eventsOf(lines, { maxSessions: 16 });
    expect(chunks(events).filter(({ eof }) => eof)).toHaveLength(500);
  });
});

describe("an import", () => {
  it("of which the sensor says that the file is not the package's is a finding", () => {
    const events = eventsOf([
      line("python_import", 0, { fullname: "requests", file: "/x/requests.py", hash_changed: true }, ours),
    ]);
    expect(events[1]).toMatchObject({
      kind: "finding",
      rule: "sensor.import_tampered",
      severity: "high",
      evidence: "/x/requests.py",
    });
  });
});
