/**
 * What this machine and deployment are called: `host.*`, `os.*`, `k8s.*` and `container.*` of the general conventions, v1.41.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { arch, hostname, release } from "node:os";
import type { Attributes } from "./values.ts";

/** `host.arch` by Node's names. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "x86", arm: "arm32", ppc64: "ppc64" };
const NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
/** A pod's uid, with dashes or, as systemd's driver writes it, underscores. */
const POD = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/;

/** Of everything on this machine. */
export function hostAttributes(env: Readonly<Record<string, string | undefined>>): Attributes {
  return {
    "host.name": hostname(),
    "host.id": read("/etc/machine-id"),
    "host.arch": ARCHITECTURES[arch()] ?? arch(),
    "os.type": "linux",
    "os.version": release(),
    "k8s.node.name": env["K8S_NODE_NAME"] ?? env["NODE_NAME"],
    "k8s.cluster.name": env["K8S_CLUSTER_NAME"],
  };
}

/** Of mcpsonde itself, where it runs in a pod. */
export function ownAttributes(env: Readonly<Record<string, string | undefined>>, pid: number): Attributes {
  const isPod = env["KUBERNETES_SERVICE_HOST"] !== undefined;
  return {
    "process.pid": pid,
    "k8s.pod.name": isPod ? env["K8S_POD_NAME"] ?? env["HOSTNAME"] : undefined,
    "k8s.namespace.name": isPod ? env["K8S_NAMESPACE_NAME"] ?? read(NAMESPACE) : undefined,
    "k8s.pod.uid": podOf(read("/proc/self/cgroup") ?? ""),
  };
}

/** The uid of the pod that a cgroup path is of. */
export function podOf(cgroup: string): string | undefined {
  return POD.exec(cgroup)?.[1]?.replaceAll("_", "-");
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined; // there is none
  }
}
