/**
 * Starts a program on descriptors of our choice, which `Deno.Command` cannot: it knows its own pipes only.
 *
 * @module
 */
import { cString, ERRNO, type Libc } from "./libc.ts";

/** What to run. */
export interface CommandLine {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** How a program ended. */
export interface Ending {
  /** 128 and the signal's number, where it ended by one. */
  readonly code: number;
  /** The signal's number. */
  readonly signal: number | undefined;
}

/** A program that runs. */
export interface Child {
  readonly pid: number;
  readonly status: Promise<Ending>;
  /** Sends a signal, if it still runs. */
  kill(signal: Deno.Signal): void;
}

/** Room for what C keeps opaque: glibc 2.41 takes 80 and 336 bytes, musl less. */
const ACTIONS = 512, ATTRIBUTES = 1024;
/** Flags of posix_spawn (spawn.h): give signals their defaults, and block none. */
const SETSIGDEF = 4, SETSIGMASK = 8;
/** Bytes of a sigset_t; bit 12 is SIGPIPE, which the runtime ignores and a program may not know how to. */
const SIGNALS = 128, SIGPIPE_BYTE = 1, SIGPIPE_BIT = 1 << 4;

/**
 * Starts a program whose standard input and output are `input` and `output`.
 *
 * @throws {Deno.errors.NotFound} and {Deno.errors.PermissionDenied} as `Deno.Command` does.
 */
export function spawn(libc: Libc, { command, env, cwd }: CommandLine, input: number, output: number): Child {
  const actions = new Uint8Array(ACTIONS), attributes = new Uint8Array(ATTRIBUTES);
  libc.posix_spawn_file_actions_init(actions);
  libc.posix_spawn_file_actions_adddup2(actions, input, 0);
  libc.posix_spawn_file_actions_adddup2(actions, output, 1);
  if (cwd !== undefined) libc.posix_spawn_file_actions_addchdir_np(actions, cString(cwd));
  libc.posix_spawnattr_init(attributes);
  const signals = new Uint8Array(SIGNALS);
  libc.posix_spawnattr_setsigmask(attributes, signals);
  signals[SIGPIPE_BYTE] = SIGPIPE_BIT;
  libc.posix_spawnattr_setsigdefault(attributes, signals);
  libc.posix_spawnattr_setflags(attributes, SETSIGDEF | SETSIGMASK);
  const argv = new CStrings(command);
  const own = Object.entries(env ?? {}).map(([name, text]) => `${name}=${text}`);
  const environ = new CStrings(own, inherited(libc, env));
  const pid = new Int32Array(1);
  const errno = libc.posix_spawnp(
    new Uint8Array(pid.buffer),
    cString(command[0] ?? ""),
    actions,
    attributes,
    argv.pointers,
    environ.pointers,
  );
  libc.posix_spawn_file_actions_destroy(actions);
  libc.posix_spawnattr_destroy(attributes);
  if (errno === ERRNO.ENOENT) throw new Deno.errors.NotFound("there is no such program");
  if (errno === ERRNO.EACCES) throw new Deno.errors.PermissionDenied("it is not a program that may be run");
  if (errno !== 0) throw new Error(`it cannot be started (error ${errno})`);
  return running(libc, pid[0] ?? 0);
}

function running(libc: Libc, pid: number): Child {
  let over = false;
  const word = new Int32Array(1);
  const status = libc.waitpid(pid, new Uint8Array(word.buffer), 0).then(() => {
    over = true;
    // as WIFSIGNALED, WTERMSIG and WEXITSTATUS of wait(2)
    const [told = 0] = word, signal = told & 0x7f;
    return signal === 0 ? { code: told >> 8 & 0xff, signal: undefined } : { code: 128 + signal, signal };
  });
  return {
    pid,
    status,
    kill(signal) {
      try {
        if (!over) Deno.kill(pid, signal);
      } catch {
        // it has ended since
      }
    },
  };
}

/** The environment's variables as they are, which need not be UTF-8, but for those that are replaced. */
function inherited({ environ }: Libc, replaced: Readonly<Record<string, string>> = {}): bigint[] {
  const variables: bigint[] = [];
  const list = environ === null ? null : new Deno.UnsafePointerView(environ).getPointer(0);
  if (list === null) return variables;
  const view = new Deno.UnsafePointerView(list);
  for (let at = 0, one = view.getPointer(0); one !== null; one = view.getPointer(at += 8)) {
    if (!Object.hasOwn(replaced, nameOf(one))) variables.push(Deno.UnsafePointer.value(one));
  }
  return variables;
}

const EQUALS = 0x3d;

/** The name of a variable, each of its bytes as a character. */
function nameOf(variable: Deno.PointerObject): string {
  const view = new Deno.UnsafePointerView(variable);
  let name = "";
  for (let at = 0, byte = view.getUint8(0); byte !== 0 && byte !== EQUALS; byte = view.getUint8(++at)) {
    name += String.fromCharCode(byte);
  }
  return name;
}

/** An array of strings as C has it: pointers, the last of them null. */
class CStrings {
  readonly pointers: Uint8Array<ArrayBuffer>;
  /** Kept from being collected while the pointers are in use. */
  readonly #texts: readonly Uint8Array<ArrayBuffer>[];

  /** `more`: addresses of strings that are there already. */
  constructor(texts: readonly string[], more: readonly bigint[] = []) {
    this.#texts = texts.map(cString);
    const addresses = this.#texts.map((text) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(text)));
    this.pointers = new Uint8Array(new BigUint64Array([...addresses.map(BigInt), ...more, 0n]).buffer);
  }
}
