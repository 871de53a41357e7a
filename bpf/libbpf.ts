/**
 * libbpf over FFI: open an object from memory, load it, attach its programs, find its maps.
 *
 * @module
 */
import { errno } from "./libc.ts";

const SYMBOLS = {
  libbpf_set_print: { parameters: ["pointer"], result: "pointer" },
  libbpf_major_version: { parameters: [], result: "u32", optional: true },
  libbpf_minor_version: { parameters: [], result: "u32", optional: true },
  libbpf_set_strict_mode: { parameters: ["u32"], result: "i32", optional: true },
  bpf_object__open_mem: { parameters: ["buffer", "usize", "pointer"], result: "pointer" },
  bpf_object__load: { parameters: ["pointer"], result: "i32" },
  bpf_object__close: { parameters: ["pointer"], result: "void" },
  bpf_object__find_program_by_name: { parameters: ["pointer", "buffer"], result: "pointer" },
  bpf_object__find_map_by_name: { parameters: ["pointer", "buffer"], result: "pointer" },
  bpf_program__set_autoload: { parameters: ["pointer", "bool"], result: "i32" },
  bpf_program__set_expected_attach_type: { parameters: ["pointer", "u32"], result: "i32" },
  bpf_program__fd: { parameters: ["pointer"], result: "i32" },
  bpf_program__attach: { parameters: ["pointer"], result: "pointer" },
  bpf_program__attach_uprobe_opts: {
    parameters: ["pointer", "i32", "buffer", "usize", "buffer"],
    result: "pointer",
    optional: true,
    nonblocking: false,
  },
  bpf_program__attach_iter: { parameters: ["pointer", "pointer"], result: "pointer" },
  bpf_iter_create: { parameters: ["i32"], result: "i32" },
  bpf_link__fd: { parameters: ["pointer"], result: "i32" },
  bpf_link__destroy: { parameters: ["pointer"], result: "i32" },
  bpf_map__fd: { parameters: ["pointer"], result: "i32" },
  bpf_map__set_max_entries: { parameters: ["pointer", "u32"], result: "i32" },
  bpf_map_lookup_elem: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  bpf_map_update_elem: { parameters: ["i32", "buffer", "buffer", "u64"], result: "i32" },
  bpf_prog_test_run_opts: { parameters: ["i32", "buffer"], result: "i32" },
} as const;

/** include/uapi/asm-generic/errno.h: this libbpf is too old. */
const ENOSYS = 38;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

/** A libbpf call that failed. `code` is the positive errno. */
export class BpfError extends Error {
  override name = "BpfError";
  constructor(readonly call: string, readonly code: number) {
    super(`${call} failed with errno ${code}`);
  }
}

/** No libbpf could be opened. */
export class NoLibbpf extends Error {
  override name = "NoLibbpf";
}

const cstring = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text + "\0");

/** Opens `path`, or `libbpf.so.1`, then `.so.0`. Throws {@linkcode NoLibbpf} naming what was tried. */
export function openLibbpf(path?: string): { library: Library; path: string } {
  const tried: string[] = [];
  for (const name of path === undefined ? ["libbpf.so.1", "libbpf.so.0"] : [path]) {
    try {
      const library = Deno.dlopen(name, SYMBOLS);
      library.symbols.libbpf_set_print(null); // its own messages would go to stderr
      library.symbols.libbpf_set_strict_mode?.(0xffffffff); // before 1.0: report errors as 1.0 does
      return { library, path: name };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      tried.push(/No such file/.test(text) ? name : `${name}: ${text.replaceAll("Could not open library: ", "")}`);
    }
  }
  throw new NoLibbpf(`tried ${tried.join(" and ")}`);
}

/** libbpf's version as `1.1`, or `0.x` for those that cannot tell. */
export function libbpfVersion(library: Library): string {
  const { libbpf_major_version: major, libbpf_minor_version: minor } = library.symbols;
  return major && minor ? `${major()}.${minor()}` : "0.x";
}

/** One loaded eBPF object. Close it to detach all and free the kernel's memory. */
export class BpfObject {
  readonly #lib: Library["symbols"];
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #object: Deno.PointerValue;
  readonly #links: Deno.PointerObject[] = [];
  readonly #iterators: Deno.PointerObject[] = [];

  /** Opens an ELF object; nothing is in the kernel yet. Throws {@linkcode BpfError}. */
  constructor(library: Library, bytes: Uint8Array<ArrayBuffer>) {
    this.#lib = library.symbols;
    this.#bytes = bytes; // libbpf reads from it until load
    this.#object = this.#lib.bpf_object__open_mem(bytes, BigInt(bytes.byteLength), null);
    if (!this.#object) throw new BpfError("bpf_object__open_mem", errno());
  }

  /** Says whether `load` shall load the program. */
  autoload(program: string, load: boolean): void {
    this.#check("bpf_program__set_autoload", this.#lib.bpf_program__set_autoload(this.#program(program), load));
  }

  /** Says before `load` what a program is to be attached to: a `BPF_…` attach type of linux/bpf.h. */
  expect(program: string, attachType: number): void {
    this.#lib.bpf_program__set_expected_attach_type(this.#program(program), attachType); // before libbpf 1.0: void
  }

  /** Sets a map's size before `load`. */
  resize(map: string, entries: number): void {
    this.#check("bpf_map__set_max_entries", this.#lib.bpf_map__set_max_entries(this.#map(map), entries));
  }

  /** Loads maps and programs into the kernel. */
  load(): void {
    this.#check("bpf_object__load", this.#lib.bpf_object__load(this.#object));
    void this.#bytes;
  }

  /** Attaches a program by its section name; it stays until `detach` or `close`. */
  attach(program: string): void {
    const link = this.#lib.bpf_program__attach(this.#program(program));
    if (!link) throw new BpfError("bpf_program__attach", errno());
    this.#links.push(link);
  }

  /**
   * Attaches a user probe for all processes at an offset of an ELF file, at the function's entry or its return. Returns what
   * detaches it. Throws {@linkcode BpfError}.
   */
  attachProbe(program: string, path: string, offset: number, onReturn: boolean, cookie: number): () => void {
    const attach = this.#lib.bpf_program__attach_uprobe_opts;
    if (!attach) throw new BpfError("bpf_program__attach_uprobe_opts", ENOSYS);
    const options = new BigUint64Array(4); // struct bpf_uprobe_opts: sz, ref_ctr_offset, bpf_cookie, retprobe
    options[0] = BigInt(options.byteLength);
    options[2] = BigInt(cookie);
    options[3] = onReturn ? 1n : 0n;
    const bytes = new Uint8Array(options.buffer);
    const link = attach(this.#program(program), -1, cstring(path), BigInt(offset), bytes);
    if (!link) throw new BpfError("bpf_program__attach_uprobe_opts", errno());
    this.#links.push(link);
    return () => {
      const at = this.#links.indexOf(link);
      if (at < 0) return; // all were detached
      this.#links.splice(at, 1);
      this.#lib.bpf_link__destroy(link);
    };
  }

  /** Makes an iterator of a program, until `close`; returns a function that opens a pass and returns its descriptor. */
  iterator(program: string): () => number {
    const link = this.#lib.bpf_program__attach_iter(this.#program(program), null);
    if (!link) throw new BpfError("bpf_program__attach_iter", errno());
    this.#iterators.push(link);
    const fd = this.#lib.bpf_link__fd(link);
    return () => this.#check("bpf_iter_create", this.#lib.bpf_iter_create(fd));
  }

  /** Runs a raw tracepoint program once, in the caller's context. */
  run(program: string): void {
    const options = new BigUint64Array(10); // struct bpf_test_run_opts: `sz` first, the rest zero
    options[0] = BigInt(options.byteLength);
    const fd = this.#lib.bpf_program__fd(this.#program(program));
    this.#check("bpf_prog_test_run_opts", this.#lib.bpf_prog_test_run_opts(fd, new Uint8Array(options.buffer)));
  }

  /** A loaded program's file descriptor, valid until `close`. */
  programFd(program: string): number {
    return this.#lib.bpf_program__fd(this.#program(program));
  }

  /** A map's file descriptor, valid until `close`. */
  mapFd(map: string): number {
    return this.#lib.bpf_map__fd(this.#map(map));
  }

  /** Reads one element into `value`; false if there is none. */
  lookup(fd: number, key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>): boolean {
    return this.#lib.bpf_map_lookup_elem(fd, key, value) === 0;
  }

  /** Writes one element; `flags` as in bpf(2): 0 any, 1 only new, 2 only existing. False if refused. */
  update(fd: number, key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>, flags = 0): boolean {
    return this.#lib.bpf_map_update_elem(fd, key, value, BigInt(flags)) === 0;
  }

  /** Detaches every program; maps stay readable, iterators usable. */
  detach(): void {
    for (const link of this.#links.splice(0)) this.#lib.bpf_link__destroy(link);
  }

  /** Detaches and frees all. */
  close(): void {
    this.detach();
    for (const link of this.#iterators.splice(0)) this.#lib.bpf_link__destroy(link);
    if (this.#object) this.#lib.bpf_object__close(this.#object);
    this.#object = null;
  }

  #program(name: string): Deno.PointerObject {
    const program = this.#lib.bpf_object__find_program_by_name(this.#object, cstring(name));
    if (!program) throw new BpfError(`bpf_object__find_program_by_name(${name})`, errno());
    return program;
  }

  #map(name: string): Deno.PointerObject {
    const map = this.#lib.bpf_object__find_map_by_name(this.#object, cstring(name));
    if (!map) throw new BpfError(`bpf_object__find_map_by_name(${name})`, errno());
    return map;
  }

  #check(call: string, result: number): number {
    if (result < 0) throw new BpfError(call, -result);
    return result;
  }
}
