/**
 * Where a proxy's messages go if nothing is said of it.
 *
 * @module
 */
import { mkdir, readdir, rm } from "node:fs/promises";
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

/** What a file of ours may become: some 128 MiB with what was set aside. */
export const ROTATION = { rotate_bytes: 64 * 1024 * 1024, rotate_keep: 2 } as const;
/** Files that are kept. */
const FILES = 200;

/** Makes the folder, and takes the oldest files out of it. Their names tell how old they are. */
export async function makeRoom(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => TIME.test(name));
  const time = (name: string) => TIME.exec(name)?.[0] ?? "";
  names.sort((a, b) => time(a) < time(b) ? -1 : 1);
  for (const name of names.slice(0, Math.max(0, names.length - FILES))) await rm(join(folder, name), { force: true });
}

const TIME = /-\d{8}T\d{6}-\d+\./;

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
