/**
 * Where a proxy's messages go if nothing is said of it.
 *
 * @module
 */
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

type Env = Readonly<Record<string, string | undefined>>;

/** The socket of a mcpsonde that listens for events (hooks/README.md); undefined if none does. */
export async function listeningSocket(env: Env): Promise<string | undefined> {
  const { MCPSONDE_SOCKET, XDG_RUNTIME_DIR } = env;
  const places = [
    ...(MCPSONDE_SOCKET ? [MCPSONDE_SOCKET] : []),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "mcpsonde", "events.sock")] : []),
    join(env["HOME"] ?? homedir(), ".mcpsonde", "events.sock"),
  ];
  for (const place of places) if (await listens(place)) return place;
  return undefined;
}

/** A file for this run: `~/.mcpsonde/proxy/NAME-20261121T231500-4711.jsonl`. */
export function defaultFile(env: Env, name = "server", now: Date = new Date()): string {
  const time = now.toISOString().replace(/\.\d+Z$/, "").replace(/[-:]/g, "");
  const plain = name.replace(/[^\w.-]+/g, "_").replace(/^\.+/, "").slice(0, 60) || "server";
  return join(env["HOME"] ?? homedir(), ".mcpsonde", "proxy", `${plain}-${time}-${process.pid}.jsonl`);
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const tell = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => tell(true));
    socket.once("error", () => tell(false));
    socket.setTimeout(500, () => tell(false));
  });
}
