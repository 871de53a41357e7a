import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineSink, defineSource } from "../../pipeline/component.ts";
import { Registry } from "../../pipeline/registry.ts";
import { keep, sourceOf } from "./_events.ts";

const options = z.strictObject({});
const natsSource = defineSource({ type: "nats", summary: "From NATS.", options, create: () => sourceOf([]) });
const natsSink = defineSink({ type: "nats", summary: "To NATS.", options, create: () => keep([]) });
const file = defineSink({ type: "file", summary: "To a file.", options, create: () => keep([]) });

describe("Registry", () => {
  it("finds a component by kind and type", async () => {
    const registry = new Registry([natsSource, natsSink]);
    expect(await registry.get("source", "nats")).toBe(natsSource);
    expect(await registry.get("sink", "nats")).toBe(natsSink);
    expect(await registry.get("transform", "nats")).toBeUndefined();
  });

  it("lists sources before sinks, each by name", async () => {
    const registry = new Registry([natsSink, file, natsSource]);
    expect(await registry.list()).toEqual([natsSource, file, natsSink]);
    expect(await registry.list("sink")).toEqual([file, natsSink]);
  });

  it("loads a component when it is asked for, and not before", async () => {
    let loaded = 0;
    const registry = new Registry([file]).addLazy("sink", "nats", () => {
      loaded++;
      return Promise.resolve({ default: natsSink });
    });
    expect([registry.has("sink", "nats"), registry.has("source", "nats"), registry.types("sink"), loaded]).toEqual(
      [true, false, ["file", "nats"], 0],
    );
    expect(await registry.get("sink", "nats")).toBe(natsSink);
    expect(loaded).toBe(1);
  });

  it("refuses a second component of one kind and type", () => {
    expect(() => new Registry([file]).add(file)).toThrow('There is a sink of type "file" already');
  });
});
