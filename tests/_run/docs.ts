/**
 * `deno doc --lint` for our own symbols: it reports on re-exported packages too, and calls their types private.
 *
 * @module
 */
const root = new URL("../../", import.meta.url);
const { stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", "mod.ts"],
  cwd: root,
  env: { NO_COLOR: "1" },
  stdout: "null",
}).output();

const problems = new TextDecoder().decode(stderr).split(/^(?=error)/m).filter((problem) => {
  const [, file = ""] = /-->\s+(\S+?):\d+:\d+/.exec(problem) ?? [];
  return file.startsWith(root.pathname) && !problem.startsWith("error[private-type-ref]");
});
if (problems.length > 0) {
  Deno.stdout.writeSync(new TextEncoder().encode(problems.join("")));
  Deno.exit(1);
}
