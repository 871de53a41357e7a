import { describe, expect, it } from "vitest";
import { looksLikeHttp1 } from "../../../protocols/http1/mod.ts";
import { bytesOf, Watcher } from "./_watch.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const POST = "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n5;a="b"\r\nhello\r\n6 \r\n world\r\n0\r\n`;

const request = (...pieces: string[]) => new Watcher("request").push(...pieces).close();
const response = (...pieces: string[]) => new Watcher("response").push(...pieces).close();
/** Targets or status codes, bodies and ends of what was told. */
const brief = ({ messages }: Watcher) =>
  messages.map(({ head, body, end }) => [head === "late" ? head : head.target ?? head.status, body, end]);

/** The same, given whole and byte by byte; both must agree. */
function both(kind: "request" | "response", text: string): Watcher {
  const whole = new Watcher(kind).push(text).close(), bytes = new Watcher(kind).push(...text).close();
  expect(brief(bytes)).toEqual(brief(whole));
  return bytes;
}

describe("Http1Parser on whole messages", () => {
  it("reads requests one after another, pipelined, cut anywhere", () => {
    const { messages, skips } = both("request", POST + POST + "GET / HTTP/1.0\r\n\r\n");
    expect(messages.map(({ end }) => end)).toEqual(["whole", "whole", "whole"]);
    expect(messages[0]?.head).toEqual({
      version: "1.1",
      method: "POST",
      target: "/mcp",
      status: undefined,
      headers: [["host", "x"], ["content-length", "5"]],
    });
    expect(messages[2]?.head).toMatchObject({ version: "1.0", method: "GET", target: "/", headers: [] });
    expect(skips).toEqual([]);
  });

  it("takes chunks with extensions, and trailers", () => {
    const { messages } = both("response", `${CHUNKED}X-Sum: 1\r\nx-sum:2 \r\n\r\n${CHUNKED}\r\n`);
    expect(messages.map(({ body, trailers, end }) => [body, trailers, end])).toEqual([
      ["hello world", [["x-sum", "1"], ["x-sum", "2"]], "whole"],
      ["hello world", undefined, "whole"],
    ]);
  });

  it("gives the bytes of a body by their place in the buffer", () => {
    const seen: unknown[] = [];
    const watcher = new Watcher("request");
    const bytes = bytesOf(POST);
    watcher.body = (buffer, start, end) => void seen.push(buffer === bytes, start, end);
    watcher.parser.push(bytes, 0, bytes.length);
    expect(seen).toEqual([true, bytes.length - 5, bytes.length]);
  });

  it("takes identity for no transfer coding", () => {
    const chunks = "3\r\nabc\r\n0\r\n\r\n", next = "HTTP/1.1 204 No\r\n\r\n";
    const fields: [string, string, string][] = [
      ["Transfer-Encoding: identity\r\nContent-Length: 3", "abc", "whole"],
      ["Transfer-Encoding: Identity, chunked", chunks, "whole"],
      ["Transfer-Encoding: chunked, identity", chunks, "whole"],
      ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunks, "whole"],
    ];
    for (const [field, body, end] of fields) {
      expect(brief(both("response", `${OK}${field}\r\n\r\n${body}${next}`)), field).toEqual([
        [200, "abc", end],
        [204, "", "whole"],
      ]);
    }
    expect(brief(both("response", `${OK}Transfer-Encoding: gzip, identity\r\n\r\nabc`))).toEqual([[
      200,
      "abc",
      "whole",
    ]]);
    expect(brief(both("request", "GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n"))).toEqual([[
      "/",
      "",
      "whole",
    ]]);
  });

  it("reads a response until the connection is closed", () => {
    expect(brief(both("response", `${OK}X: y\r\n\r\none\r\n\r\ntwo`))).toEqual([[200, "one\r\n\r\ntwo", "whole"]]);
    const reset = new Watcher("response").push(`${OK}\r\none`).close(true);
    expect(brief(reset)).toEqual([[200, "one", "closed"]]);
  });

  it("knows responses without a body", () => {
    const text = ["204 No Content", "304 Not Modified"]
      .map((status) => `HTTP/1.1 ${status}\r\nContent-Length: 9\r\n\r\n`).join("");
    expect(brief(both("response", text + CHUNKED + "\r\n"))).toEqual([
      [204, "", "whole"],
      [304, "", "whole"],
      [200, "hello world", "whole"],
    ]);
    const head = new Watcher("response", () => "none").push(`${OK}Content-Length: 9\r\n\r\n${OK}\r\n`);
    expect(brief(head)).toEqual([[200, "", "whole"], [200, "", "whole"]]);
  });

  it("tells of interim heads, which end nothing", () => {
    const watcher = both(
      "response",
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${CHUNKED}\r\n`,
    );
    expect(watcher.interim.map(({ status }) => status)).toEqual([100, 103]);
    expect(brief(watcher)).toEqual([[200, "hello world", "whole"]]);
    const expects = "POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    expect(brief(request(expects, "ok" + POST))).toEqual([["/e", "ok", "whole"], ["/mcp", "hello", "whole"]]);
  });

  it("leaves HTTP after 101 and CONNECT", () => {
    const upgrade = both(
      "response",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello\r\n\r\n",
    );
    expect([upgrade.raws, upgrade.interim.length]).toEqual(["\x81\x05hello\r\n\r\n", 1]);
    const connect = new Watcher("response", () => "tunnel").push(`${OK}Content-Length: 3\r\n\r\n`, "\x16\x03\x01");
    expect(connect.raws).toBe("\x16\x03\x01");
    const client = new Watcher("request").push("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "ab");
    client.parser.tunnel();
    expect(client.push("cd").raws).toBe("abcd");
  });

  it("takes every form of target", () => {
    const targets = ["/", "*", "http://host:1/a?b=c", "host:443", "/\xe4"];
    expect(
      request(...targets.map((target) => `OPTIONS ${target} HTTP/1.1\r\n\r\n`)).messages.map(({ head }) =>
        head !== "late" && head.target
      ),
    ).toEqual(targets);
  });

  it("takes folded fields, bare LF and empty lines before a start line", () => {
    const { messages } = both("request", "\r\n\n\r\nGET / HTTP/1.1\nA:  one\r\n\ttwo  \n \nB:\n\n" + POST);
    expect(messages.map(({ end }) => end)).toEqual(["whole", "whole"]);
    expect(messages[0]?.head).toMatchObject({ headers: [["a", "one two"], ["b", ""]] });
  });

  it("reads fields as they are", () => {
    const head =
      `${OK}ETag:\t"x" \r\nx-Odd_Name:a: b\r\nSet-Cookie: 1\r\nSet-Cookie: \xe9\r\nSpaced : s\r\nContent-Length:0\r\n\r\n`;
    expect(both("response", head).messages[0]?.head).toMatchObject({
      headers: [
        ["etag", '"x"'],
        ["x-odd_name", "a: b"],
        ["set-cookie", "1"],
        ["set-cookie", "\xe9"],
        ["spaced", "s"],
        ["content-length", "0"],
      ],
    });
  });
});

describe("Http1Parser on the length of a body", () => {
  const put = (...fields: string[]) => `PUT / HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;

  it("takes equal lengths", () => {
    expect(brief(request(put("Content-Length: 2", "Content-Length: 2, 2") + "ab" + POST))).toEqual([
      ["/", "ab", "whole"],
      ["/mcp", "hello", "whole"],
    ]);
  });

  it("lets chunked win", () => {
    for (
      const fields of [["Transfer-Encoding: chunked", "Content-Length: 99"], [
        "Content-Length: x",
        "transfer-encoding: gzip, Chunked",
      ]]
    ) {
      expect(brief(request(put(...fields) + "1\r\na\r\n0\r\n\r\n" + POST))).toEqual([
        ["/", "a", "whole"],
        ["/mcp", "hello", "whole"],
      ]);
    }
  });

  it("gives up a message whose lengths differ or are none, and finds the next", () => {
    for (
      const fields of [["Content-Length: 2", "Content-Length: 3"], ["Content-Length: -1"], ["Content-Length: 1, 2"], [
        "Transfer-Encoding: gzip",
      ]]
    ) {
      const watcher = request(put(...fields) + "ab\r\n" + POST);
      expect(brief(watcher)).toEqual([["/", "", "bad_head"], ["/mcp", "hello", "whole"]]);
      expect(watcher.skips.at(-1)).toEqual([4, "bad_head", false]);
    }
  });

  it("reads a response with another transfer coding to its end", () => {
    expect(brief(response(`${OK}Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nabc`))).toEqual([[
      200,
      "abc",
      "whole",
    ]]);
  });
});

describe("Http1Parser on what is no message", () => {
  it("passes over what comes before a start line", () => {
    const watcher = both("request", "\x16\x03\x01\x02 junk\nGET nothing\r\n" + POST);
    expect(brief(watcher)).toEqual([["/mcp", "hello", "whole"]]);
    expect(watcher.skips).toEqual([[23, "not_http", false]]);
    expect(watcher.parser.searching).toBe(false);
    expect(new Watcher("request").push("\x16\x03").parser.searching).toBe(true);
  });

  it("finds a message that begins where a write does", () => {
    expect(brief(response('{"a":1}', CHUNKED + "\r\n"))).toEqual([[200, "hello world", "whole"]]);
  });

  it("passes over a head with a bad field", () => {
    for (const bad of ["no colon", ": no name", "a b: c", " folded: first", "Host : spaced"]) {
      const watcher = both("request", `GET / HTTP/1.1\r\n${bad}\r\nHost: x\r\n\r\n${POST}`);
      expect(brief(watcher)).toEqual([["/mcp", "hello", "whole"]]);
      expect(watcher.skips).toEqual([[16 + bad.length + 2 + 9 + 2, "bad_head", false]]);
    }
  });

  it("passes over a head that is cut by the next", () => {
    expect(brief(both("request", `GET /cut HTTP/1.1\r\nHost: y\r\n${POST}`))).toEqual([["/mcp", "hello", "whole"]]);
  });

  it("passes over heads beyond the limits", () => {
    const limits = { maxHead: 200, maxHeaders: 3 };
    const large = `GET /large HTTP/1.1\r\nA: ${"x".repeat(300)}\r\n\r\n`;
    const lines = `GET /large HTTP/1.1\r\n${"A: xxxxxxxxxxxxxxxx\r\n".repeat(15)}\r\n`;
    const line = `GET /${"x".repeat(300)} HTTP/1.1\r\n\r\n`;
    for (const text of [large, lines, line]) {
      for (const pieces of [[text + POST], [...text + POST]]) {
        const watcher = new Watcher("request", undefined, limits).push(...pieces).close();
        expect(brief(watcher)).toEqual([["/mcp", "hello", "whole"]]);
        expect(watcher.skips).toEqual([[text.length, "head_too_large", false]]);
      }
    }
    const many = "PUT / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nContent-Length: 3\r\n\r\n";
    const watcher = new Watcher("request", undefined, limits).push(`${many}GET${POST}`).close();
    expect(brief(watcher)).toEqual([["/mcp", "hello", "whole"]]);
    expect(watcher.skips).toEqual([[many.length, "too_many_headers", false], [3, "too_many_headers", false]]);
  });

  it("gives up a body without a chunk where one should be", () => {
    const start = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
    for (const bad of ["x\r\n", "\r\n", "-1\r\n", "1\r\nabc\r\n", "12345678901234\r\n"]) {
      const { messages } = both("response", `${start}${bad}\r\n${CHUNKED}\r\n`);
      expect(messages.map(({ end }) => end)).toEqual(["bad_chunk", "whole"]);
    }
  });

  it("says where the stream ended in a message", () => {
    const ends = [POST.slice(0, -1), "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"];
    for (const text of ends) expect(request(text).messages[0]?.end).toBe("closed");
    expect(request(POST.slice(0, 20)).skips).toEqual([[20, "closed", false]]);
    expect(request("").skips).toEqual([]);
    expect(brief(request(POST).push(POST))).toHaveLength(2);
  });
});

describe("Http1Parser on lost bytes", () => {
  it("fills a hole in a body by count", () => {
    const watcher = new Watcher("request").push(POST.slice(0, -4));
    watcher.parser.lose(2);
    expect(brief(watcher.push("lo" + POST))).toEqual([["/mcp", "h", "bytes_lost"], ["/mcp", "hello", "whole"]]);
    expect(watcher.skips).toEqual([[0, "bytes_lost", true], [2, "bytes_lost", false]]);
    watcher.push(POST.slice(0, -4)).parser.lose(4);
    expect(brief(watcher.push(POST)).slice(2)).toEqual([["/mcp", "h", "bytes_lost"], ["/mcp", "hello", "whole"]]);
  });

  it("fills a hole in a chunk by count", () => {
    const watcher = new Watcher("response").push(CHUNKED.slice(0, -9));
    watcher.parser.lose(2);
    expect(brief(watcher.push(CHUNKED.slice(-7) + "\r\n" + CHUNKED + "\r\n"))).toEqual([
      [200, "hello w", "bytes_lost"],
      [200, "hello world", "whole"],
    ]);
  });

  it("looks for the next message after a larger one", () => {
    const watcher = new Watcher("request").push(POST.slice(0, -4));
    watcher.parser.lose(100);
    expect(brief(watcher.push("rest\r\n" + POST))).toEqual([["/mcp", "h", "bytes_lost"], ["/mcp", "hello", "whole"]]);
    expect(watcher.skips).toEqual([[0, "bytes_lost", true], [6, "bytes_lost", false]]);
    watcher.push(POST.slice(0, 25)).parser.lose(3);
    expect(brief(watcher.push("xyz\r\n\r\n" + POST))).toHaveLength(3);
  });

  it("looks for the next message after a hole in a head, in a chunk-size line and in trailers", () => {
    for (const before of ["HTTP/1.1 20", CHUNKED.slice(0, -3), CHUNKED.slice(0, -1), `${CHUNKED}X: `]) {
      const watcher = new Watcher("response").push(before);
      watcher.parser.lose(1);
      expect(brief(watcher.push("\r\n\r\n" + CHUNKED + "\r\n").close()).at(-1)).toEqual([200, "hello world", "whole"]);
    }
  });

  it("goes on with an event stream", () => {
    const start = `${OK}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const watcher = new Watcher("response").push(`${start}20\r\ndata: one`);
    watcher.parser.lose(13);
    watcher.push("data: two\n\r\nb\r\ndata: three\r\n0\r\n\r\n");
    expect(brief(watcher)).toEqual([[200, "data: one", "bytes_lost"], ["late", "data: two\ndata: three", "whole"]]);
    watcher.push(`${start}9\r\ndata: one\r\n`).parser.lose(50);
    watcher.push("xxx\n\r\nb\r\ndata: two\n\n\r\n0\r\n\r\n" + CHUNKED + "\r\n");
    expect(brief(watcher).slice(2)).toEqual([
      [200, "data: one", "bytes_lost"],
      ["late", "data: two\n\n", "whole"],
      [200, "hello world", "whole"],
    ]);
  });
});

describe("Http1Parser that has joined late", () => {
  it("finds the chunks of an event stream", () => {
    const rest = '"a":1}\n\n\r\n1a\r\nevent: message\ndata: one\n\n\r\na\r\n: ping\n\n\r\n\r\n0\r\n\r\n';
    const watcher = both("response", rest + CHUNKED + "\r\n");
    expect(brief(watcher)).toEqual([
      ["late", "event: message\ndata: one\n\n: ping\n\n\r\n", "whole"],
      [200, "hello world", "whole"],
    ]);
  });

  it("finds lines of an event stream, and then its chunks", () => {
    const rest = "data: one\n\n\r\n22\r\nid: 1\r\nevent: message\r\ndata: 2\r\n\r\n\r\n0\r\n\r\n";
    expect(brief(both("response", `${rest}${CHUNKED}\r\n`))).toEqual([
      ["late", "data: one\n\nid: 1\r\nevent: message\r\ndata: 2\r\n\r\n", "whole"],
      [200, "hello world", "whole"],
    ]);
    const chunked = "data: one\r\n\r\n\r\n7\r\nid: 12\n\r\n0\r\n\r\n" + CHUNKED + "\r\n";
    expect(brief(both("response", chunked))).toEqual([
      ["late", "data: one\r\n\r\nid: 12\n", "whole"],
      [200, "hello world", "whole"],
    ]);
  });

  it("reads an event stream without chunks until it is closed", () => {
    const text = "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n";
    expect(brief(both("response", text))).toEqual([["late", text, "whole"]]);
    expect(brief(response(`${text}${CHUNKED}\r\n`))).toEqual([["late", text, "whole"], [200, "hello world", "whole"]]);
  });

  it("finds no event stream in requests", () => {
    expect(brief(both("request", "data: 1\n\n" + POST))).toEqual([["/mcp", "hello", "whole"]]);
  });
});

describe("looksLikeHttp1", () => {
  const look = (text: string) => looksLikeHttp1(bytesOf(`xx${text}yy`), 2, text.length + 2);

  it("knows requests and responses", () => {
    for (
      const text of [POST, "GET / HTTP/1.0\n", "\r\nOPTIONS * HTTP/1.1\r\n", "GET /mcp?x", "CONNECT h", "M-SEARCH * "]
    ) {
      expect([text, look(text)]).toEqual([text, "request"]);
    }
    for (const text of [OK, "HTTP/1.1 404\r\n", "HTTP/1.1 2", "HTTP/1."]) expect(look(text)).toBe("response");
  });

  it("knows what is neither", () => {
    for (
      const text of [
        "",
        "\r\n",
        "G",
        "GET ",
        '{"jsonrpc"',
        "\x16\x03\x01",
        "PRI * HTTP/2.0\r\n",
        "HTTP/2 200\r\n",
        "GET /\r\n",
        "hello world",
      ]
    ) {
      expect([text, look(text)]).toEqual([text, undefined]);
    }
  });
});
