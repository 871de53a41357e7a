/**
 * The end of the demo: what became of the credential that the client sent.
 *
 * @module
 */

/** `authorization: Bearer sha256:…` from a file of JSON lines, in a sentence; empty if there is none. */
export async function credentialSeen(path: string): Promise<string> {
  const text = await Deno.readTextFile(path).catch(() => "");
  const value = /"(Bearer [^"\\]{1,60})"/.exec(text)?.[1];
  return value === undefined ? "" : `\nThe client sent a token over HTTP. What mcpsonde keeps of it: ${value}\n`;
}
