import { describe, expect, it } from "vitest";
import { digest } from "../../../scripts/build_scan.ts";
import { SOURCE_SHA256 } from "../../../protocols/jsonrpc/scan_wasm.ts";

const folder = new URL("../../../protocols/jsonrpc/", import.meta.url);

describe("scan_wasm.ts", () => {
  it("was built from scan.c as it is", async () => {
    expect(digest(await Deno.readTextFile(new URL("scan.c", folder)))).toBe(SOURCE_SHA256);
  });
});
