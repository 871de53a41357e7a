/**
 * Tells where BoringSSL's functions are in a stripped program, and proposes entries for `bpf/elf/boringssl_patterns.ts`:
 * `deno run -A scripts/find_tls_patterns.ts PROGRAM...`. Exits with 1 unless the table knows all of them, at the right places.
 *
 * It looks for them another way than the table does, so it also checks the table: BoringSSL's errors name their source file and
 * a reason (`include/openssl/ssl.h`, `err.h`), and only `SSL_write` in `ssl_lib.cc` has the four reasons below. The proposals
 * are made without a disassembler: look at them (`objdump -d --start-address`), above all at short jumps out of the pattern,
 * whose distance should become `??`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { BORINGSSL_PATTERNS } from "../bpf/elf/boringssl_patterns.ts";
import { OpenFile } from "../bpf/elf/file.ts";
import { ElfImage, PF_W, PF_X, PT_LOAD, type Segment } from "../bpf/elf/image.ts";
import { findPatterns, type PatternFunction } from "../bpf/elf/patterns.ts";
import { AARCH64 } from "./tls_patterns/aarch64.ts";
import { type Architecture, Code, isLine } from "./tls_patterns/code.ts";
import { X86_64 } from "./tls_patterns/x86_64.ts";

/** ERR_R_SHOULD_NOT_HAVE_BEEN_CALLED, which functions report that QUIC may not use. */
const NOT_FOR_QUIC = 66;
/** With SSL_R_SSL_HANDSHAKE_FAILURE, SSL_R_UNINITIALIZED and SSL_R_BAD_LENGTH. */
const WRITE_REASONS = [NOT_FOR_QUIC, 215, 226, 111];
/** Lengths of the proposals: enough to tell the function from others. */
const LENGTH: Readonly<Record<PatternFunction, number>> = { SSL_read: 176, SSL_write: 140, SSL_free: 100 };
/** Bytes of `SSL_read` in which it takes what it has read. */
const READ_BODY = 256;

/** Where the functions are, by what they report and call. */
function identify(
  image: ElfImage,
  code: Code,
  constants: readonly Segment[],
  arch: Architecture,
): Map<PatternFunction, number> {
  const found = new Map<PatternFunction, number>();
  const byFunction = new Map<number, number[]>();
  for (const segment of constants) {
    const bytes = image.file.read(segment.offset, segment.size);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = text.indexOf("ssl/ssl_lib.cc\0", 0, "latin1");
    if (end < 0) continue;
    for (const at of arch.references(code, segment.address + text.lastIndexOf(0, end) + 1)) {
      const start = arch.start(code, at);
      if (start === undefined) continue;
      byFunction.set(start, [...byFunction.get(start) ?? [], ...arch.constants(code, at)]);
    }
  }
  for (const [start, reasons] of byFunction) {
    if (WRITE_REASONS.every((reason) => reasons.includes(reason))) found.set("SSL_write", start);
    const lines = reasons.filter(isLine).length;
    const body = code.text.slice(start, start + READ_BODY);
    if (reasons.includes(NOT_FOR_QUIC) && lines <= 1 && body.search(arch.consumes) >= 0) found.set("SSL_read", start);
  }
  const frees = arch.free.flatMap((form) => [...code.text.matchAll(form)]);
  const free = frees.length === 1 ? arch.start(code, frees[0]!.index) : undefined;
  if (free !== undefined) found.set("SSL_free", free);
  return found;
}

/** Prints what is known and what is proposed of a program; true if the table knows it all. */
async function examine(path: string): Promise<boolean> {
  const file = new OpenFile(path);
  try {
    const image = new ElfImage(file);
    const loaded = image.segments.filter(({ type }) => type === PT_LOAD);
    const table = BORINGSSL_PATTERNS.filter(({ machine }) => machine === image.machine);
    const segments = loaded.filter(({ flags }) => (flags & PF_X) !== 0);
    const known = await findPatterns({ segments, read: (at, length) => file.read(at, length) }, table) ?? [];
    const constants = loaded.filter(({ flags }) => (flags & (PF_X | PF_W)) === 0);
    const arch = image.machine === "x86_64" ? X86_64 : AARCH64;
    print(`${path}: ${image.machine}`);
    let complete = true;
    for (const segment of segments) {
      const code = new Code(image, segment, loaded);
      const identified = identify(image, code, constants, arch);
      for (const fn of ["SSL_read", "SSL_write", "SSL_free"] as const) {
        const match = known.find((match) => match.fn === fn);
        const at = identified.get(fn);
        const offset = at === undefined ? undefined : at + segment.offset;
        if (match !== undefined && match.offset === offset) {
          print(`  ${fn} at 0x${offset.toString(16)}, known from ${match.from}`);
          continue;
        }
        complete = false;
        if (match !== undefined) print(`  ${fn} at 0x${match.offset.toString(16)} by the table`);
        if (at === undefined) print(`  ${fn} was not identified`);
        else {
          print(`  ${fn} at 0x${offset!.toString(16)} (address 0x${code.address(at).toString(16)}), proposed:`);
          const digits = arch.pattern(code, at, LENGTH[fn]);
          for (let i = 0; i < digits.length; i += 32) print(`      ${digits.slice(i, i + 32).join(" ")}`);
        }
      }
    }
    return complete;
  } finally {
    file.close();
  }
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  let complete = Deno.args.length > 0;
  for (const path of Deno.args) complete = await examine(path) && complete;
  Deno.exitCode = complete ? 0 : 1;
}
