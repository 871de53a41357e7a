import { describe, expect, it } from "vitest";
import type { Event, Process } from "../../../pipeline/event.ts";
import { box } from "../../../sinks/console/box.ts";
import { Formatter } from "../../../sinks/console/format.ts";
import { palette } from "../../../sinks/console/palette.ts";
import { summary } from "../../../sinks/console/summary.ts";
import { Tally } from "../../../sinks/console/tally.ts";
import { width } from "../../../sinks/console/width.ts";
import { run } from "../../transforms/jsonrpc/_feed.ts";
import { answer, ask, type Connection, connection, Exchange, post, tell } from "../../transforms/jsonrpc/_http.ts";
import { request as stdioRequest } from "./_events.ts";

const claude: Process = { pid: 911, comm: "claude", name: "claude" };
const weather: Process = { pid: 2077, comm: "uvicorn", name: "weather" };
const TIMES = { requestStart: 1000, requestEnd: 1000.25, responseStart: 1001, responseEnd: 1001.2 };

/** A connection to a server elsewhere, over TLS. */
function remote(): Connection {
  const on = connection({ client: claude, server: undefined });
  Object.assign(on.up, { medium: "tls", tls: "openssl" });
  Object.assign(on.down, { medium: "tls", tls: "openssl" });
  return on;
}

/** What is shown, without the time. */
function lines(events: readonly Event[], columns = 200, verbose = false): string[] {
  const formatter = new Formatter({ palette: palette(false), verbose, box: box(true) });
  return events.map((event) => formatter.format(event, columns)).join("").split("\n").slice(0, -1)
    .map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d\d\d {2}/, ""));
}

const local = () => connection({ client: claude, server: weather });

describe("a line about HTTP", () => {
  it("shows the transport in a column of its own", async () => {
    const made = new Exchange(local());
    expect(lines(await run([made.request(ask(1, "tools/list")), made.response(200, answer(1, { tools: [] }))])))
      .toEqual([
        "claude[911] → weather[2077]  http   ▸ tools/list #1",
        "claude[911] ← weather[2077]  http   ✓ tools/list #1  1.0 ms  0 tools",
      ]);
  });

  it("has no such column where all is stdio, nor in a narrow terminal", async () => {
    expect(lines([stdioRequest("ping")])[0]).toBe("claude[412] → server-everything[417]  ▸ ping #3");
    const made = new Exchange(local());
    expect(lines(await run([made.request(ask(1, "ping"))]), 80)[0]).toBe("claude[911] → weather[2077]  ▸ ping #1");
  });

  it("names what is not on this machine by its authority, or its address", async () => {
    const made = new Exchange(remote()), unseen = new Exchange(remote());
    const [asked, answered] = lines(
      await run([made.request(ask(1), { authority: "mcp.example" }), made.response(200, answer(1))]),
    );
    expect(asked).toMatch(/^claude\[911\] → mcp\.example {2}https {2}▸ tools\/call #1/);
    expect(answered).toMatch(/^claude\[911\] ← mcp\.example {2}https {2}✓ tools\/call #1/);
    expect(lines(await run([unseen.stream(), unseen.sse(tell("notifications/message"))]))[1])
      .toMatch(/^claude\[911\] ← 127\.0\.0\.1:3000 {2}https {2}•/);
    const served = new Exchange(connection({ client: undefined, server: weather }));
    expect(lines(await run([served.request(ask(1, "ping"))]))[0]).toMatch(/^127\.0\.0\.1 → weather\[2077\] {2}http/);
  });

  it("shows the status only where it says something", async () => {
    const error = { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "no" } };
    const got = lines(await run(post(ask(1, "ping"), error, {}, { status: 404 })));
    expect(got[1]).toMatch(/✗ ping #1 +1\.0 ms {2}404 {2}-32601 no$/);
  });

  it("shows the two-endpoint transport as sse", async () => {
    const get = new Exchange(local());
    const got = lines(
      await run([
        get.request(undefined, { method: "GET", target: "/sse" }),
        get.stream(),
        get.sse("/m", { event: "endpoint" }),
        get.sse(tell("notifications/message", { level: "info", data: "x" })),
      ]),
    );
    expect(got[0]).toBe("claude[911] ← weather[2077]  http     GET /sse 200 · event stream");
    expect(got[1]).toMatch(/^claude\[911\] ← weather\[2077\] {2}sse {4}• notifications\/message/);
    expect(got).toHaveLength(2);
  });

  it("shows what is no MCP in one line", async () => {
    const made = new Exchange(remote());
    made.exchange.times = TIMES;
    const got = await run([
      made.request(undefined, { method: "GET", target: "/.well-known/oauth-protected-resource", authority: "h" }),
      made.response(404, "no"),
    ]);
    expect(lines(got)).toEqual([
      "claude[911] ← h  https    GET /.well-known/oauth-protected-resource 404 · 1.2 ms · 2 B",
    ]);
  });

  it("leaves out what only says that a message was taken, and what a finding tells", async () => {
    const told = new Exchange(local()), refused = new Exchange(local()), asked = new Exchange(local());
    const got = lines(
      await run([
        told.request(tell("notifications/initialized")),
        told.response(202),
        refused.request(tell("notifications/initialized")),
        refused.response(400),
        asked.request(ask(1, "ping")),
        asked.response(401),
      ]),
    );
    expect(got.map((line) => line.replace(/^claude\[911\] . weather\[2077\] {2}http {3}/, ""))).toEqual([
      "• notifications/initialized",
      "• notifications/initialized",
      "  POST /mcp 400",
      "▸ ping #1",
      "⚠ weather[2077] POST /mcp was answered 401 Unauthorized; it carried ping (id 1)  " +
      "(mcp.http.failed, with claude[911])",
    ]);
  });

  it("leaves out the web site that shares a connection with MCP, unless verbose", async () => {
    const on = local();
    const made = new Exchange(on);
    const other = (target: string, status = 200, headers = {}) => {
      const exchange = new Exchange(on);
      return [exchange.request(undefined, { method: "GET", target }), exchange.response(status, undefined, headers)];
    };
    const events = await run([
      made.request(ask(1, "ping"), { target: "/tools?x=1" }),
      made.response(200, answer(1)),
      ...other("/index.html"),
      ...other("/missing", 404),
      ...other("/tools", 405),
      ...other("/mcp", 404),
      ...other("/.well-known/oauth-protected-resource"),
      ...other("/private", 401, { "www-authenticate": "Bearer" }),
      ...other("/private", 200, { "mcp-session-id": "1" }),
    ]);
    const shown = (verbose: boolean) =>
      lines(events, 200, verbose).flatMap((line) => / {5}GET (\S+ \d+)/.exec(line)?.[1] ?? []);
    const related = [
      "/tools 405",
      "/mcp 404",
      "/.well-known/oauth-protected-resource 200",
      "/private 401",
      "/private 200",
    ];
    expect(shown(false)).toEqual(related);
    expect(shown(true)).toEqual(["/index.html 200", "/missing 404", ...related]);
  });

  it("shows heads and times when verbose, each once", async () => {
    const made = new Exchange(local());
    made.exchange.times = TIMES;
    const got = lines(
      await run([
        made.request(ask(1, "ping"), { headers: { authorization: "Bearer sha256:0a1b2c3d" } }),
        made.stream({ "mcp-session-id": "s1" }),
        made.sse(tell("notifications/progress")),
        made.sse(answer(1)),
        made.end(),
      ]),
      200,
      true,
    );
    expect(got.map((line) => line.replace(/^claude\[911\] . weather\[2077\] {2}http {3}/, ""))).toEqual([
      "▸ ping #1",
      "              POST /mcp HTTP/1.1",
      "              authorization: Bearer sha256:0a1b2c3d",
      "• notifications/progress  ?",
      "              HTTP/1.1 200",
      "              content-type: text/event-stream",
      "              mcp-session-id: s1",
      "              sent in 0.25 ms · first byte after 0.75 ms · received in 0.20 ms",
      "✓ ping #1                 3.0 ms",
      "  POST /mcp 200 · event stream ended · 1.2 ms",
    ]);
  });

  it("shows the first events of a model's answer when verbose, and counts the others", async () => {
    const made = new Exchange(local());
    const got = lines(
      await run([
        made.request(undefined, { target: "/v1/messages" }),
        made.stream(),
        ...Array.from({ length: 40 }, (_, k) => made.sse({ k }, { event: "content_block_delta" })),
        made.end(),
      ]),
      200,
      true,
    );
    expect(got.length).toBe(1 + 3 + 3 + 1); // the answer, its heads, events, the end
    expect(got.at(-2)).toContain('POST /v1/messages event content_block_delta  {"k":2}');
    expect(got.at(-1)).toContain("POST /v1/messages 200 · event stream ended · 37 more events");
  });

  it("lets nothing hostile through, and stays within the width", async () => {
    const made = new Exchange(remote());
    const evil = "\x1b[2J\u202e" + "x".repeat(500);
    const got = await run([
      made.request(undefined, { method: evil, target: `/${evil}`, authority: evil, headers: { [evil]: evil } }),
      made.response(200, evil, { [evil]: evil }, evil),
      made.sse(evil, { event: evil }),
      made.end(evil),
    ]);
    for (const columns of [80, 140, 200]) {
      for (const line of lines(got, columns, true)) {
        for (const hostile of ["\x1b", "\u202e"]) expect(line).not.toContain(hostile);
        expect(width(line)).toBeLessThanOrEqual(columns);
      }
    }
  });
});

describe("the summary", () => {
  it("counts HTTP: messages in the table, what is no MCP at its end", async () => {
    const tally = new Tally();
    const events = await run([
      ...post(ask(1, "ping"), answer(1)),
      ...post(tell("notifications/initialized"), undefined, {}, { status: 202 }),
      ...post(undefined, "x", { method: "GET", target: "/" }),
    ]);
    for (const event of events) tally.add(event);
    const text = summary(tally, 100, palette(false));
    expect(text).toMatch(/ping +1 +1\.0 ms/);
    expect(text).toMatch(/3 messages in .* between 2 processes · 1 other HTTP exchange$/m);
  });
});
