import { describe, expect, it } from "vitest";
import type { HttpHeaders } from "../../pipeline/event.ts";
import { header, headerAll, isEventStream, mediaType, path, query } from "../../pipeline/http.ts";

const headers: HttpHeaders = [
  ["content-type", "Text/Event-Stream; charset=utf-8"],
  ["set-cookie", "a=1"],
  ["set-cookie", "b=2"],
];

describe("pipeline/http", () => {
  it("finds the first value of a header, and all", () => {
    expect(header(headers, "set-cookie")).toBe("a=1");
    expect(header(headers, "accept")).toBeUndefined();
    expect(headerAll(headers, "set-cookie")).toEqual(["a=1", "b=2"]);
  });

  it("reads the media type without parameters", () => {
    expect(mediaType(headers)).toBe("text/event-stream");
    expect(isEventStream(headers)).toBe(true);
    expect(isEventStream([["content-type", "application/json"]])).toBe(false);
    expect(isEventStream([])).toBe(false);
  });

  it.each([
    ["/mcp?x=1", "/mcp", "x=1"],
    ["/mcp#top?no", "/mcp", undefined],
    ["http://host:80/mcp?x=http://y/z", "/mcp", "x=http://y/z"],
    ["http://host?next=/a", "/", "next=/a"],
    ["http://host", "/", undefined],
    ["/next=http://a/b", "/next=http://a/b", undefined],
    ["*", "*", undefined],
    ["host:443", "host:443", undefined],
    ["", "", undefined],
  ])("takes %s apart", (target, itsPath, itsQuery) => {
    expect(path(target)).toBe(itsPath);
    expect(query(target)).toBe(itsQuery);
  });
});
