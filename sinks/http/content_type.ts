/**
 * Media types.
 *
 * @module
 */

/** True for `application/json`, `application/vnd.anything+json` and lines of JSON. */
export function isJson(contentType: string): boolean {
  const [type = ""] = contentType.toLowerCase().split(";");
  const plain = type.trim();
  return plain.endsWith("/json") || plain.endsWith("+json") || plain === "application/x-ndjson";
}
