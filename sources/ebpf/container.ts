/**
 * Which container a process is in, from its cgroup path.
 *
 * @module
 */

/** 64 hex digits as Docker, containerd, CRI-O and Podman name their cgroups; systemd-nspawn and LXC use names. */
const HEX_ID = /(?:^|[\/:-])([0-9a-f]{64})(?:\.scope|\/|$|:)/;
const NAMED = /\/(?:lxc(?:\.payload)?[./]|machine\.slice\/machine-)([\w.\\-]+?)(?:\.scope)?(?:\/|$)/;

/** The text of `/proc/PID/cgroup` as a path (the unified hierarchy's where there is one) and a container id. */
export function parseCgroup(text: string): { cgroup: string | undefined; container: string | undefined } {
  let cgroup: string | undefined, container: string | undefined;
  for (const line of text.split("\n")) {
    const [hierarchy, , ...rest] = line.split(":");
    const path = rest.join(":");
    if (path === "") continue;
    if (hierarchy === "0" || cgroup === undefined) cgroup = path;
    container ??= HEX_ID.exec(path)?.[1]?.slice(0, 12) ?? NAMED.exec(path)?.[1];
  }
  return { cgroup, container };
}
