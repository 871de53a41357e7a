import { describe, expect, it } from "vitest";
import { DynamicSymbols } from "../../../bpf/elf/dynamic.ts";
import { OpenFile } from "../../../bpf/elf/file.ts";
import { ElfImage } from "../../../bpf/elf/image.ts";
import { Pace } from "../../../bpf/elf/pace.ts";
import { findNamed } from "../../../bpf/elf/symbols.ts";
import { exportsOf, library, program } from "./_binaries.ts";

const files = [library("libssl.so.3"), library("libgnutls.so.30"), library("libc.so.6"), program("node")];

describe("symbols", () => {
  for (const path of files) {
    const expected = path === undefined ? undefined : exportsOf(path);
    it.skipIf(!expected || expected.size === 0)(`finds in ${path ?? "a library"} what nm finds`, async () => {
      if (path === undefined || expected === undefined) return;
      const file = new OpenFile(path);
      try {
        const image = new ElfImage(file);
        const dynamic = new DynamicSymbols(image);
        const names = [...expected.keys()];
        const sample = names.filter((_, i) => i % Math.ceil(names.length / 500) === 0);
        for (const name of sample) expect([name, dynamic.find(name)?.address]).toEqual([name, expected.get(name)]);
        expect(dynamic.find("mcpsonde_is_not_there")).toBe(undefined);

        const table = image.section(".dynsym");
        if (table === undefined) throw new Error("no .dynsym");
        const few = sample.slice(0, 20);
        const found = await findNamed(image, table, few, new Pace());
        expect(few.map((name) => found.get(name)?.address)).toEqual(few.map((name) => expected.get(name)));
      } finally {
        file.close();
      }
    });
  }
});
