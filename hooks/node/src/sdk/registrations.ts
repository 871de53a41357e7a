/**
 * Tells of servers, and of the tools, resources and prompts that they register.
 *
 * @module
 */
import { guarded } from "../guard.ts";
import { type AnyFunction, patch } from "../patch.ts";
import type { Sensor } from "../sensor.ts";
import { noting } from "./handlers.ts";
import { schemaOf } from "./schema.ts";
import { object, type ProtocolLike, text } from "./shapes.ts";
import { later, now } from "../time.ts";

/** What is told once: servers over HTTP are often made anew for each request. */
const MOST = 4096;
/** How long descriptions wait: to write out schemas is no part of a program's start. In milliseconds. */
const DELAY = 100;
/** How long they are written out at once, and how long it takes until it is gone on with, in milliseconds. */
const SLICE = 3, PAUSE = 10;

type Kind = "tool" | "resource" | "prompt";

/** How `McpServer` is told, by the name of the method: which of its results' members say what. */
const METHODS: readonly (readonly [method: string, kind: Kind])[] = [
  ["_createRegisteredTool", "tool"],
  ["_createRegisteredResource", "resource"],
  ["_createRegisteredResourceTemplate", "resource"],
  ["_createRegisteredPrompt", "prompt"],
];

/** Patches the prototypes of servers of the high-level kind. */
export class Registrations {
  readonly #sensor: Sensor;
  readonly #told = new Set<string>();
  readonly #servers = new WeakSet<object>();
  readonly #seen = new WeakSet<object>();
  readonly #waiting: (() => void)[] = [];

  constructor(sensor: Sensor) {
    this.#sensor = sensor;
    sensor.atEnd(() => this.#work(Infinity));
  }

  /** Patches the class of an `McpServer` that is being made. */
  watch(instance: object): void {
    const prototype = Object.getPrototypeOf(instance);
    for (
      let at = prototype;
      at !== null && at !== Object.prototype;
      at = Object.getPrototypeOf(at)
    ) {
      if (this.#seen.has(at)) continue;
      this.#seen.add(at);
      patch(at, "executeToolHandler", noting);
      for (const [method, kind] of METHODS) {
        patch(at, method, (original) => this.#registering(original, kind));
      }
    }
  }

  /** Tells of a server, once. */
  tellServer(server: ProtocolLike): void {
    if (server._serverInfo === undefined || this.#servers.has(server)) return;
    this.#servers.add(server);
    const { name, version, title } = object(server._serverInfo);
    const shown = { name: text(name) ?? "", version, title, instructions: server._instructions };
    const open = JSON.stringify(shown);
    if (!this.#isNew(open)) return;
    this.#sensor.tell({
      name: "mcp_server_init",
      open,
      under: "server",
      call: null,
    });
  }

  #registering(original: AnyFunction, kind: Kind): AnyFunction {
    const note = (server: object, args: readonly unknown[], result: unknown) => this.#note(kind, server, args, result);
    return function (this: object, ...args: unknown[]) {
      const result = Reflect.apply(original, this, args);
      guarded("sdk.register", () => note(this, args, result));
      return result;
    };
  }

  #note(kind: Kind, owner: object, args: readonly unknown[], result: unknown): void {
    const server = object((owner as { server?: unknown }).server) as ProtocolLike;
    this.tellServer(server);
    const serverName = text(object(server._serverInfo)["name"]);
    const element = object(result);
    const metadata = object(element["metadata"]);
    const name = text(args[0]);
    const description = text(element["description"]) ??
      text(metadata["description"]);
    if (!this.#isNew(JSON.stringify([serverName, kind, name, description]))) {
      return;
    }
    if (this.#waiting.length === 0) this.#later(DELAY);
    this.#waiting.push(() => {
      const schema = guarded("sdk.schema", () => schemaOf(element[kind === "tool" ? "inputSchema" : "argsSchema"]));
      this.#sensor.tell({
        name: "mcp_server_add",
        call: null,
        under: "element",
        open: JSON.stringify({
          type: kind,
          name: name ?? "",
          title: text(element["title"]) ?? text(metadata["title"]),
          description,
          parameters: kind === "tool" ? schema : undefined,
          arguments: kind === "prompt" ? argumentsOf(schema) : undefined,
          annotations: element["annotations"] ?? metadata["annotations"],
          uri: kind === "resource" ? uriOf(args, element) : undefined,
        }),
      });
    });
  }

  #later(delay: number): void {
    later(() => guarded("sdk.register", () => this.#work(SLICE)), delay);
  }

  #work(most: number): void {
    const end = now() + most;
    for (let tell = this.#waiting.shift(); tell !== undefined; tell = this.#waiting.shift()) {
      guarded("sdk.register", tell);
      if (now() < end) continue;
      if (this.#waiting.length > 0) this.#later(PAUSE);
      return;
    }
  }

  #isNew(key: string): boolean {
    if (this.#told.has(key)) return false;
    if (this.#told.size >= MOST) this.#told.clear();
    this.#told.add(key);
    return true;
  }
}

/** A prompt's arguments, as `prompts/list` has them. */
function argumentsOf(schema: unknown): readonly object[] | undefined {
  const { properties, required } = object(schema);
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  return properties === undefined ? undefined : Object.entries(object(properties)).map(([name, value]) => {
    return { name, description: object(value)["description"], required: isRequired(name) };
  });
}

/** A resource's URI, or the template of several. */
function uriOf(args: readonly unknown[], element: Readonly<Record<string, unknown>>): string | undefined {
  const template = object(object(element["resourceTemplate"])["uriTemplate"])["template"];
  return text(template) ??
    args.slice(1).map(text).find((each) => each?.includes(":"));
}
