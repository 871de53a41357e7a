/**
 * User probes at many places of a file by one link (`BPF_TRACE_UPROBE_MULTI`, Linux 6.6), through bpf(2) itself: libbpf
 * has it from 1.3 on only. Taking off a probe waits for all CPUs, some 60 to 120 ms on Linux 6.18; links wait once for
 * all their places and beside one another, where probes by perf_event_open wait one after another.
 *
 * @module
 */
import { BpfError } from "./libbpf.ts";
import { errno } from "./libc.ts";

/** What the programs have to be loaded for: `bpf_program__set_expected_attach_type`. */
export const UPROBE_MULTI = 48;

const LINK_CREATE = 28;
/** Flag of a link: when the function returns. */
const RETURN = 1;
/** `__NR_bpf`, by architecture. */
const NR_BPF = { x86_64: 321n, aarch64: 280n };

const SYMBOLS = {
  syscall: { parameters: ["i64", "i64", "buffer", "u64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32", nonblocking: true },
} as const;

let opened: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] | undefined;

/**
 * Attaches a program at offsets of the ELF file at `path`, for all processes. Returns what takes it off; that resolves
 * when it is off. The program gets the cookie by `bpf_get_attach_cookie`. Throws {@linkcode BpfError}.
 */
export function attachUprobes(
  programFd: number,
  path: string,
  offsets: readonly number[],
  onReturn: boolean,
  cookie: number,
): () => Promise<void> {
  const libc = opened ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
  const name = new TextEncoder().encode(`${path}\0`);
  const places = BigUint64Array.from(offsets, BigInt), cookies = places.map(() => BigInt(cookie));
  // union bpf_attr, link_create: prog_fd, target_fd, attach_type, flags; path, offsets, ref_ctr_offsets, cookies; cnt,
  // flags, pid
  const attributes = new DataView(new ArrayBuffer(64));
  attributes.setUint32(0, programFd, true);
  attributes.setUint32(8, UPROBE_MULTI, true);
  attributes.setBigUint64(16, address(name), true);
  attributes.setBigUint64(24, address(places), true);
  attributes.setBigUint64(40, address(cookies), true);
  attributes.setUint32(48, offsets.length, true);
  attributes.setUint32(52, onReturn ? RETURN : 0, true);
  const fd = Number(
    libc.syscall(NR_BPF[Deno.build.arch], BigInt(LINK_CREATE), new Uint8Array(attributes.buffer), 64n),
  );
  if (fd < 0) throw new BpfError("bpf(BPF_LINK_CREATE)", errno());
  let open = true;
  return async () => {
    if (!open) return;
    open = false;
    await libc.close(fd);
  };
}

const address = (buffer: Uint8Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>): bigint =>
  Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
