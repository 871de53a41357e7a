import { describe, expect, it } from "vitest";
import { builtins } from "../../pipeline/builtins.ts";
import { generated, stale } from "../../scripts/generate.ts";

describe("the generated files", () => {
  it("are what the components' declarations say (else run: deno task generate)", async () => {
    expect(await stale(await generated(await builtins().list()))).toEqual([]);
  });

  it("name a page that is stale, and one that nobody needs", async () => {
    const files = await generated(await builtins().list());
    files.set("pipeline.schema.json", "{}");
    files.delete("docs/components/README.md");
    expect(await stale(files)).toEqual(["pipeline.schema.json", "docs/components/README.md"]);
  });
});
