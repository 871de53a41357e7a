/**
 * Decodes header blocks (RFC 7541).
 *
 * @module
 */
import { DynamicTable, ENTRY_BYTES } from "./dynamic_table.ts";
import { type Field, FIRST_DYNAMIC, STATIC_TABLE } from "./static_table.ts";
import { readString } from "./strings.ts";

/** Bounds of {@linkcode HpackDecoder}. */
export interface HpackLimits {
  /** Fields of a block; more are left out. */
  readonly maxFields: number;
  /** Bytes of a block's fields: names, values and 32 for each field; more are left out. */
  readonly maxBytes: number;
  /** Bytes of the dynamic table. */
  readonly maxTable: number;
}

/** What is wrong with a block. */
export type HpackProblem = "bad_hpack" | "too_many_headers" | "header_block_too_large";

/** Integers beyond this make no sense; the RFC lets a decoder set a limit. */
const MAX_INTEGER = 1 << 28;

/**
 * The decoder of one direction. Starts out not knowing the dynamic table, as if the connection had begun before.
 *
 * What cannot be decoded is left out. After an error that makes the table doubtful the table counts as unknown, and the
 * next blocks are decoded as far as they do not refer to it.
 */
export class HpackDecoder {
  /** False if fields of the last block were left out. */
  complete = true;
  /** What was wrong with the last block. Referring to what came before capture is nothing wrong. */
  problem: HpackProblem | undefined;

  readonly #limits: HpackLimits;
  readonly #table: DynamicTable;
  /** Largest size that the receiver has allowed, and the sender has not acknowledged. */
  #offered = -1;
  #buffer: Uint8Array = EMPTY;
  #at = 0;
  #end = 0;
  #fields: Field[] = [];
  /** Bytes that may be added to the fields. */
  #room = 0;
  /** The literal is cut short or no integer. */
  #broken = false;
  /** The block refers to entries that there cannot be. */
  #doubtful = false;

  /** See {@linkcode HpackLimits}. */
  constructor(limits: HpackLimits) {
    this.#limits = limits;
    this.#table = new DynamicTable(limits.maxTable);
  }

  /** The connection begins here. */
  begin(): void {
    this.#table.begin();
  }

  /** Header blocks may have been missed. */
  forget(): void {
    this.#table.forget();
  }

  /** The receiver allows the sender a table of so many bytes. */
  offer(bytes: number): void {
    this.#offered = Math.max(this.#offered, bytes);
  }

  /** The sender acknowledges what the receiver has allowed. */
  acknowledge(): void {
    if (this.#offered >= 0) this.#table.bound(this.#offered);
    this.#offered = -1;
  }

  /** Decodes a block. `cut`: its end is missing, so what it does to the table is not known. */
  decode(buffer: Uint8Array, start: number, end: number, cut: boolean): Field[] {
    const fields: Field[] = this.#fields = [];
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
    this.#room = this.#limits.maxBytes;
    this.complete = !cut;
    this.problem = undefined;
    this.#broken = this.#doubtful = false;
    while (this.#at < end && !this.#broken) this.#next();
    if (this.#broken && !cut) this.#wrong("bad_hpack");
    if (cut || this.#broken || this.#doubtful) this.#table.forget();
    this.#buffer = EMPTY;
    this.#fields = [];
    return fields;
  }

  /** One representation (RFC 7541 section 6). */
  #next(): void {
    const byte = this.#buffer[this.#at++]!;
    if (byte >= 0x80) this.#indexed(this.#integer(byte & 0x7f, 0x7f));
    else if (byte >= 0x40) this.#literal(this.#integer(byte & 0x3f, 0x3f), true);
    else if (byte < 0x20) this.#literal(this.#integer(byte & 0x0f, 0x0f), false);
    else {
      const size = this.#integer(byte & 0x1f, 0x1f);
      if (!this.#broken) this.#table.resize(size);
    }
  }

  #indexed(index: number): void {
    if (this.#broken) return;
    const field = this.#lookUp(index);
    if (field === undefined) this.complete = false;
    else this.#tell(field);
  }

  #literal(index: number, add: boolean): void {
    if (this.#broken) return;
    const name = index === 0 ? this.#string() : this.#lookUp(index)?.[0];
    if (this.#broken) return;
    const value = this.#string();
    if (this.#broken) return;
    const field: Field | undefined = name === undefined || value === undefined ? undefined : [name, value];
    if (add) this.#table.add(field, ENTRY_BYTES + (name?.length ?? 0) + (value?.length ?? 0));
    if (field === undefined) this.complete = false;
    else this.#tell(field);
  }

  #lookUp(index: number): Field | undefined {
    if (index < FIRST_DYNAMIC && index > 0) return STATIC_TABLE[index - 1];
    const table = this.#table, age = index - FIRST_DYNAMIC;
    if (index > 0 && (age < table.length || !table.whole)) return table.get(age);
    // The sender's table is another one than this.
    this.#doubtful = true;
    this.#wrong("bad_hpack");
    return undefined;
  }

  #tell(field: Field): void {
    this.#room -= field[0].length + field[1].length + ENTRY_BYTES;
    if (this.#fields.length >= this.#limits.maxFields) this.#wrong("too_many_headers");
    else if (this.#room < 0) this.#wrong("header_block_too_large");
    else this.#fields.push(field);
  }

  #wrong(problem: HpackProblem): void {
    this.complete = false;
    if (this.problem !== "bad_hpack") this.problem = problem;
  }

  /** RFC 7541 section 5.1. `mask` is all of the prefix, `prefix` its value. */
  #integer(prefix: number, mask: number): number {
    if (prefix < mask) return prefix;
    let value = mask;
    for (let shift = 0; this.#at < this.#end && shift <= 28; shift += 7) {
      const byte = this.#buffer[this.#at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value <= MAX_INTEGER) return value;
        break;
      }
    }
    this.#broken = true;
    return 0;
  }

  /** RFC 7541 section 5.2. undefined: broken, or not in the Huffman code. */
  #string(): string | undefined {
    if (this.#at >= this.#end) {
      this.#broken = true;
      return undefined;
    }
    const byte = this.#buffer[this.#at++]!;
    const length = this.#integer(byte & 0x7f, 0x7f);
    const start = this.#at;
    if (length > this.#end - start) this.#broken = true;
    if (this.#broken) return undefined;
    this.#at = start + length;
    const string = readString(this.#buffer, start, start + length, byte >= 0x80);
    if (string === undefined) this.#wrong("bad_hpack");
    return string;
  }
}

const EMPTY = new Uint8Array(0);
