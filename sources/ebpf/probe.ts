/**
 * What kernel capture finds on this machine: for `mcpsonde doctor`.
 *
 * @module
 */
import { libbpfVersion, openLibbpf } from "../../bpf/libbpf.ts";
import {
  CAP_BPF,
  CAP_PERFMON,
  CAP_SYS_ADMIN,
  CAP_SYS_PTRACE,
  explain,
  has,
  isKernelNewEnough,
  isPrivileged,
  type Machine,
  OLDEST_KERNEL,
  readMachine,
  tlsObstacle,
} from "./explain.ts";
import { type Backend, Kernel, objectUrl } from "./kernel.ts";

/** One line of the report. */
export interface Check {
  readonly name: string;
  /** `warn`: works, but less well than it could. */
  readonly ok: boolean | "warn";
  readonly found: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string;
}

/** Looks at everything kernel capture depends on, and tries to load each backend for real. Takes about a second. */
export function probe(machine: Machine = readMachine()): Check[] {
  const checks: Check[] = [];
  const add = (name: string, ok: Check["ok"], found: string, fix?: string) => {
    checks.push(ok === true || fix === undefined ? { name, ok, found } : { name, ok, found, fix });
  };
  add(
    "system",
    machine.os === "linux",
    `${machine.os} ${machine.arch}`,
    "kernel capture needs Linux on x86_64 or aarch64",
  );
  if (machine.os !== "linux") return checks;
  add("kernel", isKernelNewEnough(machine.release), machine.release, `run Linux ${OLDEST_KERNEL.join(".")} or later`);
  add(
    "BTF",
    machine.btf,
    machine.btf ? "/sys/kernel/btf/vmlinux" : "missing",
    "use a kernel built with CONFIG_DEBUG_INFO_BTF=y",
  );
  add("capabilities", isPrivileged(machine), capabilities(machine), "run as root, or with CAP_BPF and CAP_PERFMON");
  add(
    "lockdown",
    machine.lockdown !== "confidentiality",
    machine.lockdown ?? "not in this kernel",
    "boot with lockdown=integrity or without",
  );
  const pidNamespace = ownPidNamespace();
  add(
    "pid namespace",
    pidNamespace || "warn",
    pidNamespace ? "the host's" : "a container's",
    "start the container with --pid host, so that names of processes can be read",
  );
  try {
    const { library, path } = openLibbpf();
    add("libbpf", true, `${path} ${libbpfVersion(library)}`);
  } catch (error) {
    add("libbpf", false, "not found", explain(error, machine));
    return checks;
  }
  if (checks.some((check) => check.ok === false)) return checks; // nothing could load
  const first = backend("tp_btf"), second = backend("raw_tp");
  add(
    "tp_btf program",
    first === undefined || (second === undefined ? "warn" : false),
    first ?? "loads and attaches",
    second === undefined ? "raw_tp is used instead, a little slower" : first,
  );
  add(
    "raw_tp program",
    second === undefined || (first === undefined ? "warn" : false),
    second ?? "loads and attaches",
    first === undefined ? "not needed: tp_btf works" : second,
  );
  const third = userProbes();
  add(
    "user probes",
    third === undefined || "warn",
    third ?? "load and attach",
    "HTTPS is not seen; stdio and plain HTTP are",
  );
  const unseen = tlsObstacle(machine);
  add("TLS libraries", unseen === undefined || "warn", unseen ?? "can be looked for in all processes", unseen);
  return checks;
}

/** Why user probes do not work; undefined if they do. Attaches one where no process runs: in the eBPF object's file. */
function userProbes(): string | undefined {
  let kernel: Kernel | undefined;
  try {
    kernel = Kernel.open({ ringBytes: 1 << 16, ownChildren: false, http: false, tls: true });
    if (!kernel.probes) return "do not load";
    kernel.attachProbes("ssl_free", false, [64], objectUrl(Deno.build.arch).pathname, "openssl");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    kernel?.close();
  }
}

/** Why a backend does not work; undefined if it does. */
function backend(name: Backend): string | undefined {
  try {
    Kernel.open({ ringBytes: 1 << 16, backend: name, ownChildren: false, http: false, tls: false }).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function capabilities(machine: Machine): string {
  const names = [
    [CAP_SYS_ADMIN, "CAP_SYS_ADMIN"],
    [CAP_BPF, "CAP_BPF"],
    [CAP_PERFMON, "CAP_PERFMON"],
    [CAP_SYS_PTRACE, "CAP_SYS_PTRACE"],
  ] as const;
  const held = names.filter(([bit]) => has(machine, bit)).map(([, name]) => name);
  return held.length > 0 ? held.join(", ") : "none of CAP_SYS_ADMIN, CAP_BPF, CAP_PERFMON";
}

/** True in the initial pid namespace, whose inode number is fixed (PROC_PID_INIT_INO in linux/proc_ns.h). */
function ownPidNamespace(): boolean {
  try {
    return Deno.readLinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return true; // cannot tell
  }
}
