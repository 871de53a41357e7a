/**
 * Lengths of x86-64 instructions in 64-bit mode. Source: Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2, chapter 2 (format, VEX, EVEX) and appendix A (opcode maps).
 *
 * What programs do not use, or processors do not agree on, is refused: privileged moves, XOP, 3DNow!, SSE4a, REX2 and
 * the map of APX.
 *
 * @module
 */

/** What follows an opcode: a ModRM byte, immediate bytes. `Z` is 2 or 4 by operand size, `V` also 8. */
const NONE = 0, MODRM = 1, IMM8 = 2, IMM16 = 4, IMMZ = 8, IMMV = 16, REL32 = 32, OFFSET = 64, REFUSED = 128;
/** Longest instruction that a processor takes. */
const MAX_LENGTH = 15;

/**
 * Rows of 16 opcodes: `m` ModRM, `b` imm8, `M` ModRM and imm8, `z` immZ, `Z` ModRM and immZ, `-` nothing, `x` refused.
 */
const KINDS: Readonly<Record<string, number>> = {
  "-": NONE,
  m: MODRM,
  b: IMM8,
  M: MODRM | IMM8,
  z: IMMZ,
  Z: MODRM | IMMZ,
  v: IMMV,
  w: IMM16,
  e: IMM16 | IMM8, // ENTER
  r: REL32,
  o: OFFSET,
  x: REFUSED,
};

const table = (rows: string): Uint8Array => Uint8Array.from(rows.replace(/\s/g, ""), (kind) => KINDS[kind] ?? REFUSED);

/** Prefixes and escapes stand as refused: they are dealt with before. F6 and F7 have an immediate by their ModRM. */
const ONE_BYTE = table(`
  mmmmbzxxmmmmbzxx mmmmbzxxmmmmbzxx mmmmbzxxmmmmbzxx mmmmbzxxmmmmbzxx
  xxxxxxxxxxxxxxxx ---------------- xxxmxxxxzZbM---- bbbbbbbbbbbbbbbb
  MZxMmmmmmmmmmmmm ----------x----- oooo----bz------ bbbbbbbbvvvvvvvv
  MMw-xxMZe-w--bx- mmmmxxx-mmmmmmmm bbbbbbbbrrxb---- x-xx--mm------mm`);

/** Behind 0F. 38 and 3A are escapes. */
const TWO_BYTES = table(`
  mmmmx-----x-xmxx mmmmmmmmmmmmmmmm xxxxxxxxmmmmmmmm ------x-xxxxxxxx
  mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmmm MMMMmmm-mmxxmmmm
  rrrrrrrrrrrrrrrr mmmmmmmmmmmmmmmm ---mMmxx---mMmmm mmmmmmmmmmMmmmmm
  mmMmMMMm-------- mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmmm`);

/** Length in bytes of the instruction at `at`, or 0 if there is none that is known. */
export function instructionLength(code: Uint8Array, at: number): number {
  let i = at;
  let narrow = false, short = false, rex = 0;
  for (;; i++) {
    const byte = code[i];
    if (byte === 0x66) narrow = true;
    else if (byte === 0x67) short = true;
    else if (byte !== undefined && (byte & 0xf0) === 0x40) {
      rex = byte;
      continue; // of no effect unless the opcode follows
    } else if (!isPrefix(byte)) break;
    rex = 0;
  }
  const opcode = code[i++];
  if (opcode === undefined) return 0;
  const wide = (rex & 8) !== 0;
  let kind: number;
  if (opcode === 0x0f) {
    const second = code[i++];
    if (second === undefined) return 0;
    if (second === 0x38 || second === 0x3a) {
      i++;
      kind = second === 0x38 ? MODRM : MODRM | IMM8;
    } else {
      kind = second === 0x78 && (narrow || code[at] === 0xf2) ? REFUSED : TWO_BYTES[second]!;
    }
  } else if (opcode === 0xc4 || opcode === 0xc5 || opcode === 0x62) {
    const vex = vexKind(code, i, opcode);
    i = vex.next;
    kind = vex.kind;
  } else {
    kind = ONE_BYTE[opcode]!;
    const reg = ((code[i] ?? 0) >>> 3) & 7;
    if (opcode === 0x8f && reg !== 0) kind = REFUSED; // XOP
    if (opcode === 0xf6) kind = reg < 2 ? MODRM | IMM8 : MODRM;
    if (opcode === 0xf7) kind = reg < 2 ? MODRM | IMMZ : MODRM;
  }
  if (kind & REFUSED) return 0;
  if (kind & MODRM) i += modrmLength(code, i);
  if (kind & IMM8) i += 1;
  if (kind & IMM16) i += 2;
  if (kind & IMMZ) i += narrow && !wide ? 2 : 4;
  if (kind & IMMV) i += wide ? 8 : narrow ? 2 : 4;
  if (kind & REL32) i += 4;
  if (kind & OFFSET) i += short ? 4 : 8;
  return i - at <= MAX_LENGTH && i <= code.length ? i - at : 0;
}

/** True of segment overrides, LOCK, REPNE and REP. */
function isPrefix(byte: number | undefined): boolean {
  return byte === 0x26 || byte === 0x2e || byte === 0x36 || byte === 0x3e || byte === 0x64 || byte === 0x65 ||
    byte === 0xf0 || byte === 0xf2 || byte === 0xf3;
}

/** Behind the first byte of a VEX or EVEX prefix: where the opcode ends, and what follows it. */
function vexKind(code: Uint8Array, at: number, first: number): { next: number; kind: number } {
  const next = at + (first === 0xc5 ? 2 : first === 0xc4 ? 3 : 4);
  const second = code[at] ?? 0;
  const map = first === 0xc5 ? 1 : first === 0xc4 ? second & 0x1f : second & 0x0f;
  const opcode = code[next - 1] ?? 0;
  if (map === 1) {
    if (opcode === 0x77 && first !== 0x62) return { next, kind: NONE }; // VZEROUPPER
    const immediate = (opcode >= 0x70 && opcode <= 0x73) || opcode === 0xc2 || (opcode >= 0xc4 && opcode <= 0xc6);
    return { next, kind: immediate ? MODRM | IMM8 : MODRM };
  }
  if (map === 3) return { next, kind: MODRM | IMM8 };
  const plain = map === 2 || (first === 0x62 && (map === 5 || map === 6)); // 5 and 6: AVX512-FP16
  return { next, kind: plain ? MODRM : REFUSED };
}

/** Bytes of ModRM, SIB and displacement. Beyond the end of the code, any. */
function modrmLength(code: Uint8Array, at: number): number {
  const modrm = code[at] ?? 0;
  const mod = modrm >>> 6, rm = modrm & 7;
  if (mod === 3) return 1;
  const sib = rm === 4 ? 1 : 0;
  const base = sib ? (code[at + 1] ?? 0) & 7 : rm;
  if (mod === 0) return 1 + sib + (base === 5 ? 4 : 0);
  return 1 + sib + (mod === 1 ? 1 : 4);
}
