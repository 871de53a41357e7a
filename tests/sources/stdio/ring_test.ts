import { describe, expect, it } from "vitest";
import { LEAST_RING, newRing, RingReader, RingWriter, type Way } from "../../../sources/stdio/ring.ts";

function ring(bytes = LEAST_RING) {
  const memory = newRing(bytes);
  let woken = 0;
  const writer = new RingWriter(memory, () => woken++);
  return { writer, reader: new RingReader(memory), woken: () => woken };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("ring", () => {
  it("gives what was written, in its order, with way and time", () => {
    const { writer, reader } = ring();
    writer.write(0, bytes("xhellox"), 1, 6, 1.5);
    writer.write(1, bytes("back"), 0, 4, 2.5, true);
    const first = reader.next();
    expect(new TextDecoder().decode(first?.bytes)).toBe("hello");
    expect(first).toMatchObject({ way: 0, lost: 0, time: 1.5, eof: false });
    expect(reader.next()).toMatchObject({ way: 1, bytes: bytes("back"), eof: true });
    expect(reader.next()).toBeUndefined();
  });

  it("keeps every byte over many turns, whatever the lengths", () => {
    const { writer, reader } = ring();
    let seed = 7;
    const random = () => seed = (seed * 48_271) % 2_147_483_647;
    for (let i = 0; i < 2000; i++) {
      const block = new Uint8Array(random() % 65_537).fill(i & 255);
      writer.write((i & 1) as Way, block, 0, block.length, i);
      const moved = reader.next();
      expect(moved?.bytes.length).toBe(block.length);
      expect(moved?.lost).toBe(0);
      if (block.length > 0) expect([moved?.bytes[0], moved?.bytes.at(-1)]).toEqual([i & 255, i & 255]);
    }
  });

  it("counts what does not fit, for each way, and says so with the next that does", () => {
    const { writer, reader } = ring();
    const block = new Uint8Array(60_000);
    for (let i = 0; i < 10; i++) writer.write(0, block, 0, block.length, i);
    let seen = 0, lost = 0;
    for (let moved = reader.next(); moved; moved = reader.next()) seen += moved.bytes.length;
    writer.write(1, bytes("b"), 0, 1, 11);
    writer.write(0, bytes("a"), 0, 1, 12);
    expect(reader.next()).toMatchObject({ way: 1, lost: 0 });
    lost = reader.next()?.lost ?? 0;
    expect(seen + lost).toBe(600_000);
    expect(lost).toBeGreaterThan(0);
  });

  it("says at the end what was lost last", () => {
    const { writer, reader } = ring();
    const block = new Uint8Array(65_536);
    for (let i = 0; i < 10; i++) writer.write(1, block, 0, block.length, i);
    writer.end();
    let seen = 0;
    for (let moved = reader.next(); moved; moved = reader.next()) seen += moved.bytes.length;
    expect(reader.ended).toBe(true);
    expect(seen + reader.lostAtEnd(1)).toBe(655_360);
    expect(reader.lostAtEnd(0)).toBe(0);
  });

  it("wakes a sleeper once, and nobody who is awake", () => {
    const { writer, reader, woken } = ring();
    writer.write(0, bytes("a"), 0, 1, 1);
    expect(woken()).toBe(0);
    expect(reader.sleep()).toBe(false);
    reader.next();
    expect(reader.sleep()).toBe(true);
    writer.write(0, bytes("a"), 0, 1, 1);
    writer.write(0, bytes("a"), 0, 1, 1);
    expect(woken()).toBe(1);
  });
});
