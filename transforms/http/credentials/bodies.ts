/**
 * Credentials in the bodies of OAuth's exchanges.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { HttpHeaders } from "../../../pipeline/event.ts";
import { mediaType, path } from "../../../pipeline/http.ts";
import { hideInJson } from "./json.ts";
import { hideInForm } from "./urls.ts";

/**
 * Last part of the path of an OAuth endpoint that takes or gives credentials: RFC 6749, 7009, 7591, 7662, 8628, 9126.
 */
const ENDPOINT =
  /\/(?:[a-z_-]*token|oauth2?(?:\/[^?]*)?|register|introspect|revoke|device_authorization|device\/code|par|login)\/?$/i;
/** A member of every answer that gives a token (RFC 6749 section 5.1). */
const ANSWER = bytesOf('"access_token"');
/** A member of every JSON-RPC message: those stay as they are. */
const JSON_RPC = bytesOf('"jsonrpc"');

const encoder = new TextEncoder();
/** Of a Buffer too: its own is slow on Deno. */
const { indexOf } = Uint8Array.prototype;

/** The body without credentials in clear: the same array if there are none. `target` is the request's. */
export function hideInBody(headers: HttpHeaders, target: string | undefined, body: Uint8Array): Uint8Array {
  if (body.length === 0) return body;
  const type = mediaType(headers);
  if (type === "application/x-www-form-urlencoded") return replaced(body, hideInForm);
  if (type === "text/event-stream" || stands(body, 1, JSON_RPC)) return body; // mostly: `{"jsonrpc":"2.0",…`
  const json = isJson(type, body);
  const endpoint = target !== undefined && ENDPOINT.test(path(target));
  if (!json) return endpoint && (type === undefined || type === "text/plain") ? replaced(body, hideInForm) : body;
  if (!endpoint && !contains(body, ANSWER, 7)) return body;
  return contains(body, JSON_RPC, 5) ? body : replaced(body, hideInJson);
}

function isJson(type: string | undefined, body: Uint8Array): boolean {
  if (type === "application/json" || type?.endsWith("+json")) return true;
  return (type === undefined || type === "text/plain") && body[0] === 0x7b;
}

function replaced(body: Uint8Array, hide: (text: string) => string): Uint8Array {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const shown = hide(text);
  return shown === text ? body : encoder.encode(shown);
}

/** True if `bytes` has `part` somewhere. `at` is where its rarest byte stands in it. */
function contains(bytes: Uint8Array, part: Uint8Array, at: number): boolean {
  const rare = part[at]!;
  for (let k = indexOf.call(bytes, rare, at); k >= 0; k = indexOf.call(bytes, rare, k + 1)) {
    if (stands(bytes, k - at, part)) return true;
  }
  return false;
}

function stands(bytes: Uint8Array, start: number, part: Uint8Array): boolean {
  for (let k = 0; k < part.length; k++) if (bytes[start + k] !== part[k]) return false;
  return true;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
