/**
 * What the screen of `mcpsonde top` takes of a core while 5,000 messages a second come, in a terminal of 120x40: against the
 * same messages decoded and kept without a screen, and decoded and dropped. Runs alternate, the best of each counts.
 * `deno run -A bench/top.ts [--json]`
 *
 * What it leaves out: capture from the kernel, and what the terminal takes to draw. The screen follows the newest calls.
 */
import { join } from "node:path";
import { output, report } from "./_bench.ts";
import { writeCapture } from "./_messages.ts";

const MESSAGES = 120_000, ROUNDS = 2;
const MODES = ["drop", "keep", "show"] as const;
const folder = await Deno.makeTempDir({ prefix: "mcpsonde-top-" });
try {
  const capture = join(folder, "capture"), out = join(folder, "out");
  writeCapture(capture, MESSAGES);
  const best = { drop: Infinity, keep: Infinity, show: Infinity };
  let mib: readonly number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of MODES) {
      const script = new URL("_top_screen.ts", import.meta.url).pathname;
      const program = `${Deno.execPath()} run --quiet --no-lock -A --v8-flags=--max-semi-space-size=8 ${script}`;
      const command = `stty cols 120 rows 40; TERM=xterm-256color exec ${program} ${capture} ${mode} ${out}`;
      await output("script", "--quiet", "--return", "--command", command, "/dev/null"); // a terminal
      const took = JSON.parse(await Deno.readTextFile(out)) as {
        readonly share: number;
        readonly mib: readonly number[];
      };
      best[mode] = Math.min(best[mode], took.share);
      if (mode === "show") mib = took.mib;
    }
  }
  const percent = (share: number) => `${Math.round(share * 100)} % of a core`;
  const screen = best.show - best.drop;
  report("top", [{
    what: "`top`, 5,000 messages/s: store and screen",
    measured: percent(screen),
    baseline: `${percent(best.drop)} to decode them`,
    target: "< 30 %",
    ok: screen < 0.3,
  }, {
    what: "… of that the screen",
    measured: percent(best.show - best.keep),
  }, {
    what: "… resident memory after 5, 10 and 20 s",
    measured: [mib[4], mib[9], mib.at(-1)].map((value) => `${value} MiB`).join(", "),
  }]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
