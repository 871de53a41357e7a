/**
 * Tells whether a tool returned nothing.
 *
 * @module
 */
import type { Json, McpEvent } from "../../pipeline/event.ts";
import { isObject } from "../../pipeline/json.ts";

/** Longest result, in bytes, that is worth a look: what is longer says something. */
const LONGEST = 160;
/** Texts that say nothing. */
const NOTHING = /^(?:|\[\]|\{\}|null|none|""|''|undefined)$/i;

/** True for a result without an error whose content is empty, or blank text, or an empty list or object as text. */
export function isEmptyResult(event: McpEvent): boolean {
  if (event.type !== "response" || event.isError) return false;
  const size = event.to("result") - event.from("result");
  if (size <= 0 || size > LONGEST) return false;
  const { result } = event;
  if (!isObject(result) || result["isError"] === true) return false;
  const { content = [], structuredContent } = result;
  if (!Array.isArray(content)) return false;
  return content.every(isNothing) && (structuredContent === undefined || isHollow(structuredContent));
}

function isNothing(block: Json): boolean {
  if (!isObject(block) || block["type"] !== "text") return false;
  const { text } = block;
  return typeof text === "string" && NOTHING.test(text.trim());
}

/** True if there is no value in it, however deep. */
function isHollow(value: Json): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isHollow);
}
