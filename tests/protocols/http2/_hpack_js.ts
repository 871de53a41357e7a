/** The npm package `hpack.js`, which has no types, as an oracle. */
import hpackJs from "hpack.js";

/** What `hpack.js` may be told of a field. */
export interface EncodedField {
  readonly name: string;
  readonly value: string;
  /** Default true. */
  readonly huffman?: boolean;
  /** Whether to add it to the dynamic table. Default true. */
  readonly incremental?: boolean;
  readonly neverIndex?: boolean;
}

interface Duplex<In, Out> {
  write(data: In): boolean;
  read(): Out | null;
  updateTableSize(size: number): void;
}

interface HpackJs {
  readonly compressor: { create(options: Options): Duplex<readonly EncodedField[], Uint8Array> & { reset(): void } };
  readonly decompressor: {
    create(options: Options): Duplex<Uint8Array, { readonly name: string; readonly value: string }> & {
      execute(): void;
    };
  };
}

interface Options {
  readonly table: { readonly maxSize: number };
}

const { compressor, decompressor } = hpackJs as HpackJs;

/** Encodes header blocks. */
export class OracleEncoder {
  readonly #compressor: ReturnType<HpackJs["compressor"]["create"]>;

  constructor(tableBytes: number) {
    this.#compressor = compressor.create({ table: { maxSize: tableBytes } });
  }

  encode(fields: readonly EncodedField[]): Uint8Array {
    this.#compressor.write(fields);
    return this.#taken();
  }

  /** Size updates to 0 and back, which empty the table. */
  reset(): Uint8Array {
    this.#compressor.reset();
    return this.#taken();
  }

  #taken(): Uint8Array {
    const pieces: number[] = [];
    for (let piece = this.#compressor.read(); piece !== null; piece = this.#compressor.read()) pieces.push(...piece);
    return Uint8Array.from(pieces);
  }
}

/** Decodes header blocks. */
export class OracleDecoder {
  readonly #decompressor: ReturnType<HpackJs["decompressor"]["create"]>;

  constructor(tableBytes: number) {
    this.#decompressor = decompressor.create({ table: { maxSize: tableBytes } });
  }

  decode(block: Uint8Array): [string, string][] {
    this.#decompressor.write(block);
    this.#decompressor.execute();
    const fields: [string, string][] = [];
    for (let field = this.#decompressor.read(); field !== null; field = this.#decompressor.read()) {
      fields.push([field.name, field.value]);
    }
    return fields;
  }
}
