/** A small ELF file with all the tables that are read: symbols, dynamic symbols with a hash table, Go's own. */
import { Buffer } from "node:buffer";
import { PF_W, PF_X, PT_DYNAMIC, PT_LOAD, SHT_DYNSYM, SHT_SYMTAB } from "../../bpf/elf/image.ts";
import { SYM_BYTES } from "../../bpf/elf/symbols.ts";

/** Functions that the file has, besides one of Go. */
export const NAMES = ["SSL_read", "SSL_write_ex"];
export const GO_NAME = "crypto/tls.(*Conn).Read";

/** Numbers one after the other: 1, 2, 4 or 8 bytes each. */
function pack(...fields: readonly (readonly [bytes: 1 | 2 | 4 | 8, value: number])[]): Buffer {
  const out = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 8) out.writeBigUInt64LE(BigInt(value), at);
    else out.writeUIntLE(value, at, bytes);
    at += bytes;
  }
  return out;
}

const words = (bytes: 4 | 8, ...values: number[]) => pack(...values.map((value) => [bytes, value] as const));

interface Part {
  readonly name: string;
  readonly type: number;
  readonly bytes: Buffer;
  readonly link?: number;
  readonly entry?: number;
}

/** The version block of Go, and its table of functions, for Go 1.18 (the address of the code is in the header). */
function goParts(text: number): { info: Buffer; table: Buffer } {
  const info = Buffer.concat([Buffer.from("\xff Go buildinf:\x08\x02", "latin1"), Buffer.alloc(16)]);
  const version = Buffer.from("\x08go1.18.3", "latin1");
  const names = Buffer.from(`\0main.main\0${GO_NAME}\0`);
  const at = 1 + "main.main".length + 1;
  const functions = Buffer.concat([words(4, 0, 32, 32, 40, 48), Buffer.alloc(12), words(4, 0, 1), words(4, 32, at)]);
  const namesAt = 80, after = namesAt + names.length;
  const head = Buffer.concat([
    pack([4, 0xfffffff0], [2, 0], [1, 1], [1, 8]),
    words(8, 2, 0, text, namesAt, after, after, after, after),
    Buffer.alloc(8),
  ]);
  return { info: Buffer.concat([info, version]), table: Buffer.concat([head, names, functions]) };
}

const SECTIONS = [
  ".shstrtab",
  ".text",
  ".strtab",
  ".symtab",
  ".hash",
  ".dynamic",
  ".dynsym",
  ".gopclntab",
  ".go.buildinfo",
];

/** Makes the file. It is mapped at its own offsets. */
export function elfFile(): Uint8Array {
  const names = Buffer.from(`\0${SECTIONS.join("\0")}\0`);
  // The section headers come before the sections: a change moves what is behind it.
  const tableAt = 64 + 3 * 56, namesAt = tableAt + (SECTIONS.length + 1) * 64, text = namesAt + names.length;
  const code = Buffer.alloc(64, 0x90);
  code[31] = code[63] = 0xc3;
  const strings = Buffer.from(`\0${NAMES.join("\0")}\0_ZN3foo3barE\0`);
  const symbols = Buffer.concat([
    Buffer.alloc(SYM_BYTES),
    ...NAMES.map((name, k) => pack([4, strings.indexOf(name)], [1, 0x12], [1, 0], [2, 1], [8, text + k * 32], [8, 32])),
  ]);
  const go = goParts(text);
  const stringsAt = text + code.length, symbolsAt = stringsAt + strings.length, hashAt = symbolsAt + symbols.length;
  const hash = words(4, 1, 3, 1, 0, 2, 0); // one bucket with a chain through both
  const tags = words(8, 5, stringsAt, 6, symbolsAt, 4, hashAt, 0, 0);
  const parts: Part[] = [
    { name: ".shstrtab", type: 3, bytes: names },
    { name: ".text", type: 1, bytes: code },
    { name: ".strtab", type: 3, bytes: strings },
    { name: ".symtab", type: SHT_SYMTAB, bytes: symbols, link: 3, entry: SYM_BYTES },
    { name: ".hash", type: 5, bytes: hash },
    { name: ".dynamic", type: 6, bytes: tags },
    { name: ".dynsym", type: SHT_DYNSYM, bytes: symbols, link: 3, entry: SYM_BYTES },
    { name: ".gopclntab", type: 1, bytes: go.table },
    { name: ".go.buildinfo", type: 1, bytes: go.info },
  ];
  let at = namesAt;
  const bodies: Buffer[] = [], sections: Buffer[] = [Buffer.alloc(64)];
  for (const { name, type, bytes, link = 0, entry = 0 } of parts) {
    if (name === ".go.buildinfo") {
      bodies.push(Buffer.alloc(-at & 15));
      at += -at & 15;
    }
    sections.push(Buffer.concat([
      words(4, names.indexOf(`\0${name}\0`) + 1, type),
      words(8, 0, at, at, bytes.length),
      words(4, link, 0),
      words(8, 1, entry),
    ]));
    bodies.push(bytes);
    at += bytes.length;
  }
  const dynamic = hashAt + hash.length;
  const segment = (type: number, flags: number, offset: number, size: number) =>
    Buffer.concat([words(4, type, flags), words(8, offset, offset, offset, size, size, 1)]);
  const head = Buffer.concat([
    Buffer.from("\x7fELF\x02\x01\x01".padEnd(16, "\0"), "latin1"),
    pack([2, 3], [2, 62], [4, 1], [8, text], [8, 64], [8, tableAt], [4, 0], [2, 64], [2, 56], [2, 3], [2, 64]),
    pack([2, sections.length], [2, 1]),
  ]);
  const load = segment(PT_LOAD, PF_X | 4, 0, at), data = segment(PT_LOAD, PF_W | 4, 0, at);
  return Buffer.concat([head, load, data, segment(PT_DYNAMIC, 6, dynamic, tags.length), ...sections, ...bodies]);
}
