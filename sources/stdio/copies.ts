/**
 * Copies of our descriptors that the runtime has made: of standard input and output for itself and for each thread. While
 * they are open, nobody learns that the other side has closed.
 *
 * @module
 */
import { type Libc, O } from "./libc.ts";
import type { PumpPlan } from "./pump.ts";

/** Makes all copies of what the plan has into descriptors of nothing; that of our own output into standard error. */
export function closeCopies(libc: Libc, { fromClient, toServer, fromServer, toClient }: PumpPlan): void {
  const kept = new Map([fromClient, toServer, fromServer, toClient].map(({ fd }) => [fd, linkOf(fd)]));
  const error = linkOf(2), output = linkOf(toClient.fd);
  const ours = [...kept.values()].filter((link) => /^(pipe|socket):/.test(link) || link === output);
  const links = new Set(ours.filter((link) => link !== error && link !== "/dev/null"));
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    const fd = Number(name);
    if (fd <= 2 || kept.has(fd)) continue;
    const link = linkOf(fd);
    if (links.has(link)) libc.dup3(link === output ? 2 : 0, fd, O.CLOEXEC);
  }
}

function linkOf(fd: number): string {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}
