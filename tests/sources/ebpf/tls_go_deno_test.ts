import { describe, expect, it } from "vitest";
import { OpenFile } from "../../../bpf/elf/file.ts";
import { ElfImage } from "../../../bpf/elf/image.ts";
import { Pace } from "../../../bpf/elf/pace.ts";
import { examine } from "../../../sources/ebpf/tls/examine.ts";
import type { TlsImage } from "../../../sources/ebpf/tls/mod.ts";
import { program, run } from "../../bpf/elf/_binaries.ts";

const MAIN = `package main

import (
	"crypto/tls"
	"os"
)

func main() {
	conn, err := tls.Dial("tcp", os.Args[1], nil)
	if err != nil {
		panic(err)
	}
	conn.Write([]byte("hello"))
	conn.Read(make([]byte, 16))
	conn.Close()
}
`;

const VARIANTS: readonly (readonly [name: string, args: readonly string[], cgo: boolean])[] = [
  ["with symbols", [], false],
  ["stripped", ["-ldflags=-s -w"], false],
  ["stripped, position-independent", ["-buildmode=pie", "-ldflags=-s -w"], false],
  ["stripped, linked by the C linker", ["-ldflags=-s -w -linkmode=external"], true],
  ["stripped, position-independent, by the C linker", ["-buildmode=pie", "-ldflags=-s -w -linkmode=external"], true],
];

const hasGo = program("go") !== undefined;

/** Builds the program twice, the second time with symbols; undefined if this machine cannot. */
function build(folder: string, args: readonly string[], cgo: boolean): { path: string; named: string } | undefined {
  Deno.writeTextFileSync(`${folder}/main.go`, MAIN);
  Deno.writeTextFileSync(`${folder}/go.mod`, "module hello\ngo 1.21\n");
  const env = `CGO_ENABLED=${cgo ? 1 : 0}`;
  const named = args.map((arg) => arg.replace("-s -w", ""));
  const built = run("env", [env, "go", "build", ...args, "-o", "hello", "."], folder) !== undefined &&
    run("env", [env, "go", "build", ...named, "-o", "named", "."], folder) !== undefined;
  return built ? { path: `${folder}/hello`, named: `${folder}/named` } : undefined;
}

async function look(path: string): Promise<TlsImage | undefined> {
  const file = new OpenFile(path);
  try {
    return (await examine(file, new Pace())).tls;
  } finally {
    file.close();
  }
}

/** File offsets of a function's start, its first push and its returns as Go's own disassembler has them. */
function disassembled(
  path: string,
  name: string,
): { start: number | undefined; push: number | undefined; returns: number[] } {
  const listing = run("go", ["tool", "objdump", "-s", `^${name.replace(/[()*.]/g, "\\$&")}$`, path]) ?? "";
  const file = new OpenFile(path);
  const image = new ElfImage(file);
  const lines = [...listing.matchAll(/^\s+\S+:\d+\s+0x([0-9a-f]+)\s+[0-9a-f]+\s+(\S+)/gm)];
  const offsets = lines.map(([, address]) => image.codeOffsetOf(parseInt(address ?? "", 16)) ?? NaN);
  file.close();
  const push = offsets[lines.findIndex(([, , instruction]) => instruction === "PUSHQ")];
  return { start: offsets[0], push, returns: offsets.filter((_, i) => lines[i]?.[2] === "RET") };
}

describe("crypto/tls of Go programs", () => {
  for (const [name, args, cgo] of VARIANTS) {
    it.skipIf(!hasGo)(`is found in one built ${name}`, async () => {
      const folder = Deno.makeTempDirSync({ prefix: "mcpsonde_go_" });
      try {
        const built = build(folder, args, cgo);
        if (built === undefined) return expect(cgo).toBe(true); // there may be no C compiler
        const tls = await look(built.path);
        expect(tls?.library).toBe("go");
        expect(tls?.version).toMatch(/^go1\.\d+/);
        const offsets = (program: string): number[] =>
          tls?.probes.filter((p) => p.program === program).map((p) => p.offset) ?? [];
        expect(tls?.probes.every((probe) => !probe.onReturn)).toBe(true);
        if (built.path.length > 0 && !args.includes("-buildmode=pie") && !cgo) { // the code is the same with symbols
          const start = Deno.build.arch === "x86_64" ? "push" : "start";
          const write = disassembled(built.named, "crypto/tls.(*Conn).Write");
          expect(offsets("go_write")).toEqual([write[start]]);
          const read = disassembled(built.named, "crypto/tls.(*Conn).Read");
          expect(offsets("go_read_enter")).toEqual([read[start]]);
          expect(offsets("go_read_exit")).toEqual(read.returns);
          expect(offsets("go_close")).toEqual([disassembled(built.named, "crypto/tls.(*Conn).Close").start]);
        } else { // it may be elsewhere, but has as many returns
          const other = await look(built.named);
          const count = (image: TlsImage | undefined): Record<string, number> =>
            Object.fromEntries(
              Object.entries(Object.groupBy(image?.probes ?? [], (p) => p.program)).map((
                [k, v],
              ) => [k, v?.length ?? 0]),
            );
          expect(count(tls)).toEqual(count(other));
          expect(offsets("go_close").length).toBe(1);
        }
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    });
  }

  it.skipIf(!hasGo)("is found in the go command itself", async () => {
    const tls = await look(program("go") ?? "");
    expect(tls?.library).toBe("go");
  });
});
