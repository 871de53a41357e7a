/** A plain HPACK encoder without Huffman code, which keeps track of what one who joined late can know. */
import { STATIC_TABLE } from "../../../protocols/http2/hpack/static_table.ts";
import { concat } from "./_bytes.ts";

/** Add a field, or tell one without adding it; tell one from the tables; set the table's size. */
export type Step =
  | { readonly name: string; readonly value: string; readonly how: string; readonly byName: boolean }
  | { readonly pick: number }
  | { readonly size: number };

interface Entry {
  readonly field: readonly [string, string];
  /** Whether someone who joined late knows it. */
  readonly known: boolean;
}

/** Encodes. */
export class SimpleEncoder {
  #table: Entry[] = [];
  #max = 4096;

  /** `seen`: the late one sees this block. Size updates stand at the block's start. */
  encode(steps: readonly Step[], seen: boolean): { readonly block: Uint8Array; readonly fields: readonly Entry[] } {
    const pieces: Uint8Array[] = [], fields: Entry[] = [];
    for (const step of steps) {
      if (!("size" in step)) continue;
      this.#max = step.size;
      this.#evict();
      pieces.push(integer(0x20, 0x1f, step.size));
    }
    for (const step of steps) {
      if ("pick" in step) {
        const all: readonly Entry[] = [...STATIC_TABLE.map((field) => ({ field, known: true })), ...this.#table];
        const index = step.pick % all.length;
        pieces.push(integer(0x80, 0x7f, index + 1));
        fields.push(all[index]!);
      } else if ("name" in step) {
        const { name, value, byName } = step, add = step.how === "add";
        const names = [...STATIC_TABLE.map(([name]) => ({ name, known: true })), ...this.#table.map(nameOf)];
        const index = byName ? names.findLastIndex((entry) => entry.name === name) + 1 : 0;
        const entry = { field: [name, value] as const, known: seen && (index === 0 || names[index - 1]!.known) };
        pieces.push(integer(add ? 0x40 : 0, add ? 0x3f : 0x0f, index), index === 0 ? string(name) : new Uint8Array());
        pieces.push(string(value));
        fields.push(entry);
        if (!add) continue;
        this.#table.unshift(entry);
        this.#evict();
      }
    }
    return { block: concat(...pieces), fields };
  }

  #evict(): void {
    const size = ({ field: [name, value] }: Entry) => name.length + value.length + 32;
    while (this.#table.reduce((sum, entry) => sum + size(entry), 0) > this.#max) this.#table.pop();
  }
}

function nameOf({ field: [name], known }: Entry): { readonly name: string; readonly known: boolean } {
  return { name, known };
}

function integer(first: number, mask: number, value: number): Uint8Array {
  if (value < mask) return Uint8Array.of(first | value);
  const bytes = [first | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 | 128);
  return Uint8Array.from([...bytes, rest]);
}

function string(text: string): Uint8Array {
  return concat(integer(0, 0x7f, text.length), Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}
