import { describe, expect, it } from "vitest";
import { ElfError, OpenFile } from "../../../bpf/elf/file.ts";
import { ElfImage } from "../../../bpf/elf/image.ts";
import { findReturns } from "../../../bpf/elf/returns.ts";
import { library, run } from "./_binaries.ts";

const path = library("libssl.so.3");
const listing = path && run("objdump", ["-d", "--no-show-raw-insn", "-j", ".text", path]);

describe("findReturns", () => {
  it("does not take a byte in the middle of an instruction for a return", () => {
    // mov rbx, rax; mov eax, 0xc3c3c3c3; ret; repz ret; ret 8; int3
    const code = [0x48, 0x89, 0xc3, 0xb8, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xf3, 0xc3, 0xc2, 8, 0, 0xcc];
    expect(findReturns("x86_64", new Uint8Array(code))).toEqual([8, 9, 11]);
  });

  it("refuses code that it cannot decode", () => {
    expect(() => findReturns("x86_64", new Uint8Array([0x90, 0x06, 0xc3]))).toThrow(ElfError);
    expect(() => findReturns("x86_64", new Uint8Array([0xb8, 0xc3]))).toThrow(ElfError); // cut off
    expect(() => findReturns("x86_64", new Uint8Array(1 << 20))).toThrow(ElfError);
  });

  it("finds AArch64's by their words", () => {
    const code = new Uint32Array([0xa9bf7bfd, 0xd65f03c0, 0xd503201f, 0xd65f03c0]);
    expect(findReturns("aarch64", new Uint8Array(code.buffer))).toEqual([4, 12]);
  });

  it.skipIf(!listing)("finds what objdump finds in every function of OpenSSL", () => {
    if (path === undefined || listing === undefined) return;
    const file = new OpenFile(path);
    const image = new ElfImage(file);
    const text = image.section(".text");
    if (text === undefined) throw new Error("no .text");
    const lines = [...listing.matchAll(/^ *([0-9a-f]+):\s+(.*)$/gm)].map(([, at, code]) => ({
      at: parseInt(at ?? "", 16),
      isReturn: /^(?:repz |bnd )?ret\b/.test(code ?? ""),
    }));
    let compared = 0;
    for (let first = 0; first < lines.length; first += 4000) { // in pieces that start and end between instructions
      const start = lines[first]?.at ?? 0;
      const end = lines[first + 4000]?.at ?? text.address + text.size;
      const found = findReturns(image.machine, image.readAt(start, end - start).slice());
      const expected = lines.slice(first, first + 4000).filter((line) => line.isReturn).map((line) => line.at);
      expect(found.map((at) => at + start)).toEqual(expected);
      compared += expected.length;
    }
    file.close();
    expect(compared).toBeGreaterThan(500);
  });
});
