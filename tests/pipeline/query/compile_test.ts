import { describe, expect, it } from "vitest";
import type { Event, HttpEvent, HttpExchange } from "../../../pipeline/event.ts";
import { compileQuery, FIELDS, parseQuery } from "../../../pipeline/query/mod.ts";
import { chunk, session } from "../../transforms/jsonrpc/_feed.ts";
import { Exchange } from "../../transforms/jsonrpc/_http.ts";
import { callOf, client, decoded, finding, gap, serverOf, sessionOf, toolCall, within } from "./_messages.ts";

const matches = (text: string, event: Event) => compileQuery(parseQuery(text))(event);
const passes = (text: string, event: Event) => compileQuery(parseQuery(text), { lenient: true })(event);

/** The expressions that match. */
const those = (event: Event, ...texts: string[]) => texts.filter((text) => matches(text, event));

describe("a field of a message", () => {
  it("is that of its request, for a response", async () => {
    const [request, response] = await toolCall("search_code");
    for (const event of [request, response]) {
      expect(those(event, "tool:search*", "tool:code", "method:tools/*", "name:SEARCH_CODE", "id:7", "id:8")).toEqual(
        ["tool:search*", "method:tools/*", "name:SEARCH_CODE", "id:7"],
      );
    }
  });

  it("is that of its call, for what else belongs to it", async () => {
    const [request] = await toolCall("search_code");
    const [progress] = await decoded({ jsonrpc: "2.0", method: "notifications/progress", params: { progress: 1 } });
    within(progress!, { call: callOf(request, undefined, { method: "tools/call", name: "search_code" }) });
    expect(those(progress!, "tool:search*", "method:notifications/*", "method:tools/call")).toEqual(
      ["tool:search*", "method:notifications/*"],
    );
  });

  it("names prompts and resources, too", async () => {
    const [read, get] = await decoded(
      { jsonrpc: "2.0", id: 1, method: "resources/read", params: { uri: "file:///etc/passwd" } },
      { jsonrpc: "2.0", id: "x", method: "prompts/get", params: { arguments: { name: "no" }, name: "hi" } },
    );
    expect(those(read!, "name:file:///etc/*", "tool:*", "id:1")).toEqual(["name:file:///etc/*", "id:1"]);
    expect(those(get!, "name:hi", "name:no", "tool:*", "id:X")).toEqual(["name:hi", "id:X"]);
  });

  it("tells how it went", async () => {
    const [request, ok] = await toolCall("a");
    const [, failed] = await toolCall("a", { result: { content: [{ type: "text", text: '"isError":true' }] } });
    const [, toolError] = await toolCall("a", { result: { content: [], isError: true } });
    const [, error] = await toolCall("a", { error: { code: -32601, message: "no" } });
    const status = (event: Event) => those(event, "status:ok", "status:pending", "status:tool_error", "status:error");
    expect([request, ok, failed, toolError, error].map(status)).toEqual([
      ["status:pending"],
      ["status:ok"],
      ["status:ok"],
      ["status:tool_error", "status:error"],
      ["status:error"],
    ]);
    expect(those(error, "error:-32601", "error<0", "error:-32602")).toEqual(["error:-32601", "error<0"]);
    expect(those(toolError, "error<0")).toEqual([]);
  });

  it("tells at a call's end how the call went", async () => {
    const [request, response] = await toolCall("a");
    within(response, { call: callOf(request, "cancelled", { tokensIn: 30, tokensOut: 12 }), endsCall: true });
    expect(those(response, "status:cancelled", "status:ok", "duration:1.5s", "tokens:42", "tokens>42")).toEqual(
      ["status:cancelled", "duration:1.5s", "tokens:42"],
    );
    within(request, { call: callOf(request) });
    expect(those(request, "status:pending", "duration>0", "tokens>0")).toEqual(["status:pending"]);
    within(response, { call: callOf(request, "ok", { tokensIn: NaN }), endsCall: true });
    expect(those(response, "tokens>=0", "-tokens>=0")).toEqual(["-tokens>=0"]);
  });

  it("tells the way it goes", async () => {
    const [request, response] = await toolCall("a");
    const dirs = ["dir:request", "dir:response", "dir:to_server", "dir:to_client", "-dir:response"];
    expect(those(request, ...dirs)).toEqual(["dir:request", "-dir:response"]);
    within(request), within(response);
    expect(those(request, ...dirs)).toEqual(["dir:request", "dir:to_server", "-dir:response"]);
    expect(those(response, ...dirs)).toEqual(["dir:response", "dir:to_client"]);
  });

  it("tells who talks to whom", async () => {
    const [request] = await toolCall("a");
    const texts = ["server:github*", "server:server-everything", "client:claude", "client:claude-code", "client:other"];
    expect(those(request, ...texts, "pid:1", "pid:2", "pid:3", "comm:node", "comm:server-everything")).toEqual(
      ["pid:1", "pid:2", "comm:node", "comm:server-everything"],
    );
    within(request);
    expect(those(request, ...texts)).toEqual(texts.slice(0, 4));
    within(request, { session: sessionOf({ server: serverOf({ info: undefined, name: "x", address: "h:1/mcp" }) }) });
    expect(those(request, "server:github*", "server:x", "server:h:1/*")).toEqual(["server:x", "server:h:1/*"]);
  });

  it("compares eras as dates, and severities as such", async () => {
    const [request] = await toolCall("a");
    within(request);
    expect(those(request, "era:2025-11-25", "era>=2025-06-18", "era>2025-11-25", "era:2025*", "session:3")).toEqual(
      ["era:2025-11-25", "era>=2025-06-18", "era:2025*", "session:3"],
    );
    expect(those(finding(), "severity:high", "severity>=medium", "severity>high", "severity<critical")).toEqual(
      ["severity:high", "severity>=medium", "severity<critical"],
    );
  });

  it("measures", async () => {
    const [request, response] = await toolCall("a");
    const size = request.end - request.start;
    expect(those(request, `size:${size}B`, `size>${size}`, `size:1B..1KB`, "latency>=0")).toEqual(
      [`size:${size}B`, "size:1B..1KB"],
    );
    expect(those(response, "latency:1ms", "latency:(1ms|5ms)", "latency<1ms", "latency:500us..2ms")).toEqual(
      ["latency:1ms", "latency:(1ms|5ms)", "latency:500us..2ms"],
    );
  });

  it("tells the time, of day and by date", () => {
    const at = (time: number) => gap({ time });
    const noon = new Date(2026, 10, 21, 12, 0, 15, 700).getTime() + 0.4;
    const texts = ["time:12:00", "time:12:00:15.7", "time>12:00:15.7", "time>12:00", "time:23:00..12:30", "time:12:01"];
    expect(those(at(noon), ...texts)).toEqual(
      ["time:12:00", "time:12:00:15.7", "time>12:00", "time:23:00..12:30"],
    );
    expect(those(at(noon), "time:2026-11-21", "time<2026-11-21", "time>=2026-11-21T12:00", "time:2026-11-22")).toEqual(
      ["time:2026-11-21", "time>=2026-11-21T12:00"],
    );
  });
});

describe("text", () => {
  it("is looked for in the whole message, without regard to case", async () => {
    const [request, response] = await toolCall("search", {
      args: { q: "Foo Bar" },
      result: { content: [{ type: "text", text: "Zürich" }] },
    });
    expect(those(request, "foo", '"foo bar"', "text:foo*bar", "text:f?o", "bar foo", "bar*foo", "tools/call")).toEqual(
      ["foo", '"foo bar"', "text:foo*bar", "text:f?o", "bar foo", "tools/call"],
    );
    expect(those(response, "zürich", "ZÜRICH", "zurich", "z?rich")).toEqual(["zürich", "ZÜRICH", "z?rich"]);
  });

  it("is found behind JSON's escapes", async () => {
    const [escaped] = await decoded(
      String
        .raw`{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\u0066oo \"bar\" a\/b c\\d\n\ud83d\ude00 \u00dc"}}`,
    );
    const texts = ["foo", '"\\"bar\\""', "a/b", '"c\\\\d"', "😀", "ü", '"foo \\"bar"', '"d\\n😀"'];
    expect(those(escaped!, ...texts, "fooo", "u0066")).toEqual([...texts, "u0066"]);
  });

  it("is looked for in HTTP, bytes, findings and gaps", () => {
    const exchange = new Exchange();
    const http = exchange.request("Grant_Type=x", { target: "/Token?x=Abc" });
    expect(those(http, "grant_type", "abc", '"/token"', "nothing")).toEqual(["grant_type", "abc", '"/token"']);
    expect(those(chunk(session().down, "Hello"), "hello", "hallo")).toEqual(["hello"]);
    expect(those(finding({ evidence: "IGNORE all" }), "ignore", "changed", "gone")).toEqual(["ignore", "changed"]);
    expect(those(gap(), "lost", "found")).toEqual(["lost"]);
  });
});

describe("HTTP", () => {
  it("has its own fields", () => {
    const exchange = new Exchange();
    const request = exchange.request("", { target: "/mcp?x=1", authority: "mcp.example.com:8080" });
    const texts = ["host:*.example.com", "host:mcp.example.com:8080", "path:/mcp", "method:POST", "transport:http"];
    expect(
      those(request, ...texts, "dir:to_server", "status:pending", "http:401", "address:127.0.0.1", "address:*:3000"),
    )
      .toEqual([...texts, "dir:to_server", "status:pending", "address:127.0.0.1", "address:*:3000"]);
    const response = exchange.response(401);
    expect(those(response, "http:401", "http>=400", "status:error", "dir:to_client", "dir:response")).toEqual(
      ["http:401", "http>=400", "status:error", "dir:to_client", "dir:response"],
    );
  });

  it("may lack all that is not known", () => {
    const stream = session().down;
    const exchange: HttpExchange = {
      id: 1,
      version: "1.1",
      request: undefined,
      response: undefined,
      times: {},
      client: undefined,
      server: undefined,
      stream,
    };
    const event: HttpEvent = {
      kind: "http",
      type: "response",
      time: 1,
      source: "test",
      stream,
      exchange,
      body: undefined,
      wireBytes: 0,
      incomplete: "reset",
    };
    for (const { example } of FIELDS) expect(typeof matches(example, event)).toBe("boolean");
    expect(those(event, "reason:reset", "status:error", "path:*", "http>0")).toEqual(["reason:reset", "status:error"]);
  });
});

describe("every field", () => {
  it("has an example that can be read, and judges every kind of event", async () => {
    const events = [...await toolCall("a"), finding(), gap(), chunk(session().down, "x"), new Exchange().request("")];
    for (const { name, example } of FIELDS) {
      expect(example).toMatch(new RegExp(`^-?${name}[:<>]`));
      for (const event of events) expect(typeof matches(example, event)).toBe("boolean");
    }
  });
});

describe("what an event does not have", () => {
  it("does not match, and its negation does", () => {
    expect(those(gap(), "tool:x", "-tool:x", "latency>1ms", "latency<1ms", "-latency>1ms")).toEqual(
      ["-tool:x", "-latency>1ms"],
    );
  });

  it("speaks not against findings and gaps where a filter is lenient", async () => {
    const lost = gap();
    for (const text of ["tool:x", "-tool:x", "tool:x status:error", "not (tool:x or foo)", "severity>=high"]) {
      expect(passes(text, lost)).toBe(true);
    }
    for (const text of ["kind:mcp", "-kind:gap", "reason:other", "tool:x source:other"]) {
      expect(passes(text, lost)).toBe(false);
    }
    expect(["tool:x", "severity>=high", "severity<high", "kind:mcp", "foo"].map((text) => passes(text, finding())))
      .toEqual(
        [true, true, false, false, false],
      );
    expect(
      ["detector:*", "-detector:*", "score>0"].map((text) =>
        passes(text, finding({ detector: undefined, score: undefined }))
      ),
    )
      .toEqual([false, true, false]);
    const [request] = await toolCall("search");
    const about = finding({ event: request, process: client });
    expect(["tool:search", "tool:other", "pid:1", "pid:9", "-pid:1"].map((text) => passes(text, about))).toEqual(
      [true, false, true, false, false],
    );
    const [ping] = await decoded({ jsonrpc: "2.0", id: 1, method: "ping" });
    expect(passes("tool:x", finding({ event: ping! }))).toBe(false);
  });
});
