/**
 * Who holds a stream's ends, and what that says about it.
 *
 * @module
 */
import type { OpenEnd } from "../../bpf/records.ts";
import type { Tracked } from "./tracked.ts";

/** Programs that start a server and do not read themselves. */
const LAUNCHER = /^(npm|npx|npm exec|pnpm|yarn|bunx|uv|uvx|pipx|sh|bash|dash|zsh|env|sudo|timeout|docker|podman)$/;

/** Programs that read any text. */
const TEXT_TOOL =
  /^(jq|grep|egrep|rg|less|more|head|tail|wc|sort|uniq|sed|awk|gawk|mawk|cut|tr|tee|cat|bat|xxd|od|column)$/;

/** Holds the server's descriptors only to hand them on. */
export function isLauncher(name: string): boolean {
  return LAUNCHER.test(name);
}

/**
 * Who holds the reading (or the writing) end of a stream. A wrapper (npx, sh -c) holds the same descriptors as the
 * server that it started: the youngest is the server.
 */
export function holder(ends: readonly OpenEnd[], t: Tracked, reading: boolean): OpenEnd | undefined {
  const other = reading ? t.writer : t.reader;
  let best: OpenEnd | undefined;
  for (const end of ends) {
    if (end.end !== (reading ? t.dst : t.src) || end.tgid === other?.pid) continue;
    if (t.stream.medium === "pipe" && !(reading ? end.readable : end.writable)) continue;
    if (best === undefined || end.tgid > best.tgid) best = end;
  }
  return best;
}

/** Is there a process left at both ends? */
export function isOpen(t: Tracked, ends: readonly OpenEnd[]): boolean {
  const either = t.stream.medium === "unix";
  return ends.some((end) => end.end === t.dst && (either || end.readable)) &&
    ends.some((end) => end.end === t.src && (either || end.writable));
}

/**
 * JSON-RPC text that passes through a shell pipeline (`curl … | jq`) and is no session: one program's stdout is
 * another's stdin, nothing answers, and it holds no request or is read by a tool for text.
 */
export function isShellText(t: Tracked): boolean {
  if (t.writerFd !== 1 || t.readerFd !== 0 || t.reverse !== undefined) return false;
  return !t.hasRequest || (t.reader !== undefined && TEXT_TOOL.test(t.reader.comm));
}
