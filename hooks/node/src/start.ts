/**
 * Starts the sensor. Built into `sensor.cjs`, which `register.mjs` loads.
 *
 * @module
 */
import Module from "node:module";
import process from "node:process";
import { watchActs } from "./audit/mod.ts";
import { watchProcesses, wordsOf } from "./audit/processes.ts";
import { RUNTIME } from "./builtin.ts";
import type { Config } from "./config/config.ts";
import { configPath } from "./config/places.ts";
import { readConfig } from "./config/read.ts";
import { members } from "./events/event.ts";
import { follow } from "./follow.ts";
import { guarded } from "./guard.ts";
import { Imports } from "./modules/imports.ts";
import { watchLoading } from "./modules/loading.ts";
import { isPermitted } from "./permitted.ts";
import { loadEngine } from "./redact/load.ts";
import { watchSdk } from "./sdk/mod.ts";
import { Sensor } from "./sensor.ts";
import { watchChild } from "./stdio/client.ts";
import { watchStdio } from "./stdio/server.ts";
import { VERSION } from "./version.ts";
import { files } from "./write/files.ts";
import { later } from "./time.ts";

const STARTED = Symbol.for("mcpsonde.sensor.started");
/** When a program has loaded what it is made of, mostly, in milliseconds after its start. */
const LOADED = 100;
/** How much of a command line is told, and faults of a configuration. */
const MAX_ARGS = 100, MAX_TEXT = 4096, MAX_FAULTS = 20;

/** Starts it, once in a thread. */
export function start(): void {
  if (!guarded("permissions", isPermitted)) return;
  if (process.env["MCPSONDE_OFF"] === "1" || STARTED in globalThis) return;
  Object.defineProperty(globalThis, STARTED, { value: true });
  guarded("start", begin);
}

function begin(): void {
  const path = configPath();
  const text = files.existsSync(path) ? guarded("config", () => files.readFileSync(path, "utf8")) ?? "" : undefined;
  const { config, problems } = readConfig(text);
  const sensor = new Sensor(config, loadEngine);
  if (sensor.identity.isMainThread) {
    tellStart(sensor, config, text === undefined ? undefined : path);
  }
  for (const where of problems.slice(0, MAX_FAULTS)) {
    sensor.tell({
      name: "internal_exception",
      plain: members({ type: "ConfigError", where }),
      call: null,
    });
  }
  watch(sensor, config);
  process.on("exit", () => guarded("end", () => sensor.end()));
}

/** Starts the features: what fails in one is none of the others'. */
function watch(sensor: Sensor, { mcp, imports, audit, follow: isFollowed }: Config): void {
  const acts = audit === false ? undefined : guarded("start.audit", () => watchActs(sensor, audit));
  const loads = imports === false ? undefined : guarded("start.imports", () => new Imports(sensor, imports));
  const sdk = mcp === false ? undefined : guarded("start.mcp", () => watchSdk(sensor, mcp));
  if (sdk !== undefined || loads !== undefined) {
    guarded("start.loading", () => watchLoading(loads?.loaded, sdk?.found));
  }
  const isBare = () => sdk?.isFound === false;
  if (mcp !== false) guarded("start.stdio", () => watchStdio(sensor, mcp, isBare));
  guarded("start.processes", () =>
    watchProcesses((start, child) => {
      acts?.starting(start, child);
      if (isFollowed) guarded("follow", () => follow(start));
      if (mcp === false || child === undefined || !isBare()) return undefined;
      return () => watchChild(sensor, mcp, child, wordsOf(start), isBare);
    }));
  if (acts !== undefined) later(() => guarded("audit", () => acts.loaded()), LOADED);
  // What `import { … } from "node:fs"` gives is made from what the modules hold.
  guarded("start.sync", () => Module.syncBuiltinESMExports?.());
}

function tellStart(sensor: Sensor, config: Config, path: string | undefined): void {
  const version = RUNTIME === "node" ? process.versions.node : process.versions[RUNTIME];
  const argv = [...process.argv.slice(0, 1), ...process.execArgv, ...process.argv.slice(1)];
  sensor.tell({
    name: "sensor_startup",
    type: "sensor_lifecycle",
    call: null,
    plain: members({
      pid: process.pid,
      file_path: process.execPath,
      runtime: `${RUNTIME} ${version}`,
      sensor_version: VERSION,
      features: (["mcp", "imports", "audit"] as const).filter((name) => config[name] !== false),
      config: path,
    }),
    open: JSON.stringify({
      argv: argv.slice(0, MAX_ARGS).map((each) => each.slice(0, MAX_TEXT)),
    }),
  });
}
