import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OpenFile } from "../../../bpf/elf/file.ts";
import { ElfImage } from "../../../bpf/elf/image.ts";
import { Pace } from "../../../bpf/elf/pace.ts";
import { examine, findVersion } from "../../../sources/ebpf/tls/examine.ts";
import type { Examined } from "../../../sources/ebpf/tls/examined.ts";
import { exportsOf, library, program } from "../../bpf/elf/_binaries.ts";

async function look(path: string): Promise<Examined> {
  const file = new OpenFile(path);
  try {
    const found = await examine(file, new Pace());
    return found.tls === undefined
      ? found
      : { tls: { ...found.tls, version: await findVersion(file, found.tls, new Pace()) } };
  } finally {
    file.close();
  }
}

/** The probes as `program@function`, with `!` for those at the return. */
async function probesByName(path: string): Promise<string[]> {
  const exported = exportsOf(path) ?? new Map<string, number>();
  const file = new OpenFile(path);
  const image = new ElfImage(file);
  const names = new Map(
    [...exported].filter(([name]) => /^(SSL|gnutls)_/.test(name)).map(([n, a]) => [image.codeOffsetOf(a), n]),
  );
  file.close();
  const { tls } = await look(path);
  return (tls?.probes ?? []).map((p) => `${p.program}@${names.get(p.offset)}${p.onReturn ? "!" : ""}`);
}

const OPENSSL_3 = [
  "ssl_write_enter@SSL_write",
  "ssl_write_exit@SSL_write!",
  "ssl_read_enter@SSL_read",
  "ssl_read_exit@SSL_read!",
  "ssl_write_ex_enter@SSL_write_ex",
  "ssl_write_ex_exit@SSL_write_ex!",
  "ssl_read_ex_enter@SSL_read_ex",
  "ssl_read_ex_exit@SSL_read_ex!",
  "ssl_free@SSL_free",
  "ssl_set_fd@SSL_set_fd",
  "ssl_handshake@SSL_do_handshake",
  "ssl_set_fd@SSL_set_rfd",
];

const GNUTLS_3 = [
  "ssl_write_enter@gnutls_record_send",
  "ssl_write_exit@gnutls_record_send!",
  "ssl_read_enter@gnutls_record_recv",
  "ssl_read_exit@gnutls_record_recv!",
  "ssl_free@gnutls_deinit",
  "ssl_set_fd@gnutls_transport_set_int2",
];

const openssl = library("libssl.so.3"), gnutls = library("libgnutls.so.30"), node = program("node");
const hasNm = program("nm") !== undefined;

describe("examine", () => {
  it.skipIf(!openssl || !hasNm)("finds OpenSSL in the shared library", async () => {
    expect(await probesByName(openssl ?? "")).toEqual(OPENSSL_3);
    expect((await look(openssl ?? "")).tls).toMatchObject({
      library: "openssl",
      version: expect.stringMatching(/^3\.\d+\.\d+ or later$/),
    });
  });

  it.skipIf(!gnutls || !hasNm)("finds GnuTLS", async () => {
    expect(await probesByName(gnutls ?? "")).toEqual(GNUTLS_3);
    expect((await look(gnutls ?? "")).tls).toMatchObject({
      library: "gnutls",
      version: expect.stringMatching(/^3\.\d+\.\d+ or later$/),
    });
  });

  it.skipIf(!node || !hasNm)("finds OpenSSL in Node, or leaves it to Node's own library", async () => {
    const { tls } = await look(node ?? "");
    if (tls === undefined) return; // a distribution's, linked with libssl
    expect(await probesByName(node ?? "")).toEqual(OPENSSL_3);
    expect(tls.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(["/bin/sh", "/usr/bin/env", program("deno") ?? "/bin/true", library("libc.so.6") ?? "/bin/cat"])(
    "finds nothing in %s",
    async (path) => {
      if (existsSync(path)) expect(await look(path)).toEqual({ tls: undefined });
    },
  );
});
