import { describe, expect, it } from "vitest";
import { Recorder } from "./_endpoint.ts";
import { folder } from "./_sink.ts";

const ROUNDS = 6;
const program = new URL("_deliverer.ts", import.meta.url).pathname;

/** Runs the deliverer, kills it after so many milliseconds or lets it end; gives its lines. */
async function run(args: readonly string[], killAfter?: number): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--lock=tests/deno.lock", program, ...args],
    cwd: new URL("../../..", import.meta.url).pathname,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "", timer: ReturnType<typeof setTimeout> | undefined;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (killAfter !== undefined && text.includes("\n")) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfter);
  }
  clearTimeout(timer);
  const { signal, success } = await child.status;
  if (killAfter === undefined) expect(success).toBe(true);
  else expect(signal).toBe("SIGKILL");
  return text.split("\n").slice(0, -1);
}

describe("a sink whose process is killed", () => {
  it(
    "delivers all that it has taken, and a receiver that knows ids has each once, though the endpoint fails too",
    async () => {
      const endpoint = await Recorder.start(), dir = folder();
      endpoint.reply = (_, response) => {
        const draw = Math.random();
        if (draw < 0.1) return { status: 503 };
        if (draw < 0.15) {
          response.socket?.destroy();
          return null;
        }
        return undefined;
      };
      const lines: string[] = [];
      let taken = 0, handed = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const told = await run([dir, endpoint.url, String(handed)], 20 + Math.random() * 300);
        lines.push(...told);
        const last = (mark: string) => Number(told.filter((line) => line.startsWith(mark)).at(-1)?.slice(2) ?? NaN);
        // numbers that were handed on and not taken may be there or not
        taken = Math.max(taken, last("+ ") || 0);
        handed = Math.max(handed, last("> ") || 0);
      }
      lines.push(...await run([dir, endpoint.url, String(handed), "500"]));
      expect(lines.filter((line) => line.startsWith("!"))).toEqual([]);

      const byId = new Map<string, number>(), surely = new Set<number>();
      for (const line of endpoint.lines) {
        const [id = "", number = ""] = line.split(" ");
        expect(byId.get(id) ?? Number(number)).toBe(Number(number));
        byId.set(id, Number(number));
      }
      const numbers = [...byId.values()];
      expect(new Set(numbers).size).toBe(numbers.length); // each once
      let from = 0;
      for (const line of lines) {
        if (!line.startsWith("+ ")) {
          if (line === "ready") from = NaN; // where a life began is known from the first that it has taken
          continue;
        }
        const to = Number(line.slice(2));
        if (!Number.isNaN(from)) { for (let n = from; n < to; n++) surely.add(n); }
        from = to;
      }
      expect([...surely].filter((number) => !numbers.includes(number))).toEqual([]);
      expect(taken).toBeGreaterThan(100);
      expect(Math.max(...numbers)).toBe(handed + 499);
    },
    90_000,
  );
});
