/**
 * Pointers in a program's data as they will be when it runs, but for where it is loaded.
 *
 * @module
 */
import { type ElfImage, u64, view } from "../image.ts";
import type { Pace } from "../pace.ts";

/** `R_X86_64_RELATIVE`, `R_AARCH64_RELATIVE`. */
const RELATIVE = { x86_64: 8, aarch64: 1027 };
const RELA_BYTES = 24;
const STEP = 1 << 14;
/** Most relocations that are read. */
const MAX_RELOCATIONS = 8 << 20;

/**
 * The pointers at those addresses: from the file or, where it has 0 there, from the relocation. Those without a value
 * are left out.
 */
export async function pointersAt(image: ElfImage, addresses: readonly number[], pace: Pace): Promise<number[]> {
  const values: number[] = [];
  const open = new Set<number>();
  for (const address of addresses) {
    const bytes = view(image.readAt(address, 8));
    const value = bytes.byteLength === 8 ? u64(bytes, 0) : NaN;
    if (value > 0) values.push(value);
    else if (value === 0) open.add(address);
  }
  const relocations = image.section(".rela.dyn") ?? image.section(".rela");
  if (open.size === 0 || relocations === undefined) return values;
  const count = Math.min(Math.floor(relocations.size / RELA_BYTES), MAX_RELOCATIONS);
  for (let first = 0; first < count && open.size > 0; first += STEP) {
    const rows = view(
      image.file.read(relocations.offset + first * RELA_BYTES, Math.min(STEP, count - first) * RELA_BYTES),
    );
    for (let at = 0; at + RELA_BYTES <= rows.byteLength; at += RELA_BYTES) {
      const address = u64(rows, at);
      if (!open.has(address) || rows.getUint32(at + 8, true) !== RELATIVE[image.machine]) continue;
      open.delete(address);
      values.push(u64(rows, at + 16));
    }
    await pace.rest();
  }
  return values;
}
