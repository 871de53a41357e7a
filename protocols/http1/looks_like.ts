/** What kind of HTTP/1.x message these bytes begin with, if any. */
export function looksLikeHttp1(buffer: Uint8Array, start: number, end: number): "request" | "response" | undefined {
  void [buffer, start, end];
  return undefined;
}
