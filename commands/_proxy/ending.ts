/**
 * Signals to the server, and an end like its own.
 *
 * @module
 */
import { cString, O, openLibc } from "../../sources/stdio/libc.ts";
import type { Child, Ending } from "../../sources/stdio/spawn.ts";

/** What whoever runs us may send, and the server should get. SIGUSR1 starts Deno's debugger, and is no use here. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;
/** Those that a terminal sends to all that run in it. */
const BY_TERMINAL: readonly string[] = ["SIGINT", "SIGQUIT", "SIGHUP"];
/** prctl(2): a process that ends by a signal leaves no core of ours. */
const PR_SET_DUMPABLE = 4;

/**
 * Keeps every signal from ending us. The function that is returned takes the server that gets them, also those that came
 * before; not those that the terminal has sent it too.
 */
export function catchSignals(): (server: Pick<Child, "kill">) => void {
  let server: Pick<Child, "kill"> | undefined;
  const early: Deno.Signal[] = [];
  for (const name of FORWARDED) {
    try {
      Deno.addSignalListener(name, () => {
        if (server === undefined) early.push(name);
        else if (!BY_TERMINAL.includes(name) || !inForeground()) server.kill(name);
      });
    } catch {
      // a system without this signal
    }
  }
  return (started) => {
    server = started;
    for (const name of early) started.kill(name);
  };
}

/** True if a terminal sends its signals to our process group, in which the server is too. */
function inForeground(): boolean {
  const libc = openLibc();
  if (libc === undefined) return false;
  const terminal = libc.open(cString("/dev/tty"), O.RDWR | O.CLOEXEC);
  if (terminal < 0) return false;
  const group = libc.tcgetpgrp(terminal);
  libc.close(terminal);
  return group === libc.getpgrp();
}

/** Ends this process as the server ended: with its code, or by its signal. */
export function endLike({ code, signal }: Ending): never {
  const libc = signal === undefined ? undefined : openLibc();
  if (signal !== undefined && libc !== undefined) {
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    libc.signal(signal, null);
    libc.kill(Deno.pid, signal);
  }
  Deno.exit(code);
}
