import { describe, expect, it } from "vitest";
import { UnitWriter } from "../../../pipeline/output/unit_writer.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A writer of lines to a target that fails while `broken` is set. */
function setup(
  { maxBytes = 1000, quietEnd, asynchronous = false }: {
    maxBytes?: number;
    quietEnd?: string;
    asynchronous?: boolean;
  } = {},
) {
  const state = {
    broken: undefined as string | undefined,
    text: "",
    closed: 0,
    logged: [] as string[],
    dropped: 0,
    errors: 0,
  };
  const write = (bytes: Uint8Array) => {
    if (state.broken !== undefined) throw Object.assign(new Error(`${state.broken}: cannot`), { code: state.broken });
    state.text += decoder.decode(bytes);
  };
  const log = (message: string) => void state.logged.push(message);
  const writer = new UnitWriter(
    {
      write: asynchronous ? (bytes) => pause(5).then(() => write(bytes)) : write,
      synchronous: !asynchronous,
      close: () => void state.closed++,
    },
    {
      log: { info: log, warn: log, error: log },
      metrics: {
        dropped: (_, n = 1) => void (state.dropped += n),
        error: (_, n = 1) => void (state.errors += n),
        set() {},
      },
    },
    { maxBytes, quietEnd, onDropped: (units) => writer.buffer.text(`dropped ${units}\n`) },
  );
  const add = async (text: string) => {
    if (writer.full) return writer.drop();
    writer.buffer.text(text);
    await writer.added();
  };
  return { state, writer, add };
}

describe("UnitWriter", () => {
  it("writes what was added, on flush", async () => {
    const { state, writer, add } = setup();
    await add("one\n");
    expect(state.text).toBe("");
    await writer.flush();
    expect(state.text).toBe("one\n");
    await add("two\n");
    await writer.close();
    expect([state.text, state.closed, state.logged]).toEqual(["one\ntwo\n", 1, []]);
  });

  it("passes on what is whole, and keeps it if that fails, or until it has been written", async () => {
    for (const asynchronous of [false, true]) {
      const { state, writer, add } = setup({ asynchronous });
      const bytes = encoder.encode("one\n");
      await writer.write(bytes, 1);
      bytes.fill(0x78); // the writer has it, or a copy
      expect([state.text, writer.buffer.length]).toEqual(asynchronous ? ["", 4] : ["one\n", 0]);
      state.broken = "ENOSPC";
      await writer.write(encoder.encode("two\n"), 1);
      await writer.flush();
      expect(writer.failing).toBe(true);
      await writer.write(encoder.encode("three\n"), 1);
      state.broken = undefined;
      await add("four\n");
      await writer.close();
      expect([state.text, state.dropped]).toEqual(["one\ntwo\nthree\nfour\n", 0]);
    }
  });

  it("writes by itself when there is much", async () => {
    const { state, add } = setup();
    await add("x".repeat(300_000));
    expect(state.text.length).toBe(300_000);
  });

  it("keeps what cannot be written, says so once, and tries again", async () => {
    const { state, writer, add } = setup();
    state.broken = "ENOSPC";
    for (let k = 0; k < 5; k++) {
      await add(`${k}\n`);
      await writer.flush();
    }
    await pause(150); // a second failure, which is only counted
    expect(state.logged).toEqual([expect.stringContaining("ENOSPC")]);
    expect(state.errors).toBeGreaterThan(1);
    state.broken = undefined;
    await pause(500);
    expect(state.text).toBe("0\n1\n2\n3\n4\n");
    expect(state.logged.at(-1)).toBe("writing works again");
    await writer.close();
  });

  it("drops what does not fit meanwhile, and tells how much where it is missing", async () => {
    const { state, writer, add } = setup({ maxBytes: 50 });
    state.broken = "ENOSPC";
    for (let k = 10; k < 40; k++) {
      await add(`line ${k}\n`);
      await writer.flush();
    }
    state.broken = undefined;
    await pause(300);
    await add("after\n");
    await writer.close();
    expect(state.text).toBe("line 10\nline 11\nline 12\nline 13\nline 14\nline 15\nline 16\ndropped 23\nafter\n");
    expect(state.dropped).toBe(23);
  });

  it("does not hang at the end, and tells what is lost", async () => {
    const { state, writer, add } = setup();
    state.broken = "ENOSPC";
    await add("one\n");
    await add("two\n");
    const started = performance.now();
    await writer.close();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(state.logged.at(-1)).toBe("2 events could not be written");
    expect([state.dropped, state.closed]).toEqual([2, 1]);
  });

  it("ends quietly when nobody reads any more", async () => {
    const { state, writer, add } = setup({ quietEnd: "EPIPE" });
    state.broken = "EPIPE";
    await add("one\n");
    await writer.flush();
    expect(writer.ended).toBe(true);
    await writer.close();
    expect([state.logged, state.closed]).toEqual([[], 1]);
  });

  it("loses nothing that comes while it writes", async () => {
    const { state, writer, add } = setup({ asynchronous: true });
    await add("one\n");
    const writing = writer.flush();
    await add("two\n");
    await writing;
    await add("three\n");
    state.broken = "EIO";
    await writer.flush();
    state.broken = undefined;
    await add("four\n");
    await pause(150);
    await add("five\n");
    await writer.close();
    expect(state.text).toBe("one\ntwo\nthree\nfour\nfive\n");
  });

  it("lets go of a buffer that was made for one large unit", async () => {
    const { writer, add } = setup();
    await add("x".repeat(10_000_000));
    expect(writer.buffer.bytes.length).toBeLessThan(1_000_000);
    expect(encoder.encode("x").length).toBe(1);
  });
});
