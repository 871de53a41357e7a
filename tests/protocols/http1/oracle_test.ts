import * as fc from "fast-check";
import { Buffer } from "node:buffer";
import { HTTPParser } from "http-parser-js";
import { describe, expect, it } from "vitest";
import { bytesOf, cut, Watcher } from "./_watch.ts";

type Kind = "request" | "response";

/** A message as both parsers tell it. */
interface Plain {
  readonly start: readonly unknown[];
  readonly fields: readonly string[];
  body: string;
  trailers: readonly string[];
  whole: boolean;
}

/** What http-parser-js makes of the bytes. */
function oracle(kind: Kind, bytes: Uint8Array, heads: readonly boolean[]): Plain[] {
  const parser = new HTTPParser(kind === "request" ? HTTPParser.REQUEST : HTTPParser.RESPONSE);
  const messages: Plain[] = [];
  let open: Plain | undefined, answers = 0;
  parser[HTTPParser.kOnHeadersComplete] = ({ versionMinor, headers, method, url, statusCode }) => {
    const fields = headers.map((text, k) => k % 2 === 0 ? text.toLowerCase() : text);
    const start = kind === "request" ? [HTTPParser.methods[method], url] : [statusCode];
    open = { start: [versionMinor, ...start], fields, body: "", trailers: [], whole: false };
    if (!(statusCode < 200)) messages.push(open);
    return kind === "response" && !(statusCode < 200) && heads[answers++] ? 1 : 0;
  };
  parser[HTTPParser.kOnHeaders] = (trailers) => {
    if (open) open.trailers = trailers.map((text, k) => k % 2 === 0 ? text.toLowerCase() : text);
  };
  parser[HTTPParser.kOnBody] = (chunk, from, length) => {
    if (open) open.body += chunk.subarray(from, from + length).toString("latin1");
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (open) open.whole = true;
  };
  const result = parser.execute(Buffer.from(bytes));
  if (result instanceof Error) throw result;
  parser.finish();
  return messages;
}

/** What ours does, given these pieces. */
function ours(kind: Kind, pieces: readonly Uint8Array[], heads: readonly boolean[]): Plain[] {
  let answers = 0;
  const watcher = new Watcher(kind, () => kind === "response" && heads[answers++] ? "none" : undefined);
  const { messages, skips } = watcher.push(...pieces).close();
  expect(skips).toEqual([]);
  return messages.map(({ head, body, trailers, end }) => {
    if (head === "late") throw new Error("late");
    const { version, method, target, status, headers } = head;
    return {
      start: [version === "1.1" ? 1 : 0, ...(kind === "request" ? [method, target] : [status])],
      fields: headers.flat(),
      body,
      trailers: trailers?.flat() ?? [],
      whole: end === "whole",
    };
  });
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,12}$/)
  .filter((name) => !/^(content-length|transfer-encoding|connection|upgrade)$/i.test(name));
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const field = fc.tuple(token, fc.constantFrom(": ", ":", ":\t "), value, fc.constantFrom("", " ", "\t"))
  .map((parts) => parts.join(""));
const fields = fc.array(field, { maxLength: 8 });
const body = fc.string({
  unit: fc.constantFrom("a", "\n", "\r", "\0", "\xff", "0", "HTTP/1.1 200 OK\r\n"),
  maxLength: 60,
});

/** A body with the field that frames it. */
const framed = fc.oneof(
  fc.constant({ field: [] as string[], bytes: "" }),
  body.map((text) => ({ field: [`Content-Length: ${text.length}`], bytes: text })),
  fc.tuple(fc.array(fc.tuple(body.filter((text) => text !== ""), fc.constantFrom("", ";x", "; a=b"))), fields).map(
    ([chunks, trailers]) => ({
      field: ["Transfer-Encoding: chunked"],
      bytes: chunks.map(([text, extension]) => `${text.length.toString(16)}${extension}\r\n${text}\r\n`).join("") +
        `0\r\n${trailers.map((trailer) => `${trailer}\r\n`).join("")}\r\n`,
    }),
  ),
);

const join = (start: string, own: string[], more: string[], bytes: string) =>
  `${start}\r\n${[...own, ...more].map((line) => `${line}\r\n`).join("")}\r\n${bytes}`;

const request = fc.tuple(
  fc.constantFrom("GET", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"),
  fc.constantFrom("/", "/mcp?a=b", "http://host:80/x", "*", "/%20"),
  fc.constantFrom("HTTP/1.1", "HTTP/1.0"),
  fields,
  framed,
).map(([method, target, version, more, { field, bytes }]) =>
  join(`${method} ${target} ${version}`, more, field, bytes)
);

/** A response: its bytes, and whether it answers HEAD. One without framing lasts until the end. */
const response = fc.tuple(
  fc.constantFrom("", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
  fc.constantFrom("200 OK", "404 Not Found", "500 ", "202 Accepted"),
  fields,
  framed.filter(({ field }) => field.length > 0),
  fc.boolean(),
).map(([interim, status, more, { field, bytes }, head]) => ({
  head,
  text: interim + join(`HTTP/1.1 ${status}`, more, field, head ? "" : bytes),
}));
const bodiless = fc.constantFrom("204 No Content", "304 Not Modified").map((status) => ({
  head: false,
  text: `HTTP/1.1 ${status}\r\nX: y\r\n\r\n`,
}));

const places = fc.array(fc.nat(5000), { maxLength: 12 });

describe("Http1Parser against http-parser-js", () => {
  it("gives the same requests, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), places, (texts, at) => {
        const bytes = bytesOf(texts.join(""));
        const expected = oracle("request", bytes, []);
        expect(expected).toHaveLength(texts.length);
        expect(ours("request", cut(bytes, at), [])).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same responses, however they are cut", () => {
    const last = fc.option(body.map((text) => `HTTP/1.1 200 OK\r\n\r\n${text}`), { nil: "" });
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: response }, bodiless), { minLength: 1, maxLength: 4 }),
        last,
        places,
        (responses, close, at) => {
          const heads = responses.map(({ head }) => head);
          const bytes = bytesOf(responses.map(({ text }) => text).join("") + close);
          const expected = oracle("response", bytes, heads);
          expect(expected).toHaveLength(responses.length + (close === "" ? 0 : 1));
          expect(ours("response", cut(bytes, at), heads)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds its way back to the next message after any bytes", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 2 }), fc.uint8Array({ maxLength: 200 }), places, (texts, junk, at) => {
        const watcher = new Watcher("request");
        watcher.push(...cut(bytesOf(texts.join("")), at)).push(...cut(junk, at));
        watcher.close();
        watcher.push("GET /after HTTP/1.1\r\n\r\n").close();
        expect(watcher.messages.at(-1)).toMatchObject({ head: { target: "/after" }, end: "whole" });
        watcher.push("junk \n").push("GET /again HTTP/1.1\r\n\r\n").close();
        expect(watcher.messages.at(-1)).toMatchObject({ head: { target: "/again" }, end: "whole" });
      }),
    );
  });
});
