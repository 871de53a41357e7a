import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Baseline } from "../../../../pipeline/baseline/mod.ts";
import firstUse from "../../../../transforms/detect/detectors/first_use.ts";
import { found, type JsonObject, Talk } from "../_talk.ts";

const told = (events: Parameters<typeof found>[1], options: JsonObject = {}) =>
  found(firstUse, events, options).map(({ rule, message }) => `${rule}: ${message}`);

describe("first_use", () => {
  it("tells of a tool that is used first after what was learned, once", () => {
    const talk = new Talk();
    const events = [talk.call("read"), talk.wait(3601).call("read"), talk.call("write"), talk.call("write")];
    expect(told(events)).toEqual(['mcp.tool.first_use: Tool "write" of server "files" is used for the first time']);
  });

  it("tells of a new server, and of its tools", () => {
    const talk = new Talk(), other = new Talk({ name: "other" });
    const events = [talk.call("read"), other.wait(7200).call("read")];
    expect(told(events)).toEqual([
      'mcp.server.first_use: Server "other" is used for the first time',
      'mcp.tool.first_use: Tool "read" of server "other" is used for the first time',
    ]);
  });

  it("says nothing while it learns", () => {
    const talk = new Talk();
    expect(told([talk.call("a"), talk.wait(60).call("b"), talk.wait(60).call("c")])).toEqual([]);
  });

  it("knows what a baseline has, and learns nothing besides", () => {
    const folder = mkdtempSync(join(tmpdir(), "mcpsonde-first-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "baseline.json");
    const talk = new Talk();
    const baseline = new Baseline(path);
    baseline.meet(talk.server, "tools", new Map([["read", { hash: "0".repeat(64), value: undefined }]]), 1);
    baseline.save();
    expect(told([talk.call("read"), talk.call("write")], { baseline: path })).toEqual([
      'mcp.tool.first_use: Tool "write" of server "files" is used for the first time',
    ]);
    expect(told([talk.call("read")], { baseline: join(folder, "none.json") })).toHaveLength(2);
    writeFileSync(path, "nonsense");
    expect(told([talk.call("read")], { baseline: path })).toEqual([]);
  });

  it("remembers no more tools than it may, and tells of none of the others", () => {
    const talk = new Talk();
    const calls = Array.from({ length: 50 }, (_, i) => talk.call(`t${i}`));
    expect(told(calls, { learn_s: 0, max_tools: 10 })).toHaveLength(11);
  });
});
