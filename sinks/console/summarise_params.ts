/**
 * What matters of the params, by method.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { array, at, inline, members, scalar, text } from "./json.ts";
import type { Span } from "./line.ts";
import { plural } from "./units.ts";
import { visible } from "./visible.ts";

/** Turns a value into spans of about `room` columns. */
export type Summary = (value: Json | undefined, room: number) => Span[];

/** Summaries of the params of the requests and notifications of MCP. */
export const PARAMS: ReadonlyMap<string, Summary> = new Map<string, Summary>([
  ["initialize", initialize],
  ["server/discover", discover],
  ["tools/call", call],
  ["prompts/get", call],
  ["resources/read", member("uri")],
  ["resources/subscribe", member("uri")],
  ["resources/unsubscribe", member("uri")],
  ["notifications/resources/updated", member("uri")],
  ["logging/setLevel", member("level")],
  ["completion/complete", complete],
  ["sampling/createMessage", sampling],
  ["elicitation/create", elicitation],
  ["notifications/message", logMessage],
  ["notifications/progress", progress],
  ["notifications/cancelled", cancelled],
  ["tasks/get", member("taskId")],
  ["tasks/result", member("taskId")],
  ["tasks/cancel", member("taskId")],
  ["tasks/update", update],
  ["notifications/tasks", taskState],
  ["notifications/tasks/status", taskState],
]);

/** `name 1.0.0`, from an `Implementation` object. */
export function implementation(value: Json | undefined): Span[] {
  const name = text(value, "title") ?? text(value, "name");
  if (name === undefined) return [];
  const version = scalar(value, "version") ?? "";
  return [["strong", visible(name)], ["plain", version === "" ? "" : ` ${visible(version)}`]];
}

/** The first text of a content block or list of them. */
export function contentText(value: Json | undefined): string | undefined {
  const block = array(value)?.find((item) => text(item, "text") !== undefined) ?? value;
  return text(block, "text");
}

function initialize(params: Json | undefined): Span[] {
  return [
    ...implementation(at(params, "clientInfo")),
    ["dim", ` · ${visible(scalar(params, "protocolVersion") ?? "no protocol version")}`],
    ...capabilities(at(params, "capabilities")),
  ];
}

/** Since 2026-07-28 both sides say who they are in `_meta`. */
export const META = "io.modelcontextprotocol/";

function discover(params: Json | undefined, room: number): Span[] {
  const client = implementation(at(params, "_meta", `${META}clientInfo`));
  if (client.length === 0) return members(params, room);
  const version = scalar(params, "_meta", `${META}protocolVersion`);
  return [
    ...client,
    ["dim", version === undefined ? "" : ` · ${visible(version)}`],
    ...capabilities(at(params, "_meta", `${META}clientCapabilities`)),
  ];
}

/** ` · tools, prompts`: the keys of a capabilities object. */
export function capabilities(value: Json | undefined): Span[] {
  const names = Object.keys((value ?? {}) as Record<string, Json>);
  return names.length === 0 ? [] : [["dim", ` · ${visible(names.join(", "))}`]];
}

function call(params: Json | undefined, room: number): Span[] {
  const name = visible(text(params, "name") ?? "?");
  const held = members(at(params, "arguments"), Math.max(20, room - name.length - 2));
  return [["strong", name], ["dim", "("], ...held, ["dim", ")"]];
}

function member(key: string): Summary {
  return (params, room) => {
    const value = scalar(params, key);
    return value === undefined ? members(params, room) : [["plain", visible(value)]];
  };
}

function complete(params: Json | undefined, room: number): Span[] {
  const ref = text(params, "ref", "name") ?? text(params, "ref", "uri") ?? "?";
  const name = scalar(params, "argument", "name") ?? "?";
  return [
    ["strong", visible(ref)],
    ["dim", ` ${visible(name)}=`],
    ["plain", inline(at(params, "argument", "value"), Math.max(12, room - ref.length - name.length - 2))],
  ];
}

function sampling(params: Json | undefined, room: number): Span[] {
  const messages = array(at(params, "messages")) ?? [];
  const last = contentText(at(messages.at(-1), "content"));
  const limit = scalar(params, "maxTokens");
  return [
    ["plain", plural(messages.length, "message")],
    ["dim", limit === undefined ? "" : ` · at most ${visible(limit)} tokens`],
    ["plain", last === undefined ? "" : ` ${inline(last, Math.max(12, room - 40))}`],
  ];
}

function elicitation(params: Json | undefined, room: number): Span[] {
  const message = text(params, "message");
  const asked = Object.keys((at(params, "requestedSchema", "properties") ?? {}) as Record<string, Json>);
  if (message === undefined) return members(params, room);
  return [["plain", visible(message)], ["dim", asked.length === 0 ? "" : ` · ${visible(asked.join(", "))}`]];
}

function logMessage(params: Json | undefined, room: number): Span[] {
  const level = scalar(params, "level") ?? "?";
  const logger = scalar(params, "logger");
  const data = at(params, "data");
  const severe = /^(error|critical|alert|emergency)$/.test(level) ? "bad" : level === "warning" ? "warn" : "dim";
  return [
    [severe, visible(level)],
    ["dim", logger === undefined ? "" : ` ${visible(logger)}:`],
    ["plain", ` ${typeof data === "string" ? visible(data) : inline(data, room)}`],
  ];
}

function progress(params: Json | undefined): Span[] {
  const done = scalar(params, "progress") ?? "?";
  const total = scalar(params, "total");
  const token = scalar(params, "progressToken");
  return [
    ["plain", visible(total === undefined ? done : `${done}/${total}`)],
    ["dim", token === undefined ? "" : ` of token ${visible(token)}`],
    ["plain", ` ${visible(scalar(params, "message") ?? "")}`],
  ];
}

function update(params: Json | undefined, room: number): Span[] {
  const id = visible(scalar(params, "taskId") ?? "?");
  return [["dim", `${id} `], ...members(at(params, "inputResponses"), Math.max(20, room - id.length - 1))];
}

/** A task: how far it is, its id, and what it says of itself. */
export function taskState(task: Json | undefined): Span[] {
  const status = scalar(task, "status");
  const isBad = status === "failed" || status === "cancelled";
  return [
    [status === "completed" ? "plain" : isBad ? "bad" : "warn", visible(status ?? "?")],
    ["dim", ` ${visible(scalar(task, "taskId") ?? "")}`],
    ["plain", ` ${visible(scalar(task, "statusMessage") ?? "")}`],
  ];
}

function cancelled(params: Json | undefined): Span[] {
  return [["warn", `#${visible(scalar(params, "requestId") ?? "?")}`], [
    "plain",
    ` ${visible(scalar(params, "reason") ?? "")}`,
  ]];
}
