import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_DEPTH, type Node, parseJson } from "../../../../sinks/serve/web/model/json.ts";
import { above, search } from "../../../../sinks/serve/web/model/json_search.ts";

/** What `JSON.parse` would make of it. */
function value(node: Node): unknown {
  switch (node.type) {
    case "object":
      return Object.fromEntries(node.members.map(({ name, value: of }) => [name, value(of)]));
    case "array":
      return node.items.map(value);
    case "string":
      return node.value;
    default:
      return JSON.parse(node.text);
  }
}

describe("parseJson", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (of, indent) => {
      const text = JSON.stringify(of, null, indent);
      const { node, end } = parseJson(text);
      expect(end).toBeUndefined();
      expect(node && value(node)).toEqual(JSON.parse(text));
    }));
  });

  it("never throws, and refuses what JSON.parse refuses", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 3 }), (of, at, put) => {
      const text = JSON.stringify(of);
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + put + text.slice(place + put.length);
      let isJson = true;
      try {
        JSON.parse(changed);
      } catch {
        isJson = false;
      }
      expect(parseJson(changed).end === undefined).toBe(isJson);
    }));
  });

  it("keeps numbers as they were written, and members that are double", () => {
    const { node } = parseJson('{"a":12345678901234567890,"a":1e400,"b":-0.10}');
    expect(node).toEqual({
      type: "object",
      members: [
        { name: "a", value: { type: "number", text: "12345678901234567890" } },
        { name: "a", value: { type: "number", text: "1e400" } },
        { name: "b", value: { type: "number", text: "-0.10" } },
      ],
    });
  });

  it("shows the beginning of a text that was cut, and where it ends", () => {
    const { node, end } = parseJson('{"a":[1,2,{"b":"cu');
    expect(node && value(node)).toEqual({ a: [1, 2, {}] });
    expect(end).toBe(15);
  });

  it("bounds depth", () => {
    const { node, end } = parseJson("[".repeat(100_000));
    expect(node?.type).toBe("array");
    expect(end).toBe(MOST_DEPTH + 1);
  });
});

describe("search", () => {
  const { node } = parseJson('{"City":"Zürich","list":[{"x":"a city"},7],"n":true}');

  it("finds names and values, without regard to case", () => {
    expect(node && search(node, "CITY")).toEqual(["0", "1.0.0"]);
    expect(node && search(node, "true")).toEqual(["2"]);
    expect(node && search(node, "")).toEqual([]);
  });

  it("names all places above one", () => {
    expect(above("1.0.0")).toEqual(["", "1", "1.0"]);
    expect(above("")).toEqual([]);
  });
});
