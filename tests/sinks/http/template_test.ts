import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { describeProblems, parseTemplate } from "../../../sinks/http/template.ts";
import { wrongPath } from "../../../sinks/http/template_fields.ts";
import { recorded } from "./_events.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
const lines: string[] = [];

beforeAll(async () => {
  const writer = new EventLines(PLAIN), decoder = new TextDecoder();
  for (const name of ["demo.capture", "hostile.capture"]) {
    for (const batch of await recorded(name)) {
      for (const event of batch) lines.push(decoder.decode(writer.line(event)));
      writer.forget();
    }
  }
});

function problems(text: string, json = true): string {
  return describeProblems(text, parseTemplate(text, json).problems ?? []);
}

function render(text: string, event: unknown, json = true): string {
  const { template } = parseTemplate(text, json);
  if (template === undefined) throw new Error(problems(text, json));
  return template.render(JSON.stringify(event), "id-1");
}

describe("a template", () => {
  it("tells every mistake with its place and the nearest name", () => {
    expect(problems('{"a": "${severty}", "b": ${call.outcme},\n "c": ${tool}}')).toBe(
      'line 1, column 10: no event has "severty"; did you mean "severity"?; ' +
        'line 1, column 28: call has no "outcme"; did you mean "call.outcome"?; ' +
        'line 2, column 9: no event has "tool"; did you mean "call.tool"?',
    );
    expect(problems("${kind.of}")).toBe('column 3: kind is no object: it has no "of"');
    expect(problems("${a b}")).toBe('column 1: "a b" is no name such as call.tool');
    expect(problems("x ${kind")).toBe('column 3: "${" without "}"; write "$${" for a plain "${"');
    expect(problems('{"a": ${kind}')).toMatch(/^column 1: the template gives no JSON \(/);
    expect(problems('{"a": ${kind}', false)).toBe("");
  });

  it("knows every member that lines have", () => {
    const paths = new Set<string>();
    const collect = (value: unknown, path: string[]): void => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return;
      for (const [name, inside] of Object.entries(value)) {
        paths.add([...path, name].join("."));
        if (path.length === 0 && ["params", "result", "error", "details", "data", "headers"].includes(name)) continue;
        if (path[0] === "request" && name === "params") continue;
        collect(inside, [...path, name]);
      }
    };
    for (const line of lines) collect(JSON.parse(line), []);
    expect(paths.size).toBeGreaterThan(60);
    expect([...paths].map((path) => wrongPath(path.split("."))).filter((wrong) => wrong !== undefined)).toEqual([]);
  });

  it("fills in values as JSON outside quotes, and as text between them", () => {
    const event = { kind: "mcp", params: { n: 1, list: ["a", { b: 2 }] }, result: 'say "hi"\n', error: null };
    expect(render('{"k":"<${kind}>","p":${params},"first":${params.list.0},"r":"${result}"}', event)).toBe(
      '{"k":"<mcp>","p":{"n":1,"list":["a",{"b":2}]},"first":"a","r":"say \\"hi\\"\\n"}',
    );
    expect(render('["${error}", ${error}, "${rule}", ${rule}, "${params.list}"]', event)).toBe(
      '["", null, "", null, "[\\"a\\",{\\"b\\":2}]"]',
    );
    expect(render('["$${kind}", "\\"${kind}", ${record_id}]', event)).toBe('["${kind}", "\\"mcp", "id-1"]');
    expect(render("${kind} ${result}|${params.n}", event, false)).toBe('mcp say "hi" |1');
  });

  it("reads own members only", () => {
    expect(render('[${params.__proto__}, ${params.constructor.name}, "${params.toString}"]', { params: {} })).toBe(
      '[null, null, ""]',
    );
  });

  it("gives JSON, whatever the values are", () => {
    const template = '{"a": "x ${message} y", "b": ${message}, "c": ["${details.v}", ${details.v}], "d": "${.}"}';
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (message, v) => {
      const made = JSON.parse(render(template, { message, details: { v } }));
      expect(made.a).toBe(`x ${message} y`);
      expect(made.b).toBe(message);
      expect(JSON.parse(made.d).message).toBe(message);
    }));
  });
});
