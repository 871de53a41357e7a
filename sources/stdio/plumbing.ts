/**
 * Starts a server between its client and us, and takes our standard input and output out of reach of everything else.
 *
 * @module
 */
import { emptyStreams } from "./copies.ts";
import { F, type Libc, O } from "./libc.ts";
import { inheritedPort, ownPort } from "./port.ts";
import type { PumpPlan } from "./pump.ts";
import { newRing } from "./ring.ts";
import { type Child, type CommandLine, spawn } from "./spawn.ts";

/** A server that runs, and how its bytes are to be moved. */
export interface Plumbed {
  readonly child: Child;
  readonly plan: PumpPlan;
  /** Tells the pump that the server has exited. */
  exited(): void;
}

/**
 * Starts the server. From then on file descriptor 0 of this process is empty and 1 is standard error, so that no line of
 * ours can reach the client.
 *
 * @throws {Deno.errors.NotFound} and {Deno.errors.PermissionDenied}.
 */
export function plumb(libc: Libc, line: CommandLine, ringBytes: number): Plumbed {
  const input = pipe(libc), output = pipe(libc), control = pipe(libc);
  const child = spawn(libc, line, input.read, output.write);
  const client = [libc.fcntl(0, F.DUPFD_CLOEXEC, 3), libc.fcntl(1, F.DUPFD_CLOEXEC, 3)] as const;
  emptyStreams(libc);
  for (const fd of [input.read, output.write]) libc.close(fd);
  return {
    child,
    plan: {
      fromClient: inheritedPort(libc, client[0], O.RDONLY),
      toServer: ownPort(libc, input.write),
      fromServer: ownPort(libc, output.read),
      toClient: inheritedPort(libc, client[1], O.WRONLY),
      control: ownPort(libc, control.read),
      ring: newRing(ringBytes),
    },
    exited: () => void libc.close(control.write),
  };
}

function pipe(libc: Libc): { readonly read: number; readonly write: number } {
  const ends = new Int32Array(2);
  if (libc.pipe2(new Uint8Array(ends.buffer), O.CLOEXEC) !== 0) throw new Error("no more pipes may be opened");
  const [read = -1, write = -1] = ends;
  return { read, write };
}
