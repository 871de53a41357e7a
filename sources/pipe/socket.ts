/**
 * The socket that sensors connect to.
 *
 * @module
 */
import { chmodSync, lstatSync, mkdirSync, rmSync, type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Longest path of a UNIX socket in bytes (`sun_path` of unix(7), less its NUL). */
const LONGEST = 107;

/** Where sensors look for the socket: hooks/README.md. */
export function defaultPath(env: (name: string) => string | undefined): string {
  const runtime = env("XDG_RUNTIME_DIR");
  return env("MCPSONDE_SOCKET") ||
    (runtime ? join(runtime, "mcpsonde", "events.sock") : join(homedir(), ".mcpsonde", "events.sock"));
}

/** A socket that is listened on. */
export interface Socket {
  readonly path: string;
  readonly listener: Deno.UnixListener;
  /** Ends listening and takes the socket away, if it is still ours. */
  close(): void;
}

/** Listens. Throws a sentence that says why it cannot. */
export async function listen(path: string): Promise<Socket> {
  if (new TextEncoder().encode(path).length > LONGEST) {
    throw new Error(`The path of the socket is longer than ${LONGEST} bytes: ${path}. Take a shorter one.`);
  }
  prepareFolder(dirname(path));
  await removeStale(path);
  const umask = Deno.umask(0o177); // so that nobody can connect before the mode is set
  let listener: Deno.UnixListener;
  try {
    listener = Deno.listen({ transport: "unix", path });
  } catch (error) {
    throw new Error(`Cannot listen on ${path}: ${text(error)}`);
  } finally {
    Deno.umask(umask);
  }
  chmodSync(path, 0o600);
  const { ino } = statSync(path);
  return {
    path,
    listener,
    close: () => {
      listener.close();
      if (lookAt(path)?.ino === ino) rmSync(path, { force: true });
    },
  };
}

function prepareFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`Cannot make the folder ${dir} for the socket: ${text(error)}`);
  }
  const { mode } = statSync(dir);
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) {
    throw new Error(`Others may write into ${dir}, and could replace the socket there. Run: chmod 0700 ${dir}`);
  }
}

/** A socket that nobody listens on any more is in the way. */
async function removeStale(path: string): Promise<void> {
  const there = lookAt(path);
  if (there === undefined) return;
  if (!there.isSocket()) throw new Error(`${path} exists and is no socket. Take another path, or remove it.`);
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return rmSync(path, { force: true });
    if (error instanceof Deno.errors.NotFound) return;
    throw new Error(`Cannot tell whether somebody listens on ${path}: ${text(error)}`);
  }
  throw new Error(`Another monitor listens on ${path} already. End it, or take another path.`);
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
