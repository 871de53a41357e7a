import { describe, expect, it } from "vitest";
import { entriesOf, unwrapText, wrapText } from "../../../commands/_wrap/config.ts";
import { CLIENTS } from "../../../transforms/detect/client_configs/clients.ts";
import { parseConfig } from "../../../transforms/detect/client_configs/parse.ts";
import { SAMPLES } from "./configs.ts";

const PROGRAM = "/opt/mcpsonde/mcpsonde";

function placesOf(path: string) {
  const files = CLIENTS.flatMap(({ user }) => user);
  return files.find((file) =>
    file.path === path || file.path.endsWith("/*") && path.startsWith(file.path.slice(0, -1))
  )!
    .servers;
}

describe.each(SAMPLES)("$client's $path", ({ client, path, text: whole, servers }) => {
  const text = whole.replace(/^\ufeff/, "");
  const places = placesOf(path);

  it("is wrapped so that the client starts the proxy, which starts the server", async () => {
    const wrapped = await wrapText(text, path, places, PROGRAM);
    expect(wrapped.servers.toSorted()).toEqual(servers.toSorted());
    const before = await entriesOf(text, path, places), after = await entriesOf(wrapped.text, path, places);
    for (const [i, { name, command, args = [] }] of before.entries()) {
      expect(after[i]?.command.value).toBe(PROGRAM);
      const values = ["proxy", "--name", name, "--", command.value, ...args.map(({ value }) => value)];
      expect(after[i]?.args?.map(({ value }) => value)).toEqual(values);
    }
  });

  it("names the same servers as before to whoever reads it for mcpsonde", async () => {
    const { text: wrapped } = await wrapText(text, path, places, PROGRAM);
    const whole = (text: string) =>
      parseConfig(text, path, client, places).then((servers) =>
        servers.map(({ name, command, url }) => [name, command?.join(" "), url])
      );
    expect(await whole(wrapped)).toEqual(await whole(text));
  });

  it("keeps every line that has no command and no arguments", async () => {
    const wrapped = await wrapText(text, path, places, PROGRAM);
    const kept = new Set(wrapped.text.split("\n"));
    for (const line of text.split("\n")) if (!/command|args|\[|"x"|-y|"path"/.test(line)) expect(kept).toContain(line);
  });

  it("is the same after being unwrapped", async () => {
    const { text: wrapped, added } = await wrapText(text, path, places, PROGRAM);
    expect((await unwrapText(wrapped, path, places, added)).text).toBe(text);
  });

  it("is not wrapped twice", async () => {
    const { text: wrapped } = await wrapText(text, path, places, PROGRAM);
    expect(await wrapText(wrapped, path, places, PROGRAM)).toMatchObject({ text: wrapped, servers: [] });
  });
});

describe("wrapping", () => {
  it("undoes only its own when other things have changed", async () => {
    const [{ text, path }] = SAMPLES as [typeof SAMPLES[0]];
    const places = placesOf(path);
    const { text: wrapped, added } = await wrapText(text, path, places, PROGRAM);
    const edit = (text: string) => text.replace("/Users/me/Desktop", "/home/me").replace("Ctrl+Space", "Ctrl+X");
    expect((await unwrapText(edit(wrapped), path, places, added)).text).toBe(edit(text));
  });

  it("takes hints of a server that was started by mcpsonde for no proxy", async () => {
    const text =
      '{"mcpServers":{"a":{"command":"mcpsonde","args":["replay","x"]},"b":{"command":"x","args":["proxy","--","y"]}}}';
    expect((await unwrapText(text, "x.json", [["mcpServers"]], [])).servers).toEqual([]);
  });

  it.each([
    ["x.json", '{"mcpServers": {'],
    ["x.toml", "[mcp_servers.x\ncommand = 1"],
    ["x.yaml", "a: [1\nb: {"],
  ])("refuses %s where it is broken", async (path, text) => {
    await expect(entriesOf(text, path, [["mcpServers"]])).rejects.toThrow();
  });
});
