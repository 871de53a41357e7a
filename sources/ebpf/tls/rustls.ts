/**
 * rustls in programs that kept their symbols: the reader and writer of plaintext of a connection.
 *
 * @module
 */
import type { ElfImage } from "../../../bpf/elf/image.ts";
import type { Pace } from "../../../bpf/elf/pace.ts";
import { type ElfSymbol, findMatching } from "../../../bpf/elf/symbols.ts";
import type { Examined } from "./examined.ts";
import type { Probe, ProbeProgram } from "./types.ts";

/**
 * `<rustls::conn::connection::Writer as std::io::Write>::write` (0.22 and later; before it `rustls::conn::Writer`) as
 * Rust mangles it: legacy (`_ZN…17h<hash>E`), and v0 (RFC 2603) with its crate hashes and back references.
 */
const LEGACY =
  /^_ZN\d+_\$LT\$rustls\.\.conn\.\.(?:connection\.\.)?(Writer|Reader)\$u20\$as\$u20\$std\.\.io\.\.(Write|Read)\$GT\$\d(write|read)17h[0-9a-f]{16}E(?:\.llvm\.\d+)?$/;
const V0 =
  /^_RNvX(?:s[0-9A-Za-z]*_)?(?:Nt)+Cs[0-9A-Za-z]+_6rustls4conn(?:10connection)?NtB[0-9A-Za-z]*_6(Writer|Reader)NtNtCs[0-9A-Za-z]+_3std2io\d(Write|Read)\d(write|read)(?:\.llvm\.\d+)?$/;
/** What a name of both kinds has. */
const FRAGMENTS = ["rustls..conn..", "6rustls4conn"];

/** Examines a file; undefined unless both functions are found. */
export async function examineRustls(image: ElfImage, pace: Pace): Promise<Examined | undefined> {
  const table = image.section(".symtab");
  if (table === undefined) return undefined;
  const symbols = await findMatching(image, table, FRAGMENTS, rustlsName, pace);
  const write = pair(image, symbols, "Writer.write", "rustls_write_enter", "rustls_write_exit");
  const read = pair(image, symbols, "Reader.read", "rustls_read_enter", "rustls_read_exit");
  if (write === undefined || read === undefined) return undefined;
  return { tls: { library: "rustls", version: undefined, probes: [...write, ...read] } };
}

/** `Writer.write` or `Reader.read` for their mangled names, undefined for all other names. */
export function rustlsName(mangled: string): string | undefined {
  const [, type, trait, method] = LEGACY.exec(mangled) ?? V0.exec(mangled) ?? [];
  if (type === "Writer" && trait === "Write" && method === "write") return "Writer.write";
  if (type === "Reader" && trait === "Read" && method === "read") return "Reader.read";
  return undefined;
}

function pair(
  image: ElfImage,
  symbols: ReadonlyMap<string, ElfSymbol>,
  name: string,
  enter: ProbeProgram,
  exit: ProbeProgram,
): Probe[] | undefined {
  const address = symbols.get(name)?.address;
  const offset = address === undefined ? undefined : image.codeOffsetOf(address);
  return offset === undefined
    ? undefined
    : [{ program: enter, onReturn: false, offset }, { program: exit, onReturn: true, offset }];
}
