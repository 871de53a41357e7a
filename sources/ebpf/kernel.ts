/**
 * The loaded capture programs: the ring, the stream states, the counters, who holds which end.
 *
 * @module
 */
import { BpfError, BpfObject, libbpfVersion, openLibbpf } from "../../bpf/libbpf.ts";
import { libc } from "../../bpf/libc.ts";
import { mapMemory, type Mapped } from "../../bpf/mapped.ts";
import { CONTROL, COUNTERS, decodeOpenEnds, encodeKey, encodeStream, type OpenEnd, SLOTS } from "../../bpf/records.ts";
import { Ring } from "../../bpf/ring.ts";
import { attachUprobes, UPROBE_MULTI } from "../../bpf/uprobes.ts";
import { cookieOf, type Detach, type ProbeProgram, type TlsLibrary } from "./tls/mod.ts";
import { CannotCapture, explain, obstacle, readMachine } from "./explain.ts";

/** include/uapi/asm-generic/errno-base.h: the kernel does not know such a link. */
const EINVAL = 22;

/** How the program at syscall exit was loaded. */
export type Backend = "tp_btf" | "raw_tp";

/** How user probes were loaded. */
type Probing = "many" | "single" | "none";

/** The user probes of bpf/include/tls.h by role: what returns from a library's functions has one program for all of them. */
const PROBES: Readonly<Record<ProbeProgram, string>> = {
  ssl_write_enter: "ssl_write_enter",
  ssl_write_exit: "ssl_exit",
  ssl_read_enter: "ssl_read_enter",
  ssl_read_exit: "ssl_exit",
  ssl_write_ex_enter: "ssl_write_ex_enter",
  ssl_write_ex_exit: "ssl_exit",
  ssl_read_ex_enter: "ssl_read_ex_enter",
  ssl_read_ex_exit: "ssl_exit",
  ssl_free: "ssl_free",
  ssl_set_fd: "ssl_set_fd",
  ssl_handshake: "ssl_handshake",
  go_write: "go_write",
  go_read_enter: "go_read_enter",
  go_read_exit: "go_read_exit",
  go_close: "go_close",
  rustls_write_enter: "rustls_write_enter",
  rustls_write_exit: "rustls_exit",
  rustls_read_enter: "rustls_read_enter",
  rustls_read_exit: "rustls_exit",
};

/** What {@linkcode Kernel.open} takes. */
export interface KernelOptions {
  readonly ringBytes: number;
  readonly libbpf?: string | undefined;
  readonly object?: string | undefined;
  /** Try only this backend. */
  readonly backend?: Backend | undefined;
  /** Capture children of this process too. */
  readonly ownChildren: boolean;
  /** Look at TCP connections too. */
  readonly http: boolean;
  /** Load the user probes too. Where that fails, capture goes on without: see {@linkcode Kernel.probes}. */
  readonly tls: boolean;
}

/** The committed object for an architecture. */
export function objectUrl(arch: string): URL {
  return new URL(`../../bpf/capture.${arch}.bpf.o`, import.meta.url);
}

/** Capture at work. */
export class Kernel {
  readonly ring: Ring;
  readonly states: Uint8Array;
  readonly control: Uint32Array;
  readonly backend: Backend;
  readonly libbpf: string;
  /** User probes can be attached. */
  readonly probes: boolean;
  readonly #object: BpfObject;
  readonly #mapped: Mapped[];
  readonly #openEnds: () => number;
  readonly #streams: number;
  readonly #counters: number;
  readonly #perCpu: BigUint64Array<ArrayBuffer>;
  /** What takes off the user probes that are on. */
  readonly #attached = new Set<Detach>();
  #manyAtOnce: boolean;

  private constructor(object: BpfObject, backend: Backend, probing: Probing, libbpf: string, options: KernelOptions) {
    this.#object = object;
    this.probes = probing !== "none";
    this.#manyAtOnce = probing === "many";
    this.backend = backend;
    this.libbpf = libbpf;
    const page = libc().getpagesize();
    const states = mapMemory(object.mapFd("states"), SLOTS, 0, true);
    const control = mapMemory(object.mapFd("control"), page, 0, true);
    this.#mapped = [states, control];
    this.states = new Uint8Array(states.buffer);
    this.control = new Uint32Array(control.buffer);
    this.control[CONTROL.follow] = options.ownChildren ? 1 : 0;
    this.control[CONTROL.tcp] = options.http ? 1 : 0;
    this.control[CONTROL.wakeBytes] = options.ringBytes >>> 4;
    object.run("who_am_i");
    this.ring = new Ring(object.mapFd("events"), options.ringBytes);
    this.#streams = object.mapFd("streams");
    this.#counters = object.mapFd("counters");
    this.#perCpu = new BigUint64Array(possibleCpus());
    this.#openEnds = object.iterator("open_ends");
    try {
      object.attach("uring_complete");
    } catch { /* a kernel without io_uring has no such tracepoint, and no such traffic */ }
    for (const program of ["process_fork", "process_exec", "process_exit", "tcp_state"]) object.attach(program);
    object.attach(backend === "tp_btf" ? "sys_exit_typed" : "sys_exit_raw");
  }

  /** Loads and attaches. Throws {@linkcode CannotCapture} with a sentence that says why not and what to do. */
  static open(options: KernelOptions): Kernel {
    const machine = readMachine();
    let version: string | undefined;
    try {
      const blocked = obstacle(machine);
      if (blocked !== undefined) throw new CannotCapture(blocked);
      const { library, path } = openLibbpf(options.libbpf);
      version = libbpfVersion(library);
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = Deno.readFileSync(options.object ?? objectUrl(machine.arch));
      } catch (error) {
        throw new CannotCapture(`The eBPF object cannot be read: ${error instanceof Error ? error.message : error}.`);
      }
      const backends: readonly Backend[] = options.backend ? [options.backend] : ["tp_btf", "raw_tp"];
      // User probes need a program each for a link of many places (Linux 6.6) or for one; without them the rest goes on
      const kinds: readonly Probing[] = options.tls ? ["many", "single", "none"] : ["none"];
      const ways = kinds.flatMap((probing) => backends.map((backend) => ({ backend, probing })));
      let last: unknown;
      for (const { backend, probing } of ways) {
        const object = new BpfObject(library, bytes);
        try {
          object.autoload("sys_exit_typed", backend === "tp_btf");
          object.autoload("sys_exit_raw", backend === "raw_tp");
          for (const program of new Set(Object.values(PROBES))) {
            if (probing === "many") object.expect(program, UPROBE_MULTI);
            object.autoload(program, probing !== "none");
          }
          object.resize("events", options.ringBytes);
          object.load();
          return new Kernel(object, backend, probing, `${path} ${version}`, options);
        } catch (error) {
          object.close();
          if (probing === kinds[0]) last = error; // what is tried after that only makes do
        }
      }
      throw last;
    } catch (error) {
      throw new CannotCapture(explain(error, machine, version));
    }
  }

  /** The counter summed over CPUs, and by CPU. */
  counter(which: number): { total: number; byCpu: readonly number[] } {
    if (which >= COUNTERS) throw new RangeError(`No counter ${which}`);
    this.#object.lookup(
      this.#counters,
      new Uint8Array(new Uint32Array([which]).buffer),
      new Uint8Array(this.#perCpu.buffer),
    );
    const byCpu = Array.from(this.#perCpu, Number);
    return { total: byCpu.reduce((sum, n) => sum + n, 0), byCpu };
  }

  /** Makes the kernel follow a stream not seen yet, in the state that `states[slot]` has. False if it has it already. */
  follow(src: number, dst: number, slot: number): boolean {
    return this.#object.update(this.#streams, encodeKey(src, dst), encodeStream(slot), 1);
  }

  /**
   * Attaches a user probe at offsets of the file at `path`, for all processes. Returns what takes it off. Throws
   * {@linkcode BpfError}.
   */
  attachProbes(
    program: ProbeProgram,
    onReturn: boolean,
    offsets: readonly number[],
    path: string,
    library: TlsLibrary,
  ): Detach {
    const cookie = cookieOf(library);
    if (this.#manyAtOnce) {
      try {
        const off = attachUprobes(this.#object.programFd(PROBES[program]), path, offsets, onReturn, cookie);
        const detach = () => {
          this.#attached.delete(detach);
          return off();
        };
        this.#attached.add(detach);
        return detach;
      } catch (error) {
        if (!(error instanceof BpfError) || error.code !== EINVAL || this.#attached.size > 0) throw error;
        this.#manyAtOnce = false; // Linux before 6.6
      }
    }
    const made: (() => void)[] = [];
    const detach = () => made.forEach((one) => one());
    try {
      for (const offset of offsets) {
        made.push(this.#object.attachProbe(PROBES[program], path, offset, onReturn, cookie));
      }
    } catch (error) {
      detach();
      throw error;
    }
    return detach;
  }

  /** Every open pipe and UNIX stream socket on the machine with its holder, by the task_file iterator. */
  openEnds(): OpenEnd[] {
    const fd = this.#openEnds();
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const part = new Uint8Array(1 << 16);
      const n = Number(libc().read(fd, part, BigInt(part.length)));
      if (n <= 0) break; // the end, or an error: what was read so far is still true
      parts.push(part.subarray(0, n));
      size += n;
    }
    libc().close(fd);
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return decodeOpenEnds(all);
  }

  /** Stops the programs; what is in the ring can still be taken. */
  detach(): void {
    for (const detach of this.#attached) void detach(); // it takes a while, for which nobody need wait
    this.#object.detach();
  }

  /** Frees all. */
  close(): void {
    this.detach();
    this.ring.close();
    for (const mapped of this.#mapped) mapped.unmap();
    this.#object.close();
  }
}

/** CPUs that per-CPU maps have room for. */
function possibleCpus(): number {
  const last = /(\d+)\s*$/.exec(Deno.readTextFileSync("/sys/devices/system/cpu/possible"))?.[1];
  return Number(last ?? 0) + 1;
}
