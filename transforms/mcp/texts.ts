/**
 * What of a call a model reads and writes, as text to be counted.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { asObject, asText, member } from "../../protocols/mcp/mod.ts";

/** The arguments of a request: of a tool or a prompt, else all params but `_meta`. */
export function argumentsText({ method, params }: McpEvent): string {
  const isNamed = method === "tools/call" || method === "prompts/get";
  if (isNamed) return textOf(member(params, "arguments"));
  const { _meta, ...rest } = asObject(params) ?? {};
  return Object.keys(rest).length === 0 ? "" : textOf(rest);
}

/** The result of a call: of tools the texts and what has no text in its place, of others all of it. */
export function resultText(method: string, result: Json | undefined): string {
  if (method !== "tools/call") return textOf(result);
  const content = member(result, "content");
  if (!Array.isArray(content) || content.length === 0) return textOf(member(result, "structuredContent"));
  return content.map((block) => asText(member(block, "text")) ?? asText(member(block, "resource", "text")) ?? "")
    .join("\n");
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
