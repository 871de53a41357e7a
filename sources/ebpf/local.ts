/**
 * Which addresses are this machine's own.
 *
 * @module
 */

/** How long the list of addresses is good for, ms. */
const LASTS = 5000;

let own = new Set<string>();
let readAt = -Infinity;

/** True if the other end of a connection with this address may be a process of this machine. */
export function isLocal(address: string): boolean {
  if (address.startsWith("127.") || address === "::1") return true;
  const now = performance.now();
  if (now - readAt > LASTS) {
    readAt = now;
    try {
      own = new Set(Deno.networkInterfaces().map((i) => i.address));
    } catch { /* not allowed to know */ }
  }
  return own.has(address);
}
