import { describe, expect, it } from "vitest";
import { instructionLength } from "../../../bpf/elf/x86.ts";
import { library, program, run } from "./_binaries.ts";

/** Bytes in hexadecimal, one instruction. */
const length = (text: string): number => {
  const bytes = Uint8Array.from(text.split(" "), (byte) => parseInt(byte, 16));
  const code = new Uint8Array(bytes.length + 16); // a wrong length shall not be hidden by the end
  code.set(bytes);
  return instructionLength(code, 0);
};

describe("instructionLength", () => {
  it.each([
    ["c3", "ret"],
    ["48 89 c3", "mov %rax,%rbx"],
    ["64 48 8b 04 25 28 00 00 00", "mov %fs:0x28,%rax"],
    ["66 b8 c3 c3", "mov $0xc3c3,%ax"],
    ["48 b8 c3 c3 c3 c3 c3 c3 c3 c3", "movabs $…,%rax"],
    ["66 2e 0f 1f 84 00 00 00 00 00", "cs nopw 0x0(%rax,%rax,1)"],
    ["f6 05 00 00 00 00 01", "testb $1,0(%rip)"],
    ["f6 d8", "neg %al"],
    ["f7 c7 00 01 00 00", "test $0x100,%edi"],
    ["66 f7 c7 00 01", "test $0x100,%di"],
    ["f7 d8", "neg %eax"],
    ["c5 f8 77", "vzeroupper"],
    ["c5 f9 70 c0 4e", "vpshufd $0x4e,%xmm0,%xmm0"],
    ["c4 e3 7d 39 c1 01", "vextracti128 $1,%ymm0,%xmm1"],
    ["62 f1 fe 48 6f 06", "vmovdqu64 (%rsi),%zmm0"],
    ["66 0f 3a 0f c1 08", "palignr $8,%xmm1,%xmm0"],
    ["f3 0f b8 c1", "popcnt %ecx,%eax"],
    ["a0 00 00 00 00 00 00 00 00", "movabs 0x0,%al"],
    ["c8 10 00 00", "enter $0x10,$0"],
    ["8d 04 24", "lea (%rsp),%eax"],
    ["8d 04 25 00 00 00 00", "lea 0x0,%eax"],
  ])("is right for %s (%s)", (text) => {
    expect(length(text)).toBe(text.split(" ").length);
  });

  it.each(["06", "62 f4 7c 48 00 c0", "8f e8 78 c2 ec 0e", "d5 00 90", "0f 0f 54 1a f2 b7", "f2 0f 78 c0 01 02"])(
    "refuses %s",
    (text) => {
      expect(length(text)).toBe(0);
    },
  );

  it("refuses what is cut off or longer than a processor takes", () => {
    expect(instructionLength(new Uint8Array([0xe8, 0, 0, 0]), 0)).toBe(0);
    expect(instructionLength(new Uint8Array(0), 0)).toBe(0);
    expect(instructionLength(new Uint8Array(64).fill(0x66), 0)).toBe(0);
  });

  // No data and no XOP stands among the code of these, as it does in libcrypto's
  for (const path of [library("libssl.so.3"), library("libc.so.6"), program("bash"), program("gofmt")]) {
    const listing = path === undefined ? undefined : run("objdump", ["-d", "-w", "-j", ".text", path]);
    it.skipIf(!listing || !listing.includes("x86-64"))(`agrees with objdump on every instruction of ${path}`, () => {
      let instructions = 0;
      const wrong: string[] = [];
      for (const [line, hex, text] of (listing ?? "").matchAll(/^ +[0-9a-f]+:\t([0-9a-f ]+)\t(.*)$/gm)) {
        if (hex === undefined || text?.startsWith("(bad)")) continue;
        instructions++;
        if (length(hex.trim()) !== hex.trim().split(" ").length) wrong.push(line);
      }
      expect(wrong).toEqual([]);
      expect(instructions).toBeGreaterThan(10_000);
    });
  }
});
