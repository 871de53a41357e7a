/**
 * `deno task ok`: every check and every test, then one line with the counts. Names of steps as arguments run those only.
 *
 * @module
 */
import { count, forbiddenSkips, type Report, type Skipped, type Totals } from "./_run/report.ts";
import { type Step, steps } from "./_run/steps.ts";

const say = (line: string): void => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`)) as unknown as void;

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    say(`no such step: ${unknown.join(", ")}; there are ${steps.map((step) => step.name).join(", ")}`);
    return 2;
  }
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const skipped: Skipped[] = [];
  const failures: string[] = [];
  for (const step of steps) {
    if (names.length > 0 && !names.includes(step.name)) continue;
    const obstacle = await step.obstacle?.();
    if (obstacle !== undefined) {
      say(`skip ${step.name}: ${obstacle}`);
      totals.skipped++;
      skipped.push({ file: step.name, name: obstacle });
      continue;
    }
    const started = performance.now();
    const { ok, report } = await perform(step);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${ok ? "ok  " : "FAIL"} ${step.name.padEnd(10)} ${seconds.padStart(6)} s  ${step.about}`);
    if (report) {
      count(totals, report);
      skipped.push(...report.skips);
    }
    if (ok) continue;
    failures.push(step.name);
    // A check that fails, or a run that broke down before any test could, is a failure in the sum too.
    if (!report || report.failed === 0) totals.failed++;
  }
  if (skipped.length > 0) {
    say("\nskipped:");
    for (const { file, name } of skipped) say(`  ${file}: ${name}`);
  }
  const forbidden = Deno.env.get("CI") === "true" ? forbiddenSkips(skipped) : [];
  if (forbidden.length > 0) {
    say(`\n${forbidden.length} skipped tests are about the kernel capture, and this machine must run them`);
    failures.push("skips");
    totals.failed += forbidden.length;
    totals.skipped -= forbidden.length;
  }
  say(failures.length > 0 ? `\nfailed: ${failures.join(", ")}` : "");
  say(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return failures.length > 0 ? 1 : 0;
}

async function perform(step: Step): Promise<{ ok: boolean; report: Report | undefined }> {
  const temporary = step.report ? await Deno.makeTempFile({ prefix: "mcpsonde-tests-" }) : "";
  try {
    const [program, ...args] = step.command(temporary);
    const shown = step.report !== undefined;
    if (shown) say(`\n--- ${step.name}: ${step.about}`);
    const { code, stdout, stderr } = await run(program ?? "", args, shown, step.env);
    if (code !== 0 && !shown) {
      Deno.stdout.writeSync(stdout);
      Deno.stdout.writeSync(stderr);
    }
    const text = step.report ? await Deno.readTextFile(temporary) : "";
    const report = step.report && text ? step.report(text) : undefined;
    return { ok: code === 0 && (!step.report || report !== undefined), report };
  } finally {
    if (temporary) await Deno.remove(temporary).catch(() => {});
  }
}

async function run(
  program: string,
  args: string[],
  shown: boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: Uint8Array; stderr: Uint8Array }> {
  const none = new Uint8Array();
  try {
    const cwd = new URL("../", import.meta.url);
    if (shown) {
      const child = new Deno.Command(program, { args, cwd, env, stdin: "null", stdout: "inherit", stderr: "inherit" });
      return { code: (await child.spawn().status).code, stdout: none, stderr: none };
    }
    return await new Deno.Command(program, { args, cwd, env, stdin: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { code: 127, stdout: none, stderr: new TextEncoder().encode(`${program}: not found\n`) };
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
