/**
 * What matters of a result, by the method that it answers.
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { array, at, inline, members, scalar, text } from "./json.ts";
import type { Span } from "./line.ts";
import { capabilities, contentText, implementation, META, type Summary, taskState } from "./summarise_params.ts";
import { bytes, plural } from "./units.ts";
import { visible } from "./visible.ts";

/** Summaries of the results of MCP's requests. */
export const RESULTS: ReadonlyMap<string, Summary> = new Map<string, Summary>([
  ["initialize", initialize],
  ["server/discover", initialize],
  ["tools/list", list("tools", "tool")],
  ["prompts/list", list("prompts", "prompt")],
  ["resources/list", list("resources", "resource")],
  ["resources/templates/list", list("resourceTemplates", "template")],
  ["roots/list", list("roots", "root")],
  ["tasks/list", list("tasks", "task")],
  ["tools/call", toolResult],
  ["resources/read", contents],
  ["prompts/get", prompt],
  ["completion/complete", completion],
  ["sampling/createMessage", sample],
  ["elicitation/create", elicited],
  ["tasks/get", taskResult],
  ["tasks/cancel", taskResult],
]);

/** The task that a request of any method became, if it did. */
export function newTask(result: Json | undefined): Json | undefined {
  if (text(result, "resultType") === "task") return result;
  const task = at(result, "task");
  return text(task, "taskId") !== undefined && text(task, "status") !== undefined ? task : undefined;
}

function initialize(result: Json | undefined, room: number): Span[] {
  const server = implementation(at(result, "serverInfo") ?? at(result, "_meta", `${META}serverInfo`));
  if (server.length === 0) return members(result, room);
  const version = scalar(result, "protocolVersion") ?? array(at(result, "supportedVersions"))?.slice(0, 8).join(", ");
  return [
    ...server,
    ["dim", version === undefined ? "" : ` · ${visible(version)}`],
    ...capabilities(at(result, "capabilities")),
  ];
}

function list(key: string, noun: string): Summary {
  return (result, room) => {
    const items = array(at(result, key));
    if (items === undefined) return members(result, room);
    const more = at(result, "nextCursor") === undefined ? "" : " and more";
    const names = items.slice(0, 40).map((item) =>
      scalar(item, "name") ?? scalar(item, "uri") ?? scalar(item, "taskId")
    );
    const shown = visible(names.filter((name) => name !== undefined).join(", "));
    return [["plain", plural(items.length, noun) + more], ["dim", shown === "" ? "" : `: ${shown}`]];
  };
}

function toolResult(result: Json | undefined, room: number): Span[] {
  const kind = text(result, "resultType");
  if (kind !== undefined && kind !== "complete") {
    return [["warn", visible(kind)], ["dim", " "], ...members(at(result, "inputRequests"), room)];
  }
  const content = array(at(result, "content")) ?? [];
  const style = at(result, "isError") === true ? "bad" : "plain";
  const first = content[0];
  if (first === undefined) {
    const structured = at(result, "structuredContent");
    return structured === undefined ? [["dim", "no content"]] : members(structured, room);
  }
  const more = content.length > 1 ? ` +${content.length - 1} more` : "";
  const shown = inline(text(first, "text"), Math.max(12, room - more.length));
  return [[style, shown === "" ? block(first) : shown], ["dim", more]];
}

/** A content block that is not text: `image image/png 12.1 KiB`. */
function block(value: Json | undefined): string {
  const data = text(value, "data") ?? text(value, "resource", "blob") ?? text(value, "blob");
  const parts = [
    scalar(value, "type"),
    scalar(value, "uri") ?? scalar(value, "resource", "uri"),
    scalar(value, "mimeType") ?? scalar(value, "resource", "mimeType"),
    data === undefined ? undefined : bytes(Math.floor(data.length * 3 / 4)),
  ];
  return visible(parts.filter((part) => part !== undefined).join(" "));
}

function contents(result: Json | undefined, room: number): Span[] {
  const parts = array(at(result, "contents")) ?? [];
  const first = parts[0];
  if (first === undefined) return [["dim", "no contents"]];
  const more = parts.length > 1 ? ` +${parts.length - 1} more` : "";
  const mime = scalar(first, "mimeType");
  const words = text(first, "text");
  if (words === undefined) return [["plain", block(first)], ["dim", more]];
  return [["dim", mime === undefined ? "" : `${visible(mime)} `], ["plain", inline(words, room)], ["dim", more]];
}

function prompt(result: Json | undefined, room: number): Span[] {
  const messages = array(at(result, "messages")) ?? [];
  const words = contentText(at(messages[0], "content"));
  return [["plain", plural(messages.length, "message")], [
    "dim",
    words === undefined ? "" : ` ${inline(words, room - 12)}`,
  ]];
}

function completion(result: Json | undefined): Span[] {
  const values = array(at(result, "completion", "values")) ?? [];
  return [["plain", plural(values.length, "value")], [
    "dim",
    visible(values.length === 0 ? "" : `: ${values.slice(0, 40).join(", ")}`),
  ]];
}

function sample(result: Json | undefined, room: number): Span[] {
  const words = contentText(at(result, "content"));
  return [["dim", `${visible(scalar(result, "model") ?? "?")} `], [
    "plain",
    words === undefined ? block(at(result, "content")) : inline(words, room),
  ]];
}

/** How far a task is; of one that is done what it gave. */
function taskResult(result: Json | undefined, room: number): Span[] {
  const status = text(result, "status");
  if (status === undefined) return members(result, room);
  const given = at(result, "result"), error = text(result, "error", "message");
  const more: Span[] = given !== undefined
    ? toolResult(given, Math.max(20, room - 12))
    : error !== undefined
    ? [["plain", visible(error)]]
    : [];
  return more.length === 0 ? taskState(result) : [...taskState(result).slice(0, 1), ["dim", " "], ...more];
}

function elicited(result: Json | undefined, room: number): Span[] {
  return [
    ["strong", visible(scalar(result, "action") ?? "?")],
    ["plain", " "],
    ...members(at(result, "content"), room),
  ];
}
