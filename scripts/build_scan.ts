/**
 * Builds `protocols/jsonrpc/scan.c` into `scan_wasm.ts` beside it: `deno run -A scripts/build_scan.ts`. Needs clang and wasm-ld (Debian:
 * `clang-14 lld-14`). With `--check` it writes nothing and fails unless the file is what the source builds.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Marks a built file with its source, so that a stale one is noticed without a compiler. */
export function digest(source: string): string {
  return createHash("sha256").update(source).digest("hex");
}

const FLAGS =
  "--target=wasm32 -std=c11 -ffreestanding -nostdlib -O3 -msimd128 -mbulk-memory -Wall -Wextra -Wl,--no-entry -Wl,--strip-all"
    .split(" ");

async function build(): Promise<string> {
  const source = new URL("../protocols/jsonrpc/scan.c", import.meta.url);
  const object = await Deno.makeTempFile({ suffix: ".wasm" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.env.get("CLANG") ?? "clang-14", {
      args: [...FLAGS, "-o", object, source.pathname],
    })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const lines = (await Deno.readFile(object)).toBase64().match(/.{1,112}/g) ?? [];
    return [
      "// Built from scan.c by scripts/build_scan.ts. Do not edit.",
      "// deno-fmt-ignore-file",
      `export const SOURCE_SHA256 = "${digest(await Deno.readTextFile(source))}";`,
      "export const WASM_BASE64 =",
      ...lines.map((line, k) => `  "${line}"${k === lines.length - 1 ? ";" : " +"}`),
      "",
    ].join("\n");
  } finally {
    await Deno.remove(object);
  }
}

if (import.meta.main) {
  const target = new URL("../protocols/jsonrpc/scan_wasm.ts", import.meta.url);
  const built = await build();
  if (!Deno.args.includes("--check")) await Deno.writeTextFile(target, built);
  else if (built !== await Deno.readTextFile(target)) {
    throw new Error("scan_wasm.ts is not what scan.c builds: run scripts/build_scan.ts");
  }
}
