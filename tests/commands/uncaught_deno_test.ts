import { describe, expect, it } from "vitest";
import { ROOT, run, temporary } from "./_cli.ts";

const plugin = (body: string) =>
  `import { defineSink, z } from "${ROOT}mod.ts";
export default defineSink({
  type: "careless",
  summary: "Fails where nobody looks.",
  options: z.strictObject({}),
  create: () => async (input) => {
    ${body}
    for await (const _ of input);
    await new Promise((resolve) => setTimeout(resolve, 200));
  },
});
`;

describe("a plug-in that fails outside of its stage", () => {
  it.each([
    ["in a timer", 'setTimeout(() => { throw new TypeError("from a timer"); }, 0);', "TypeError: from a timer"],
    ["in a promise", 'void Promise.reject(new Error("nobody waits"));', "Error: nobody waits"],
    ["by what is no error", 'setTimeout(() => { throw "just so"; }, 0);', "just so"],
  ])("%s is told of, and all else goes on", async (_, body, said) => {
    const { code, stdout, stderr } = await withPlugin(body);
    expect(stderr).toContain(`mcpsonde: something failed outside of its stage, and all others go on: ${said}`);
    expect(stdout).toContain("26 messages");
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("by a connection that it had given up is no failure", async () => {
    const { code, stderr } = await withPlugin(
      `const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
    setTimeout(() => { throw reset; }, 0);`,
    );
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("again and again is told of three times, and then counted", async () => {
    const { stderr } = await withPlugin(
      'for (let k = 0; k < 10; k++) setTimeout(() => { throw new Error("no"); }, k);',
    );
    expect(stderr.match(/something failed/g)).toHaveLength(3);
    expect(stderr).toMatch(/mcpsonde: \d+ more failures outside of their stages\n/);
    expect(stderr).toContain("careless.ts:7:");
  });

  async function withPlugin(body: string) {
    const cleanups: (() => unknown)[] = [];
    const folder = await temporary((cleanup) => void cleanups.push(cleanup));
    try {
      await Deno.writeTextFile(`${folder}/careless.ts`, plugin(body));
      const config = {
        sources: { file: { type: "replay", path: `${ROOT}examples/demo.capture` } },
        transforms: [{ type: "http" }, { type: "jsonrpc" }],
        sinks: { screen: { type: "console" }, careless: { type: "./careless.ts" } },
      };
      await Deno.writeTextFile(`${folder}/mon.jsonc`, JSON.stringify(config));
      return await run(["--pipeline", `${folder}/mon.jsonc`], { cwd: ROOT });
    } finally {
      for (const cleanup of cleanups) await cleanup();
    }
  }
});
