/**
 * What TLS code a file holds.
 *
 * @module
 */
import { DynamicSymbols } from "../../../bpf/elf/dynamic.ts";
import type { ByteFile } from "../../../bpf/elf/file.ts";
import { ElfImage } from "../../../bpf/elf/image.ts";
import type { Pace } from "../../../bpf/elf/pace.ts";
import { type ElfSymbol, findNamed } from "../../../bpf/elf/symbols.ts";
import { findText, highestText } from "../../../bpf/elf/text.ts";
import { examineStripped } from "./boringssl.ts";
import type { Examined } from "./examined.ts";
import { GNUTLS, namesOf, OPENSSL, probesOf } from "./functions.ts";
import { examineGo } from "./golang.ts";
import { examineRustls } from "./rustls.ts";
import type { TlsImage } from "./types.ts";

/** Found in BoringSSL and its kin, and not in OpenSSL. */
const BORINGSSL_ONLY = "SSL_CTX_set_custom_verify";

/**
 * Looks for TLS code, what is quickly found first. A version that takes a search is left to {@linkcode findVersion}.
 * Throws {@linkcode ElfError} if the file is no ELF file or is broken.
 */
export async function examine(file: ByteFile, pace: Pace): Promise<Examined> {
  const image = new ElfImage(file);
  const dynamic = new DynamicSymbols(image);
  const exported = known(image, (name) => dynamic.find(name));
  if (exported !== undefined) return { tls: exported };
  const go = await examineGo(image, pace);
  if (go !== undefined) return go;
  const linked = await inSymtab(image, pace);
  if (linked !== undefined) return { tls: linked };
  return await examineRustls(image, pace) ?? await examineStripped(image, pace) ?? { tls: undefined };
}

/** The version of a library that {@linkcode examine} found in the file, as far as the file tells. */
export async function findVersion(file: ByteFile, tls: TlsImage, pace: Pace): Promise<string | undefined> {
  if (tls.version !== undefined) return tls.version;
  const image = new ElfImage(file);
  if (tls.library === "openssl") return await opensslVersion(image, pace);
  if (tls.library !== "gnutls") return undefined;
  return orLater(await highestText(image, ".dynstr", "GNUTLS_3_", /^GNUTLS_(3(?:_\d+)+)\0/, pace));
}

/** Programs that were linked with the library and not stripped have its functions in `.symtab`. */
async function inSymtab(image: ElfImage, pace: Pace): Promise<TlsImage | undefined> {
  const table = image.section(".symtab");
  if (table === undefined) return undefined;
  const names = [...namesOf(OPENSSL), ...namesOf(GNUTLS), BORINGSSL_ONLY];
  const symbols = await findNamed(image, table, names, pace);
  return known(image, (name) => symbols.get(name));
}

function known(image: ElfImage, find: (name: string) => ElfSymbol | undefined): TlsImage | undefined {
  const openssl = probesOf(image, OPENSSL, find);
  if (openssl !== undefined) {
    const library = find(BORINGSSL_ONLY) === undefined ? "openssl" : "boringssl";
    return { library, version: undefined, probes: openssl };
  }
  const gnutls = probesOf(image, GNUTLS, find);
  return gnutls && { library: "gnutls", version: undefined, probes: gnutls };
}

/** A program has it in a text; the shared library has only the versions in which its functions came. */
async function opensslVersion(image: ElfImage, pace: Pace): Promise<string | undefined> {
  return await findText(image, ".rodata", "OpenSSL ", /^OpenSSL (\d+\.\d+\.\d+[a-z]*)[ +-]/, pace) ??
    orLater(await highestText(image, ".dynstr", "OPENSSL_", /^OPENSSL_(\d(?:[._]\d+)+[a-z]?)\0/, pace));
}

const orLater = (version: string | undefined): string | undefined =>
  version === undefined ? undefined : `${version.replaceAll("_", ".")} or later`;
