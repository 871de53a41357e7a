/**
 * Builds the page of `serve` from `sinks/serve/web/` into its `dist/`: `deno run -A scripts/build_web.ts`. With `--check`
 * it writes nothing and fails unless the files are what the sources build.
 *
 * @module
 */

const WEB = new URL("../sinks/serve/web/", import.meta.url);
/** In the order in which rules count. */
const STYLES = ["base", "layout", "list", "json", "views"];
const BUILT = "Built by scripts/build_web.ts. Do not edit.";
/** A page that is larger takes too long over a slow line. */
const MOST_BYTES = 150_000;

/** The files of the page by their names. */
async function build(): Promise<ReadonlyMap<string, string>> {
  const styles = await Promise.all(STYLES.map((name) => Deno.readTextFile(new URL(`style/${name}.css`, WEB))));
  return new Map([
    ["index.html", await Deno.readTextFile(new URL("index.html", WEB))],
    ["icon.svg", await Deno.readTextFile(new URL("icon.svg", WEB))],
    ["style.css", `/* ${BUILT} */\n/* deno-fmt-ignore-file */\n${minify(styles.join("\n"))}`],
    ["app.js", `// ${BUILT}\n// deno-fmt-ignore-file\n// deno-lint-ignore-file\n${await bundle()}`],
  ]);
}

/** Takes out comments and space; strings in our styles hold neither. */
function minify(css: string): string {
  const short = css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1");
  return `${short.replace(/;}/g, "}").replace(/: (?=[^{}]*[;}])/g, ":").trim()}\n`;
}

async function bundle(): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const flags = "bundle --quiet --lock=tests/deno.lock --platform=browser --format=esm --minify".split(" ");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...flags, "-o", file, new URL("main.tsx", WEB).pathname],
      cwd: new URL("..", import.meta.url),
    }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
    return await Deno.readTextFile(file);
  } finally {
    await Deno.remove(file);
  }
}

if (import.meta.main) {
  const dist = new URL("dist/", WEB);
  if (!Deno.args.includes("--check")) await Deno.mkdir(dist, { recursive: true });
  for (const [name, built] of await build()) {
    const { length } = new TextEncoder().encode(built);
    if (length > MOST_BYTES) throw new Error(`${name} has ${length} bytes, more than ${MOST_BYTES}`);
    const target = new URL(name, dist);
    if (!Deno.args.includes("--check")) await Deno.writeTextFile(target, built);
    else if (built !== await Deno.readTextFile(target)) {
      throw new Error(`the sources build something else than sinks/serve/web/dist/${name}: run scripts/build_web.ts`);
    }
  }
}
