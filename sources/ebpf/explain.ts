/**
 * Why the kernel source cannot work here, in one sentence that says what to do.
 *
 * @module
 */
import { BpfError, NoLibbpf } from "../../bpf/libbpf.ts";

/** Facts about the machine that decide whether eBPF can work. Read once, cheap. */
export interface Machine {
  readonly os: string;
  readonly arch: string;
  /** `uname -r`. */
  readonly release: string;
  /** Effective capabilities as a bit set. */
  readonly capabilities: bigint;
  /** The kernel carries its own type information. */
  readonly btf: boolean;
  /** `none`, `integrity`, `confidentiality`, or undefined where there is no lockdown. */
  readonly lockdown: string | undefined;
}

/** Bits of linux/capability.h. */
export const CAP_SYS_PTRACE = 19, CAP_SYS_ADMIN = 21, CAP_PERFMON = 38, CAP_BPF = 39;

/** The oldest kernel the programs are written for. */
export const OLDEST_KERNEL = [5, 15] as const;

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Reads the facts. */
export function readMachine(): Machine {
  const caps = /^CapEff:\s*([0-9a-f]+)/m.exec(read("/proc/self/status") ?? "")?.[1] ?? "0";
  let btf = true;
  try {
    Deno.statSync("/sys/kernel/btf/vmlinux");
  } catch {
    btf = false;
  }
  return {
    os: Deno.build.os,
    arch: Deno.build.arch,
    release: Deno.osRelease(),
    capabilities: BigInt("0x" + caps),
    btf,
    lockdown: /\[(\w+)\]/.exec(read("/sys/kernel/security/lockdown") ?? "")?.[1],
  };
}

/** True if the capability is effective. */
export function has(machine: Machine, capability: number): boolean {
  return (machine.capabilities >> BigInt(capability) & 1n) === 1n;
}

/** True if the process may load and attach the programs. */
export function isPrivileged(machine: Machine): boolean {
  return has(machine, CAP_SYS_ADMIN) || (has(machine, CAP_BPF) && has(machine, CAP_PERFMON));
}

/** What is not seen because of a capability that the process has not; undefined if it has it. */
export function tlsObstacle(machine: Machine): string | undefined {
  if (has(machine, CAP_SYS_PTRACE)) return undefined;
  return "HTTPS of programs of other users, or with more capabilities, is not seen without CAP_SYS_PTRACE";
}

/** True for kernels not older than {@linkcode OLDEST_KERNEL}. */
export function isKernelNewEnough(release: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map((part) => parseInt(part));
  return major > OLDEST_KERNEL[0] || (major === OLDEST_KERNEL[0] && minor >= OLDEST_KERNEL[1]);
}

/** The kernel source cannot work on this machine. The message is a sentence for a person. */
export class CannotCapture extends Error {
  override name = "CannotCapture";
}

/** What stands in the way before anything is tried, most basic first; undefined if nothing does. */
export function obstacle(machine: Machine): string | undefined {
  if (machine.os !== "linux") {
    return `Kernel capture needs Linux, and this is ${machine.os}; use the spool, pipe or proxy sources here.`;
  }
  if (machine.arch !== "x86_64" && machine.arch !== "aarch64") {
    return `Kernel capture has eBPF objects for x86_64 and aarch64, and this machine is ${machine.arch}.`;
  }
  if (!isKernelNewEnough(machine.release)) {
    return `Kernel ${machine.release} is too old for capture; run Linux ${OLDEST_KERNEL.join(".")} or later.`;
  }
  if (!isPrivileged(machine)) {
    return "Not allowed to load eBPF programs: run as root, or give the process CAP_BPF and CAP_PERFMON, for HTTPS CAP_SYS_PTRACE too (in a container: --privileged, or --cap-add BPF,PERFMON,SYS_PTRACE and --pid host).";
  }
  if (!machine.btf) {
    return "The kernel has no BTF (/sys/kernel/btf/vmlinux is missing): use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as Debian's and Ubuntu's are.";
  }
  if (machine.lockdown === "confidentiality") {
    return "Kernel lockdown is at 'confidentiality', which forbids eBPF to read memory: boot with lockdown=integrity or without lockdown.";
  }
  return undefined;
}

const ERRNO: Record<number, string> = {
  1: "EPERM",
  2: "ENOENT",
  3: "ESRCH",
  7: "E2BIG",
  12: "ENOMEM",
  13: "EACCES",
  22: "EINVAL",
  28: "ENOSPC",
  95: "EOPNOTSUPP",
};

/** Any failure of opening, loading or attaching as one sentence with what to do. */
export function explain(error: unknown, machine: Machine, libbpf?: string): string {
  if (error instanceof CannotCapture) return error.message;
  if (error instanceof NoLibbpf) {
    return `libbpf was not found (${error.message}): install it (Debian, Ubuntu: apt install libbpf1; older: libbpf0; Fedora: dnf install libbpf), or name the file in the option 'libbpf'.`;
  }
  const known = obstacle(machine);
  if (known !== undefined) return known;
  if (error instanceof BpfError) {
    const name = ERRNO[error.code] ?? `errno ${error.code}`;
    const what = `${error.call} was refused with ${name} on kernel ${machine.release}`;
    if (error.call === "bpf_object__open_mem") {
      return `The eBPF object cannot be read (${name}): it is damaged or not an eBPF object; reinstall mcpsonde, or correct the option 'object'.`;
    }
    if (libbpf?.startsWith("0.") && (error.code === 3 || error.code === 22)) {
      return `${what}: a libbpf before 1.0 cannot read this kernel's type information; install libbpf 1.0 or later and name it in the option 'libbpf'.`;
    }
    if (error.code === 12) return `${what}: not enough memory; set a smaller 'ring_bytes'.`;
    if (error.code === 1) {
      return `${what}: a security module or seccomp profile forbids it; allow bpf(2) (in a container: --privileged or seccomp=unconfined).`;
    }
    return `${what}: the kernel does not accept these programs; 'mcpsonde doctor' shows what this machine allows.`;
  }
  return `Kernel capture failed: ${error instanceof Error ? error.message : error}.`;
}
