import { describe, expect, it } from "vitest";
import type { Batch } from "../../../pipeline/event.ts";
import { consoleSink, palette, type Writer } from "../../../sinks/console/mod.ts";
import { hasColours, lineColumns, type Terminal } from "../../../sinks/console/terminal.ts";
import { request, response } from "./_events.ts";

async function* batches(...all: Batch[]): AsyncGenerator<Batch> {
  yield* all;
}

function collector(): Writer & { readonly writes: string[] } {
  const writes: string[] = [];
  return {
    writes,
    write: (bytes) => {
      writes.push(new TextDecoder().decode(bytes));
      return Promise.resolve();
    },
  };
}

const parts = { palette: palette(false), columns: () => 100, verbose: false, summary: false };

describe("the console sink", () => {
  it("writes once a batch, and nothing for an empty one", async () => {
    const writer = collector();
    const call = request("ping");
    await consoleSink({ ...parts, writer })(batches([call, response(call, {})], [], [call]));
    expect(writer.writes.map((text) => text.split("\n").length - 1)).toEqual([2, 1]);
  });

  it("waits for the writer before it asks for more", async () => {
    const events: string[] = [];
    const writer: Writer = {
      write: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        events.push("written");
      },
    };
    async function* input(): AsyncGenerator<Batch> {
      for (let i = 0; i < 2; i++) {
        events.push("asked");
        yield [request("ping")];
      }
    }
    await consoleSink({ ...parts, writer })(input());
    expect(events).toEqual(["asked", "written", "asked", "written"]);
  });

  it("adds the summary at the end when asked", async () => {
    const writer = collector();
    await consoleSink({ ...parts, writer, summary: true })(batches([request("ping")]));
    expect(writer.writes.at(-1)).toContain("1 message in");
  });

  it("ends without an error when the reader has gone", async () => {
    const writer: Writer = { write: () => Promise.reject(Object.assign(new Error("x"), { code: "EPIPE" })) };
    let released = false;
    async function* endless(): AsyncGenerator<Batch> {
      try {
        for (;;) yield [request("ping")];
      } finally {
        released = true;
      }
    }
    await consoleSink({ ...parts, writer, summary: true })(endless());
    expect(released).toBe(true);
  });

  it("fails when writing fails otherwise", async () => {
    const writer: Writer = { write: () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })) };
    await expect(consoleSink({ ...parts, writer })(batches([request("ping")]))).rejects.toThrow("full");
  });
});

describe("the terminal", () => {
  function terminal(isTTY: boolean, env: Record<string, string> = {}, columns?: number): Terminal {
    return { isTTY, columns: () => columns, env: (name) => env[name] };
  }

  it.each(
    [
      ["a terminal", true, {}, "auto", true],
      ["a pipe", false, {}, "auto", false],
      ["NO_COLOR", true, { NO_COLOR: "1" }, "auto", false],
      ["an empty NO_COLOR", true, { NO_COLOR: "" }, "auto", true],
      ["FORCE_COLOR in a pipe", false, { FORCE_COLOR: "1" }, "auto", true],
      ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, "auto", false],
      ["NO_COLOR and FORCE_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, "auto", false],
      ["a dumb terminal", true, { TERM: "dumb" }, "auto", false],
      ["always, though NO_COLOR", false, { NO_COLOR: "1" }, "always", true],
      ["never, though FORCE_COLOR", true, { FORCE_COLOR: "1" }, "never", false],
    ] as const,
  )("with %s", (_, isTTY, env, option, coloured) => {
    expect(hasColours(option, terminal(isTTY, env))).toBe(coloured);
  });

  it("is as wide as it is, a pipe 200 columns, and an option wins", () => {
    expect(lineColumns(undefined, terminal(true, {}, 133))).toBe(133);
    expect(lineColumns(undefined, terminal(true, {}, 5))).toBe(40);
    expect(lineColumns(undefined, terminal(false))).toBe(200);
    expect(lineColumns(undefined, terminal(false, { COLUMNS: "90" }))).toBe(90);
    expect(lineColumns(77, terminal(true, {}, 133))).toBe(77);
  });
});
