/**
 * Whether the plain `mcpsonde` may listen for sensors and proxies: one monitor of a user does.
 *
 * @module
 */
import { mkdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";

/** How long somebody who listens may take to accept, in milliseconds. */
const PATIENCE = 500;

/** The socket that sensors look for, if nobody listens there and this process can; else undefined. */
export async function freeSocket(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { defaultPath } = await import("../sources/pipe/socket.ts");
  const path = defaultPath((name) => env[name]);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const folder = await stat(dirname(path)), there = await stat(path).catch(() => undefined);
    if ((folder.mode & 0o022) !== 0 || (there !== undefined && !there.isSocket())) return undefined;
    return there === undefined || !await isListening(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(PATIENCE, () => settle(true)).on("connect", () => settle(true)).on("error", () => settle(false));
  });
}
