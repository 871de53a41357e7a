/** Builds HTTP/2 frames. */

/** Puts pieces together. */
export function concat(...pieces: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes of `82 86 84`. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from((text.match(/[0-9a-f]{2}/g) ?? []).map((byte) => parseInt(byte, 16)));
}

/** A frame. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  ...payload: readonly (Uint8Array | readonly number[])[]
): Uint8Array {
  const body = concat(...payload), { length } = body;
  const head = [length >>> 16, length >>> 8 & 255, length & 255, type, flags];
  return concat(head, uint32(streamId), body);
}

/** Four bytes. */
export function uint32(value: number): readonly number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}

/** A literal field without Huffman code, not to be indexed. */
export function literal(name: string, value: string): Uint8Array {
  return concat([0], string(name), string(value));
}

/** A literal field that goes into the dynamic table. */
export function indexed(name: string, value: string): Uint8Array {
  return concat([0x40], string(name), string(value));
}

function string(text: string): Uint8Array {
  return concat([text.length], ascii(text)); // up to 126
}

/** What a client sends first. */
export const PREFACE: Uint8Array = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** An empty SETTINGS. */
export const SETTINGS: Uint8Array = frame(4, 0, 0);
