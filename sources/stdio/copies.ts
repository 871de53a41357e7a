/**
 * Copies of our descriptors that the runtime has made: of standard input and output for itself and for each thread. While
 * they are open, nobody learns that the other side has closed.
 *
 * @module
 */
import { cString, type Libc, O } from "./libc.ts";
import type { PumpPlan } from "./pump.ts";

/** Makes all copies of what the plan has into descriptors of nothing; that of our own output into standard error. */
export function closeCopies(libc: Libc, { fromClient, toServer, fromServer, toClient }: PumpPlan): void {
  const kept = new Map([fromClient, toServer, fromServer, toClient].map(({ fd }) => [fd, linkOf(fd)]));
  const output = linkOf(toClient.fd);
  const links = [...kept.values()].filter((link) => isShared(link) || link === output);
  replaceAll(libc, new Set(links), output, (fd) => fd <= 2 || kept.has(fd));
}

/** Lets go of standard input and output, which a child has: 0 becomes empty, 1 standard error, with all copies. */
export function leaveStreams(libc: Libc): void {
  const input = linkOf(0), output = linkOf(1);
  emptyStreams(libc);
  replaceAll(libc, new Set([...(isShared(input) ? [input] : []), output]), output, (fd) => fd <= 2);
}

/** Makes descriptor 0 empty and 1 standard error. */
export function emptyStreams(libc: Libc): void {
  const nothing = libc.open(cString("/dev/null"), O.RDONLY | O.CLOEXEC);
  libc.dup2(2, 1);
  libc.dup2(nothing, 0);
  libc.close(nothing);
}

function replaceAll(libc: Libc, links: Set<string>, output: string, keep: (fd: number) => boolean): void {
  links.delete("/dev/null");
  links.delete(linkOf(2)); // the same as standard error: whoever reads that waits for it anyway
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    const fd = Number(name);
    if (keep(fd)) continue;
    const link = linkOf(fd);
    if (links.has(link)) libc.dup3(link === output ? 2 : 0, fd, O.CLOEXEC);
  }
}

/** True for what has another side. */
function isShared(link: string): boolean {
  return /^(pipe|socket):/.test(link);
}

function linkOf(fd: number): string {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}
