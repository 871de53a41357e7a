/**
 * Tells of code that was loaded, some time later: hashing it is no part of a program's start.
 *
 * @module
 */
import Module from "node:module";
import { dirname, sep } from "node:path";
import process from "node:process";
import { builtin, RUNTIME } from "../builtin.ts";
import { members } from "../events/event.ts";
import { guarded } from "../guard.ts";
import type { Sensor } from "../sensor.ts";
import { fullName, Packages } from "./packages.ts";
import { later, now, type Timer } from "../time.ts";

declare const __filename: string | undefined;

/** How long after the first load, how long at once, and how long until it is gone on with, in milliseconds. */
const DELAY = 1000, SLICE = 4, PAUSE = 20;
/** Modules that wait at most, and bytes of them: what is beyond is told without a hash. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The sensor's own folder. */
const OWN = typeof __filename === "string" ? dirname(__filename) + sep : "\0";

interface Waiting {
  readonly path: string;
  readonly source: string | Uint8Array | undefined;
}

/** Gathers what was loaded. */
export class Imports {
  readonly #sensor: Sensor;
  readonly #options: {
    readonly hash: boolean;
    readonly standardLibrary: boolean;
  };
  readonly #packages = new Packages();
  #waiting: Waiting[] = [];
  #next = 0;
  #bytes = 0;
  #timer: Timer | undefined;
  #builtinsSeen = 0;

  constructor(sensor: Sensor, options: { readonly hash: boolean; readonly standardLibrary: boolean }) {
    this.#sensor = sensor;
    this.#options = options;
    this.#builtinsSeen = loadedBuiltins().length;
    sensor.atEnd(() => this.flush());
  }

  /** Takes a module. */
  readonly loaded = (path: string, source: string | Uint8Array): void => {
    if (path.startsWith(OWN)) return;
    const fits = this.#options.hash &&
      this.#bytes + source.length <= MOST_BYTES;
    if (fits) this.#bytes += source.length;
    this.#waiting.push({ path, source: fits ? source : undefined });
    if (this.#timer === undefined) this.#arm(DELAY);
  };

  /** Tells of all that waits. */
  flush(): void {
    this.#work(Infinity);
  }

  #arm(delay: number): void {
    this.#timer = later(() => {
      this.#timer = undefined;
      guarded("imports", () => this.#work(SLICE));
    }, delay);
  }

  #work(most: number): void {
    const end = now() + most;
    while (this.#next < this.#waiting.length) {
      const item = this.#waiting[this.#next++];
      if (item !== undefined) this.#tell(item);
      if (now() >= end) {
        if (this.#next < this.#waiting.length) this.#arm(PAUSE);
        return;
      }
    }
    this.#waiting = [];
    this.#next = 0;
    this.#bytes = 0;
    if (this.#options.standardLibrary) this.#tellBuiltins();
  }

  #tell({ path, source }: Waiting): void {
    const owner = this.#packages.of(path);
    const { createHash } = builtin<typeof import("node:crypto")>("node:crypto");
    this.#sensor.tell({
      name: "import",
      call: null,
      plain: members({
        fullname: fullName(path, owner),
        pkg: owner?.name ?? "",
        version: owner?.version ?? "unknown",
        file: path,
        sha256: source === undefined ? null : createHash("sha256").update(source).digest("hex"),
      }),
    });
  }

  /** The runtime's own modules that were loaded since. */
  #tellBuiltins(): void {
    const all = loadedBuiltins();
    for (const name of all.slice(this.#builtinsSeen)) {
      const fullname = `node:${name}`;
      const what = { fullname, pkg: RUNTIME, version: process.versions.node, file: fullname, standard_library: true };
      this.#sensor.tell({ name: "import", call: null, plain: members(what) });
    }
    this.#builtinsSeen = all.length;
  }
}

const PUBLIC: ReadonlySet<string> = new Set(Module.builtinModules);

/** Names of the modules of the runtime that are loaded, in their order. Node only: others tell of none. */
function loadedBuiltins(): readonly string[] {
  const list = (process as { moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
  const names: string[] = [];
  for (const entry of list) {
    const name = entry.startsWith("NativeModule ") ? entry.slice(13) : "";
    if (PUBLIC.has(name) && !name.startsWith("_")) names.push(name);
  }
  return names;
}
