import { describe, expect, it } from "vitest";
import type { Event } from "../../../pipeline/event.ts";
import { chunk, line, session } from "../jsonrpc/_feed.ts";
import { answer as reply, ask as post, connection, Exchange } from "../jsonrpc/_http.ts";
import { answer, ask, follow, followed, META, Seen, shown, Talk, text, use } from "./_talk.ts";

describe("the mcp transform's bounds", () => {
  it("forget the oldest open calls, tell that, and let their answers pass", async () => {
    const talk = new Talk();
    for (let id = 0; id < 10; id++) talk.client(use(id, `t${id}`));
    for (let id = 0; id < 10; id++) talk.server(text(id, ""));
    const seen = await talk.run({ max_calls: 4 });
    expect(seen.ends.map(({ name }) => name)).toEqual(["t6", "t7", "t8", "t9"]);
    expect(seen.gaps.map(({ reason, message, lost }) => [reason, message, lost])).toEqual([
      ["evicted", "6 calls were forgotten before the end, for lack of room", { records: 6 }],
    ]);
    expect(seen.contexts.slice(10, 16).every(({ endsCall }) => !endsCall)).toBe(true);
    expect(seen.findings).toEqual([]);
  });

  it("forget the oldest calls that wait for input or go on as tasks, by number and by bytes", async () => {
    const waiting = (pad = 0) => {
      const talk = new Talk();
      for (let id = 0; id < 6; id++) {
        talk.client(use(id, `t${id}`, { _meta: META, arguments: { pad: "x".repeat(pad) } }));
      }
      for (let id = 0; id < 6; id++) {
        talk.server(
          answer(
            id,
            id % 2
              ? { resultType: "task", taskId: `k${id}` }
              : { resultType: "input_required", requestState: `s${id}` },
          ),
        );
      }
      return talk;
    };
    const few = await waiting().run({ max_waiting: 2 });
    expect(few.ends.map(shown)).toEqual(["tools/call t4 hung", "tools/call t5 hung"]);
    expect(few.gaps[0]?.lost?.records).toBe(4);
    const small = await waiting(500).run({ max_waiting_bytes: 2000 });
    expect(small.gaps[0]?.lost?.records).toBe(4);
  });

  it("forget the sessions that were silent longest, and begin them anew when they speak again", async () => {
    const streams = Array.from({ length: 40 }, () => session());
    const events: Event[] = [];
    let time = 1000;
    for (const { down } of streams) events.push(chunk(down, line(use(1, "a")), { time: time++ }));
    events.push(chunk(streams[0]!.down, line(use(2, "b")), { time: time++ }));
    const metrics = new Map<string, number>();
    const seen = new Seen((await followed([events], { max_sessions: 16 }, metrics)).flat());
    expect(metrics.get("sessions")).toBe(16);
    const ids = seen.contexts.map(({ session }) => session.id);
    expect(new Set(ids).size).toBe(41);
    expect(seen.gaps.reduce((sum, { lost }) => sum + (lost?.records ?? 0), 0)).toBe(25);
  });

  it("hold for sessions over HTTP too", async () => {
    const events: Event[] = [];
    for (let k = 0; k < 100; k++) {
      const made = new Exchange(connection());
      events.push(
        made.request(post(1, "initialize", { protocolVersion: "2025-11-25" })),
        made.response(200, reply(1, { protocolVersion: "2025-11-25" }), { "mcp-session-id": `s${k}` }),
      );
    }
    const metrics = new Map<string, number>();
    await followed([events], { max_sessions: 10 }, metrics);
    expect(metrics.get("sessions")).toBeLessThanOrEqual(10);
  });

  it("keep one session from taking all the room", async () => {
    const talk = new Talk();
    for (let id = 0; id < 5000; id++) talk.client(use(id, "a"));
    const metrics = new Map<string, number>();
    await followed([talk.events], {}, metrics);
    expect(metrics.get("calls_open")).toBeLessThanOrEqual(4096);
  });

  it("let go of a large buffer once a call goes on for long", async () => {
    const { down, up } = session();
    const request = line(use(1, "a", { _meta: META }));
    const large = new Uint8Array(1 << 20).fill(0x0a);
    large.set(new TextEncoder().encode(request));
    const whole = { ...chunk(down, large), end: request.length };
    const task = chunk(up, line(answer(1, { resultType: "task", taskId: "t" })));
    const out = await followed([[whole], [task], [], [chunk(down, line(ask(2, "tasks/list")))]]);
    const call = new Seen(out.flat()).of()[0];
    expect(call?.request.buffer.length).toBeLessThan(1000);
    expect(call?.name).toBe("a");
  });

  it("count what is open", async () => {
    const told: string[] = [];
    const metrics = new class extends Map<string, number> {
      override set(name: string, value: number): this {
        told.push(`${name} ${value}`);
        return super.set(name, value);
      }
    }();
    const talk = new Talk().client(use(1, "a", { _meta: META })).client(use(2, "b")).client(ask(3, "ping")).server(
      answer(3),
    )
      .server(answer(1, { resultType: "input_required" }));
    await followed([talk.events], {}, metrics);
    expect(told).toEqual(expect.arrayContaining(["sessions 1", "calls_open 2", "calls_waiting 1", "calls_ended 1"]));
    expect(["calls_open", "calls_waiting", "calls_ended"].map((name) => metrics.get(name))).toEqual([0, 0, 3]);
  });

  it("tell nothing of what they need not", async () => {
    expect((await follow([[], []])).events).toEqual([]);
  });
});
