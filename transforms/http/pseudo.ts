/**
 * Pseudo header fields (RFC 9113 section 8.3).
 *
 * @module
 */
import type { HttpHeaders } from "../../pipeline/event.ts";

/** What a header block says. */
export interface Block {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly authority: string | undefined;
  /** 100 to 999. */
  readonly status: number | undefined;
  /** The other fields. */
  readonly headers: HttpHeaders;
}

/** Takes the pseudo header fields out of a block. */
export function splitPseudo(all: HttpHeaders): Block {
  let method, target, authority, status;
  let pseudo = 0;
  for (let k = 0; k < all.length; k++) {
    const [name, value] = all[k]!;
    if (name.charCodeAt(0) !== 0x3a) continue;
    pseudo++;
    if (name === ":method") method = value;
    else if (name === ":path") target = value;
    else if (name === ":authority") authority = value;
    else if (name === ":status") status = statusOf(value);
  }
  // they come first; those of a peer that does otherwise are taken out one by one
  const first = all[pseudo - 1]?.[0].charCodeAt(0) === 0x3a;
  const headers = pseudo === 0 ? all : first ? all.slice(pseudo) : all.filter(([name]) => !name.startsWith(":"));
  // of CONNECT, which has no path (RFC 9113 section 8.5)
  return { method, target: target ?? (method === "CONNECT" ? authority : undefined), authority, status, headers };
}

function statusOf(text: string): number | undefined {
  const status = Number(text);
  return Number.isInteger(status) && status >= 100 && status <= 999 ? status : undefined;
}
