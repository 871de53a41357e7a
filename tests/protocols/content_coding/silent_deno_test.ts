import { describe, expect, it } from "vitest";

const MODULE = new URL("../../../protocols/content_coding/mod.ts", import.meta.url).href;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
/** The first bytes of a stream whose context map is bad. The brotli of Deno 2.9's node:zlib prints on it. */
const CORRUPT = "G80sACwG7MblYDTDMsDHy8KQCeVWK8cJAap7db7Tqs8KANgOkOGX8M7QRgGdX2QnvC/ttH2evm6+Qm/uMKuaGNL9YBI44YA1" +
  "jYPJ8Q/sful867ep3nAJeYS4EKW7XDSpdBJfCD5jWDFa/YDtg2dt8qm+OO8UAUHcVuLPCy19//u1Pr8Kok3UVoyLJ1Imwvw+" +
  "99x3k9dU1T2zU9vTszCwMBSXJ8Cve4FQfhVyTDY6SpOKdWsjVGxs3g/zfen1ILtrjVFjBBFRMd0=";
const PROGRAM = `
import { decodeBody } from ${JSON.stringify(MODULE)};
const body = Uint8Array.from(atob(${JSON.stringify(CORRUPT)}), (c) => c.charCodeAt(0));
console.error(decodeBody("br", body, { maxBytes: 1e6, maxRatio: 1e4 }).problem);
`;

describe("br", () => {
  it("that is corrupt leaves standard output alone", async () => {
    const file = await Deno.makeTempFile({ suffix: ".js" });
    try {
      await Deno.writeTextFile(file, PROGRAM);
      const args = ["run", "-A", "-q", "--no-lock", "--config", CONFIG, file];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      const [out, told] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      expect([out, told?.trim()]).toEqual(["", "bad_coding"]);
    } finally {
      await Deno.remove(file);
    }
  });
});
