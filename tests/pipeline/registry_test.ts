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
  it("finds a component by kind and type", () => {
    const registry = new Registry([natsSource, natsSink]);
    expect(registry.get("source", "nats")).toBe(natsSource);
    expect(registry.get("sink", "nats")).toBe(natsSink);
    expect(registry.get("transform", "nats")).toBeUndefined();
  });

  it("lists sources before sinks, each by name", () => {
    const registry = new Registry([natsSink, file, natsSource]);
    expect(registry.list()).toEqual([natsSource, file, natsSink]);
    expect(registry.list("sink")).toEqual([file, natsSink]);
  });

  it("refuses a second component of one kind and type", () => {
    expect(() => new Registry([file]).add(file)).toThrow('There is a sink of type "file" already');
  });
});
