/**
 * Builds what is written in C for WebAssembly into a `*_wasm.ts` beside it: `deno run -A scripts/build_wasm.ts`. Needs
 * clang and wasm-ld (Debian: `clang-14 lld-14`). With `--check` it writes nothing and fails unless the files are what the
 * sources build.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The sources, from the project's folder. */
export const SOURCES: readonly string[] = [
  "protocols/jsonrpc/scan.c",
  "pipeline/output/gather.c",
  "protocols/mcp/peek.c",
  "protocols/byte_search/search.c",
  "protocols/byte_search/strings.c",
  "protocols/text_prints/prints.c",
  "protocols/json_members/members.c",
];

/** Marks a built file with its source, and what that includes, so that a stale one is noticed without a compiler. */
export async function digest(source: URL): Promise<string> {
  const hash = createHash("sha256");
  const add = async (file: URL): Promise<void> => {
    const text = await Deno.readTextFile(file);
    hash.update(text);
    for (const [, name = ""] of text.matchAll(/^#include "(.+)"$/gm)) await add(new URL(name, file));
  };
  await add(source);
  return hash.digest("hex");
}

const FLAGS =
  "--target=wasm32 -std=c11 -ffreestanding -nostdlib -O3 -msimd128 -mbulk-memory -Wall -Wextra -Wl,--no-entry -Wl,--strip-all"
    .split(" ");

async function build(source: URL): Promise<string> {
  const object = await Deno.makeTempFile({ suffix: ".wasm" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.env.get("CLANG") ?? "clang-14", {
      args: [...FLAGS, "-o", object, source.pathname],
    })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const lines = (await Deno.readFile(object)).toBase64().match(/.{1,112}/g) ?? [];
    return [
      `// Built from ${source.pathname.split("/").at(-1)} by scripts/build_wasm.ts. Do not edit.`,
      "// deno-fmt-ignore-file",
      `export const SOURCE_SHA256 = "${await digest(source)}";`,
      "export const WASM_BASE64 =",
      ...lines.map((line, k) => `  "${line}"${k === lines.length - 1 ? ";" : " +"}`),
      "",
    ].join("\n");
  } finally {
    await Deno.remove(object);
  }
}

if (import.meta.main) {
  for (const source of SOURCES) {
    const from = new URL(`../${source}`, import.meta.url);
    const target = new URL(from.href.replace(/\.c$/, "_wasm.ts"));
    const built = await build(from);
    if (!Deno.args.includes("--check")) await Deno.writeTextFile(target, built);
    else if (built !== await Deno.readTextFile(target)) {
      throw new Error(`${source} builds something else than ${target.pathname}: run scripts/build_wasm.ts`);
    }
  }
}
