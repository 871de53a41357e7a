/**
 * Records the conversations anew: `sudo deno run -A --lock=tests/deno.lock tests/captures/record.ts [NAME...]`.
 *
 * @module
 */
import { mcpsonde, Said, until } from "../e2e/_harness/process.ts";
import { play } from "./play.ts";
import { SCENARIOS } from "./scenarios.ts";

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const path = new URL(`${name}.capture`, import.meta.url).pathname;
  const [program = "", ...args] = mcpsonde("record", "-o", path, "--pid", String(Deno.pid));
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  const said = new Said(child.stderr);
  await until(() => `capturing (${said.text})`, () => said.text.includes("capturing"));
  await play(scenario);
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill("SIGINT");
  await child.status;
}
