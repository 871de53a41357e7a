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
      /** Numbers that the sink has taken; the next one that was never handed on. */
      const taken: number[] = [];
      let next = 0;
      const live = async (count?: number) => {
        const args = [dir, endpoint.url, String(next), ...(count === undefined ? [] : [String(count)])];
        const told = await run(args, count === undefined ? 20 + Math.random() * 300 : undefined);
        expect(told.filter((line) => line.startsWith("!"))).toEqual([]);
        const last = (mark: string) => Number(told.findLast((line) => line.startsWith(mark))?.slice(2) ?? next);
        for (let number = next; number < last("+ "); number++) taken.push(number);
        next = last("> ");
      };
      for (let round = 0; round < ROUNDS; round++) await live();
      await live(500);

      const byId = new Map<string, number>();
      for (const line of endpoint.lines) {
        const [id = "", number = ""] = line.split(" ");
        expect(byId.get(id) ?? Number(number)).toBe(Number(number));
        byId.set(id, Number(number));
      }
      const numbers = new Set(byId.values());
      expect(numbers.size).toBe(byId.size);
      expect(taken.filter((number) => !numbers.has(number))).toEqual([]);
      expect(taken.length).toBeGreaterThan(600);
      expect(Math.max(...numbers)).toBe(next - 1);
    },
    90_000,
  );
});
