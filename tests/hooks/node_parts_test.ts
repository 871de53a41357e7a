import { describe, expect, it } from "vitest";
import { sensitivePaths } from "../../hooks/node/src/audit/paths.ts";
import { readConfig } from "../../hooks/node/src/config/read.ts";
import { Clock } from "../../hooks/node/src/events/clock.ts";
import type { Pending } from "../../hooks/node/src/events/event.ts";
import { nameOf } from "../../hooks/node/src/events/program.ts";
import { Queue } from "../../hooks/node/src/events/queue.ts";
import { marked, mayBeSdk } from "../../hooks/node/src/modules/marks.ts";
import { patch, patchOnce } from "../../hooks/node/src/patch.ts";
import { Framing, mayBegin } from "../../hooks/node/src/stdio/framing.ts";
import { Bytes } from "../../hooks/node/src/write/bytes.ts";

const encoder = new TextEncoder();

describe("Queue of the Node sensor", () => {
  const item = (size: number): Pending => ({ told: { name: "x" }, call: null, number: 0, time: 0, size });

  it("keeps its bounds, counts what it drops, and takes what is needed", () => {
    const queue = new Queue({ maxEvents: 3, maxBytes: 100 });
    expect([40, 40, 40, 10].map((size) => queue.push(item(size)))).toEqual([true, true, false, true]);
    expect(queue.push(item(1))).toBe(false);
    expect(queue.push(item(1), true)).toBe(true);
    expect(queue.takeDropped()).toEqual({ queue_full: 2 });
    expect(queue.takeDropped()).toBeUndefined();
    queue.drop("disk_full", 5);
    expect(queue.takeDropped()).toEqual({ queue_full: 2, disk_full: 5 });
    expect(queue.dropped).toBe(7);
  });

  it("gives events in their order, many times its bound", () => {
    const queue = new Queue({ maxEvents: 5000, maxBytes: 1e9 });
    const seen: number[] = [];
    for (let k = 0; k < 20_000; k++) {
      queue.push({ ...item(1), number: k });
      if (k % 3 !== 0) seen.push(queue.shift()?.number ?? -1);
    }
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) seen.push(next.number);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length + queue.dropped).toBe(20_000);
  });
});

describe("Clock of the Node sensor", () => {
  it("writes nanoseconds, and follows the wall clock when it is set", () => {
    let wall = 1_795_300_000_000, steady = 0;
    const clock = new Clock(() => wall, () => steady);
    steady = 0.081751;
    expect(clock.text(steady)).toMatch(/^2026-11-21T\d\d:\d\d:\d\d\.\d{9}\+00:00$/);
    expect(Date.parse(clock.text(steady))).toBe(wall);
    wall += 3_600_000;
    clock.check();
    expect(Date.parse(clock.text(steady))).toBe(wall);
    wall -= 7_200_000;
    clock.check();
    expect(Date.parse(clock.text(steady))).toBe(wall);
  });
});

describe("Bytes of the Node sensor", () => {
  const plain = { mayHold: () => false, redact: (text: string) => text };
  const textOf = (bytes: Bytes) => bytes.buffer.toString("utf8", 0, bytes.length);

  it("makes an object members of the event, or a member of its own", () => {
    const bytes = new Bytes(plain);
    bytes.add({ head: '{"a":1', open: '{"b":"é→🙂"}', spread: true, tail: "}\n" });
    bytes.add({ head: '{"a":1', open: "{}", spread: true, tail: "}\n" });
    bytes.add({ head: '{"a":"ü","m":', open: '{"b":2}', spread: false, tail: "}\n" });
    expect(textOf(bytes)).toBe('{"a":1,"b":"é→🙂"}\n{"a":1}\n{"a":"ü","m":{"b":2}}\n');
  });

  it("has redacted just what is open, whatever alphabet stands before it", () => {
    const seen: string[] = [];
    const bytes: Bytes = new Bytes({
      mayHold: (buffer, start, end) => seen.push(new TextDecoder().decode(buffer.subarray(start, end))) > 0,
      redact: (text) => text.replace("secret", "<x>"),
    });
    bytes.add({ head: '{"név":"secret","m":', open: '{"b":"secret"}', spread: false, tail: "}\n" });
    expect(seen).toEqual(['{"b":"secret"}']);
    expect(textOf(bytes)).toBe('{"név":"secret","m":{"b":"<x>"}}\n');
  });

  it("takes no line above 1 MiB, and leaves nothing of one that cannot be redacted", () => {
    const bytes = new Bytes({ ...plain, mayHold: (_, start, end) => end - start < 100, redact: () => fail() });
    expect(bytes.add({ head: "", open: JSON.stringify("x".repeat(1 << 20)), spread: false, tail: "\n" })).toBe(false);
    expect(() => bytes.add({ head: "", open: '"secret"', spread: false, tail: "\n" })).toThrow("as asked");
    expect(bytes.length).toBe(0);
  });

  function fail(): never {
    throw new Error("as asked");
  }
});

describe("marks of the Node sensor", () => {
  const pad = " ".repeat(40_000);
  it.each([
    ["this._registeredResourceTemplates = {};", "this._registeredResourceTemplates = CALL{};"],
    [
      "this._requestHandlerAbortControllers=new Map,this.a=1",
      "this._requestHandlerAbortControllers=CALLnew Map,this.a=1",
    ],
    [
      "_requestHandlerAbortControllers = /* @__PURE__ */ new Map();",
      "_requestHandlerAbortControllers = CALL/* @__PURE__ */ new Map();",
    ],
    [
      '__publicField(this, "_requestHandlerAbortControllers", new Map())',
      '__publicField(this, "_requestHandlerAbortControllers", CALLnew Map())',
    ],
  ])("finds %s", (source, expected) => {
    for (const [path, text] of [["/x/bundle.js", source + pad], ["/@modelcontextprotocol/sdk/x.js", source]] as const) {
      expect(mayBeSdk(path, text) && mayBeSdk(path, encoder.encode(text))).toBe(true);
    }
    expect(marked(source)?.replace(/globalThis\[.*?\|\|/, "CALL")).toBe(expected);
  });

  it("leaves alone what only names the members", () => {
    expect(marked("x._requestHandlerAbortControllers.get(1); _registeredResourceTemplates == {}")).toBeUndefined();
    expect(mayBeSdk("/x/bundle.js", "nothing" + pad)).toBe(false);
    expect(mayBeSdk("/x/y.js", "this._registeredResourceTemplates = {}")).toBe(false);
  });
});

describe("patch of the Node sensor", () => {
  it("keeps name, length, members, and place; once if it is asked to", () => {
    class Kind {
      method(_a: number, _b: number): string {
        return "original";
      }
    }
    const before = Object.getOwnPropertyDescriptor(Kind.prototype, "method");
    const make = (original: (...args: unknown[]) => unknown) => (...args: unknown[]) => `seen ${original(...args)}`;
    expect(patchOnce(Kind.prototype, "method", make)).toBe(true);
    expect(patchOnce(Kind.prototype, "method", make)).toBe(false);
    expect(new Kind().method(1, 2)).toBe("seen original");
    const { value, ...place } = Object.getOwnPropertyDescriptor(Kind.prototype, "method") ?? {};
    const { value: original, ...was } = before ?? {};
    expect(place).toEqual(was);
    expect([value.name, value.length, Object.getOwnPropertyNames(value)]).toEqual([
      original.name,
      original.length,
      Object.getOwnPropertyNames(original),
    ]);
    expect(patch(Kind.prototype, "none", make)).toBe(false);
    expect(patch(Object.freeze({ f: () => {} }), "f", make)).toBe(false);
  });
});

describe("Framing of the Node sensor", () => {
  it("finds messages however they are cut, and leaves out what is none", () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"é"}\nnoise\n{"a":1}\n{"jsonrpc":"2.0","id":1,"result":{}}\n';
    const bytes = encoder.encode(text);
    for (let size = 1; size < bytes.length; size++) {
      const framing = new Framing(), found = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...framing.push(bytes.subarray(at, at + size)));
      expect(found.map(({ method }) => method)).toEqual(["é", undefined]);
    }
  });

  it("lets go of a line that does not end, and reads the next", () => {
    const framing = new Framing(), block = new Uint8Array(1 << 20).fill(0x61);
    for (let k = 0; k < 20; k++) expect(framing.push(block)).toEqual([]);
    expect(framing.push(encoder.encode('\n{"jsonrpc":"2.0","method":"x"}\n'))).toHaveLength(1);
  });

  it("knows what a client says first", () => {
    expect(mayBegin(encoder.encode('{"jsonrpc":"2.0","id":0,"method":"initialize"}'))).toBe(true);
    expect(mayBegin(encoder.encode('{"jsonrpc":"2.0","id":0,"method":"textDocument/didOpen"}'))).toBe(false);
    expect(mayBegin(encoder.encode("Content-Length: 10"))).toBe(false);
    expect(mayBegin(new Uint8Array())).toBe(false);
  });
});

describe("the Node sensor's configuration", () => {
  it("is filled up", () => {
    const { config, problems } = readConfig(undefined);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      mcp: { messages: true, registrations: true, spans: true },
      imports: { hash: true, standardLibrary: true },
      audit: { perSecond: 50, events: undefined },
      queue: { maxEvents: 20_000 },
      follow: true,
      redact: { builtin: true, action: "mask", rules: [] },
    });
  });

  it("takes what is right of one that is not, and says what is wrong", () => {
    const text =
      '{"mcp":{"messages":"no","spans":false},"audit":{"enable":false},"spool":"/x","redact":{"rules":[{"key":"a"},{"key":"b","action":"mask"}]},"x":1}';
    const { config, problems } = readConfig(text);
    expect(config.mcp).toMatchObject({ messages: true, spans: false });
    expect(config.audit).toBe(false);
    expect(config.spool).toMatchObject({ dir: "/x" });
    expect(config.redact).toMatchObject({ rules: [{ key: "b", action: "mask" }] });
    expect([...problems].sort()).toEqual(["mcp.messages", "redact.rules[0]", "x"]);
  });
});

describe("paths of the Node sensor", () => {
  const isSensitive = sensitivePaths(["/srv/*/private/*", "exact"]);
  it.each([
    "/home/a/.ssh/id_rsa",
    "/root/.aws/credentials",
    ".env",
    "/x/.env.local",
    "/srv/a/private/b",
    "exact",
    "/a/.docker/config.json",
  ])(
    "%s is sensitive",
    (path) => expect(isSensitive(path)).toBe(true),
  );
  it.each(["/a/b.js", "/a/node_modules/x/credentials.js", "/srv/private", "inexact", "/etc/ssl/certs/ca.pem"])(
    "%s is not",
    (path) => expect(isSensitive(path)).toBe(false),
  );
});

describe("names of programs", () => {
  it.each([
    [["node", "/x/node_modules/@modelcontextprotocol/server-everything/dist/index.js"], "server-everything"],
    [["node", "/x/node_modules/left-pad/cli.js"], "left-pad"],
    [["node", "/x/server.py.js"], "server.py.js"],
    [["/usr/bin/node"], "node"],
    [[], ""],
  ])("of %j is %s", (argv, name) => expect(nameOf(argv)).toBe(name));
});
