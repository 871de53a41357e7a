import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextWindow } from "../../protocols/text_window.ts";

const SIZE = 64, SLACK = 16, HEAP = 1000, PAGE = 65_536;

/** A window in a memory of one page, and how to read from it. */
function open() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const memories: ArrayBufferLike[] = [];
  const window = new TextWindow({ memory, heap: () => HEAP }, {
    size: SIZE,
    slack: SLACK,
    onMemory: (memory) => memories.push(memory),
  });
  const at = (address: number, length: number) => [...new Uint8Array(memory.buffer, address, length)];
  return { memory, memories, window, at };
}

/** Bytes that differ from place to place. */
function bytes(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, k) => k + first);
}

describe("TextWindow", () => {
  it("copies a text above the module's own data", () => {
    const { window, at } = open();
    const buffer = bytes(20);
    const address = window.address(buffer, 3, 8);
    expect(address).toBeGreaterThanOrEqual(HEAP);
    expect(address + SIZE + SLACK).toBeLessThanOrEqual(window.end);
    expect(at(address, 5)).toEqual([3, 4, 5, 6, 7]);
  });

  it("copies ahead from the second text of a large buffer on", () => {
    const { window, at } = open();
    const buffer = bytes(200);
    const first = window.address(buffer, 10, 20);
    buffer[20] = 99; // written after the first text was seen
    const second = window.address(buffer, 20, 30);
    expect(at(second, 10)).toEqual([99, ...bytes(9, 21)]);
    const third = window.address(buffer, 30, 40);
    expect(third).toBe(second + 10);
    expect(at(third, 10)).toEqual([...bytes(10, 30)]);
    expect(window.address(buffer, 83, 84)).toBe(second + 63);
    expect(at(window.address(buffer, 84, 90), 6)).toEqual([...bytes(6, 84)]);
    expect(at(first, 1)).toEqual([84]); // the same place
  });

  it("leaves the window where it is for texts of small buffers", () => {
    const { window } = open();
    const large = bytes(200), small = bytes(30);
    window.address(large, 0, 10);
    const second = window.address(large, 10, 20);
    window.address(small, 0, 30);
    expect(window.address(large, 20, 30)).toBe(second + 10);
  });

  it("does not copy a small text twice, until it is told to forget", () => {
    const { window, at } = open();
    const buffer = bytes(30);
    const address = window.address(buffer, 0, 30);
    buffer[5] = 77;
    expect(at(window.address(buffer, 5, 9), 1)).toEqual([5]);
    window.forget();
    expect(at(window.address(buffer, 5, 9), 1)).toEqual([77]);
    expect(window.address(buffer, 5, 9)).toBe(address);
  });

  it("forgets the window when it is told to", () => {
    const { window, at } = open();
    const buffer = bytes(200);
    window.address(buffer, 0, 10);
    window.address(buffer, 10, 20);
    buffer[20] = 77;
    window.forget();
    expect(at(window.address(buffer, 20, 30), 1)).toEqual([77]);
  });

  it("grows the memory for a long text, and tells of it", () => {
    const { window, memory, memories, at } = open();
    expect(memories).toEqual([memory.buffer]);
    const buffer = bytes(2 * PAGE);
    expect(at(window.address(buffer, 1, buffer.length), 3)).toEqual([1, 2, 3]);
    expect(memories.length).toBe(2);
    expect(memories[1]).toBe(memory.buffer);
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(window.end + 2 * PAGE - SIZE);
  });

  it("copies by itself without remembering", () => {
    const { window, at } = open();
    const buffer = bytes(30);
    window.copy(buffer, 0, 30);
    buffer[0] = 77;
    expect(at(window.address(buffer, 0, 30), 1)).toEqual([77]);
  });

  it("leaves what is put above it alone", () => {
    const { window, memory, memories, at } = open();
    const above = bytes(100, 50), place = PAGE - 10;
    window.put(above, place);
    expect(memories.length).toBe(2);
    window.address(bytes(SIZE), 0, SIZE);
    window.copy(bytes(SIZE), 0, SIZE);
    expect(at(place, 100)).toEqual([...above]);
    expect(memory.buffer.byteLength).toBe(2 * PAGE);
  });

  it("has the right bytes, whatever is asked for in whatever order", () => {
    const buffers = [bytes(10), bytes(64, 7), bytes(200, 11), bytes(1000, 3), bytes(PAGE, 1)];
    const text = fc.tuple(fc.nat(buffers.length - 1), fc.nat(), fc.nat({ max: 200 }), fc.boolean());
    fc.assert(fc.property(fc.array(text, { maxLength: 50 }), (texts) => {
      const { window, at } = open();
      for (const [which, from, length, next] of texts) {
        const buffer = buffers[which]!;
        const start = from % buffer.length, end = Math.min(buffer.length, start + length);
        const address = next ? window.address(buffer, start, end) : window.copy(buffer, start, end);
        expect(at(address, end - start)).toEqual([...buffer.subarray(start, end)]);
      }
    }));
  });
});
