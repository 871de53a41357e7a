import { describe, expect, it } from "vitest";
import { mayHoldTls, parseMaps } from "../../../sources/ebpf/tls/maps.ts";

const MAPS = `\
55d0c0000000-55d0c0002000 r--p 00000000 fe:00 131 /usr/bin/my program (1)
55d0c0002000-55d0c0003000 r-xp 00002000 fe:00 131 /usr/bin/my program (1)
55d0c0003000-55d0c0004000 r-xp 00003000 fe:00 131 /usr/bin/my program (1)
7f0000000000-7f0000001000 r-xp 00001000 00:2b 77                         /usr/lib/libssl.so.3 (deleted)
7f0000002000-7f0000003000 rwxp 00000000 00:00 0
7f0000004000-7f0000005000 r--p 00000000 fe:00 132                        /usr/lib/locale/C.utf8/LC_CTYPE
7f0000006000-7f0000007000 r-xp 00000000 00:01 9                          /memfd:jit (deleted)
7f0000008000-7f0000009000 r-xp 00000000 fe:00 133                        /tmp/two\\012lines.so
7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
`;

describe("parseMaps", () => {
  it("gives each file that is mapped to be executed once", () => {
    expect(parseMaps(MAPS)).toEqual([
      { range: "55d0c0002000-55d0c0003000", path: "/usr/bin/my program (1)", deleted: false, inode: "131" },
      { range: "7f0000000000-7f0000001000", path: "/usr/lib/libssl.so.3", deleted: true, inode: "77" },
      { range: "7f0000006000-7f0000007000", path: "/memfd:jit", deleted: true, inode: "9" },
      { range: "7f0000008000-7f0000009000", path: "/tmp/two\nlines.so", deleted: false, inode: "133" },
    ]);
  });

  it("takes what is cut or empty", () => {
    expect(parseMaps("")).toEqual([]);
    expect(parseMaps("7f00-7f01 r-xp")).toEqual([]);
    expect(parseMaps("\n\n r-xp / \n")).toEqual([]);
  });
});

describe("mayHoldTls", () => {
  it.each([
    "/usr/lib/x86_64-linux-gnu/libssl.so.3",
    "/opt/conda/lib/libssl.so.1.1",
    "/lib/libssl.so",
    "/venv/psycopg2_binary.libs/libssl-3e69114b.so.1.1.1k",
    "/usr/lib/libgnutls.so.30.34.3",
    "/opt/python/lib/libpython3.13.so.1.0",
    "/opt/python/lib/libpython3.13t.so.1.0",
    "/usr/lib/libnode.so.115",
  ])("is true of %s", (path) => {
    expect(mayHoldTls(path)).toBe(true);
  });

  it.each([
    "/usr/lib/libcrypto.so.3",
    "/usr/lib/libc.so.6",
    "/libssl.so.3/other.so",
    "/usr/lib/libgnutls.a",
    "/bin/openssl",
  ])(
    "is false of %s",
    (path) => {
      expect(mayHoldTls(path)).toBe(false);
    },
  );
});
