/**
 * The line of what a sensor inside a process told, in words: `server.py[412] in run #2 starts  /bin/sh -c "echo hi"`.
 *
 * @module
 */
import type { Json, SensorEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";
import { several } from "../../pipeline/wording.ts";
import { acts } from "./acts.ts";
import type { Span } from "./line.ts";
import { visible } from "./visible.ts";

/** What is said of an event: what happened, and to what. */
interface Said {
  readonly what: string;
  readonly detail?: string | undefined;
  /** Something was lost. */
  readonly isBad?: boolean;
}

/** Many and of little interest to who watches live: shown with `verbose`. */
const QUIET = /_(import|span_start|span_end|mcp_event|mcp_server_add|mcp_session_\w+|internal_exception)$/;
/** Done by every program while it starts: of interest only where a call does it. */
const USUAL = new Set(["compile", "exec", "import", "ctypes.dlopen", "ctypes.dlsym", "dlopen"]);
/** Longest list of arguments that is shown, and longest argument. */
const MOST = 12, LONGEST = 100;

/** Whether a person watching wants to see it. */
export function isShownSensor({ name, type, call, data }: SensorEvent): boolean {
  if (QUIET.test(name) || type === "nonactionable") return false;
  if (name.endsWith("_audit")) return call !== undefined || !USUAL.has(String(data["event"]));
  return name !== "sensor_shutdown" || Number(data["dropped"] ?? 0) > 0;
}

/** Who, within which call, did what. */
export function sensorSpans(event: SensorEvent): Span[] {
  const { call, process, sensor } = event;
  const spans: Span[] = [["dim", "· "]];
  if (process === undefined) spans.push(["dim", `${visible(sensor)} `]);
  else spans.push(["strong", visible(process.name)], ["dim", `[${process.pid}] `]);
  if (call !== undefined) spans.push(["ask", `in ${visible(call.name ?? call.method)} #${visible(String(call.id))} `]);
  spans.push(...deed(event));
  return spans;
}

/** The same under its call's line; a process is named if it is none of the `known`. */
export function sensorUnder(event: SensorEvent, known: readonly number[]): Span[] {
  const { process } = event;
  if (process === undefined || known.includes(process.pid)) return deed(event);
  return [["strong", visible(process.name)], ["dim", `[${process.pid}] `], ...deed(event)];
}

function deed(event: SensorEvent): Span[] {
  const spans: Span[] = [];
  const { what, detail, isBad } = said(event);
  spans.push([isBad ? "warn" : "plain", visible(what)]);
  if (detail !== undefined && detail !== "") spans.push(["dim", `  ${visible(detail)}`]);
  return spans;
}

function said(event: SensorEvent): Said {
  const { name, data, sensor } = event;
  switch (name.replace(/^(python|node)_/, "")) {
    case "audit":
      return audit(data);
    case "sensor_startup":
      return {
        what: `begins, watched by ${sensor}`,
        detail: argv(data["argv"]) || text(data["file_path"]),
      };
    case "sensor_shutdown":
      return { what: "ends", ...dropped(data["dropped"]) };
    case "sensor_drops":
      return { what: "is too busy", ...dropped(data["dropped"]) };
    case "mcp_server_init": {
      const { name: served, version } = isObject(data["server"]) ? data["server"] : {};
      return { what: `serves ${text(served)}${version ? ` ${text(version)}` : ""}` };
    }
    case "mcp_client_connect":
      return connect(isObject(data["server"]) ? data["server"] : data);
    case "import":
      return {
        what: `imports ${text(data["fullname"])}`,
        detail: [text(data["version"]), text(data["file"])].join("  ").trim(),
      };
    case "internal_exception":
      return { what: "has a sensor that failed", detail: [text(data["type"]), text(data["where"])].join(" ").trim() };
    default:
      return {
        what: name.replace(/^(python|node)_/, "").replaceAll("_", " "),
        detail: text(data["message"]) || members(data),
      };
  }
}

function audit(data: SensorEvent["data"]): Said {
  const act = text(data["event"]),
    args = Array.isArray(data["args"]) ? data["args"] : [],
    times = Number(data["count"] ?? 1);
  const often = times > 1 ? `  ${several(times, "time")}` : "";
  const mode = act === "open" ? args[1] : undefined;
  const what = mode === "write" ? "writes" : mode === "read" ? "reads" : acts[act] ?? act;
  const detail = act.startsWith("socket.")
    ? args.map(text).join(" ").slice(0, LONGEST)
    : what === "starts" || what === "becomes"
    ? command(args[0], args.slice(1))
    : words(mode === undefined ? args : args.slice(0, 1));
  return { what, detail: detail + often };
}

/** BlueRock calls the transport `type`. */
function connect(to: { readonly [name: string]: Json }): Said {
  const how = text(to["transport"] ?? to["type"]);
  return { what: `connects over ${how || "?"}`, detail: text(to["url"]) || command(to["command"], to["args"]) };
}

function dropped(value: Json | undefined): Pick<Said, "detail" | "isBad"> {
  const all = isObject(value)
    ? Object.values(value).reduce<number>((sum, count) => sum + Number(count), 0)
    : Number(value ?? 0);
  return all > 0 ? { detail: `${several(all, "event")} of it were dropped`, isBad: true } : {};
}

function argv(value: Json | undefined): string {
  return Array.isArray(value) ? command(value[0], value.slice(1)) : "";
}

/** A command line: of a program with arguments the file's name will do. */
function command(program: Json | undefined, args: Json | undefined): string {
  const more = Array.isArray(args) ? args : [], path = text(program);
  return words([more.length > 0 ? path.slice(path.lastIndexOf("/") + 1) : path, ...more]);
}

/** Words, quoted where there is a blank. */
function words(values: readonly Json[]): string {
  return values.slice(0, MOST).map(text).map((word) => {
    const short = word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word;
    return /\s|^$/.test(short) ? JSON.stringify(short) : short;
  }).join(" ");
}

function members(data: SensorEvent["data"]): string {
  return Object.entries(data).filter(([, value]) => value !== null && value !== "").map(([key, value]) =>
    `${key}=${text(value)}`
  ).join(" ");
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
