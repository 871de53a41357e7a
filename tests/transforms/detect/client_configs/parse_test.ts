import { describe, expect, it } from "vitest";
import { CLIENTS } from "../../../../transforms/detect/client_configs/clients.ts";
import { parseConfig } from "../../../../transforms/detect/client_configs/parse.ts";

/** The servers that a client has in a file of this name, in short. */
async function read(client: string, path: string, text: string): Promise<string[]> {
  const declared = CLIENTS.find((entry) => entry.client === client);
  const file = [...declared?.user ?? [], ...declared?.project ?? [], ...declared?.system ?? []]
    .find((entry) => entry.path === path || entry.path.endsWith("/*") && path.startsWith(entry.path.slice(0, -1)));
  if (file === undefined) throw new Error(`${client} has no ${path}`);
  const found = await parseConfig(text, path, client, file.servers);
  return found.map(({ name, command, url }) => `${name}: ${command?.join(" ") ?? url}`);
}

const desktop = JSON.stringify({
  mcpServers: {
    files: { command: "npx", args: ["-y", "@modelcontextprotocol/server-filesystem", "/home/u"] },
    remote: { type: "http", url: "https://api.example/mcp" },
  },
});

describe("parseConfig", () => {
  it("reads Claude Desktop, Cursor, Windsurf and Gemini CLI", async () => {
    const expected = [
      "files: npx -y @modelcontextprotocol/server-filesystem /home/u",
      "remote: https://api.example/mcp",
    ];
    expect(await read("Claude Desktop", ".config/Claude/claude_desktop_config.json", desktop)).toEqual(expected);
    expect(await read("Cursor", ".cursor/mcp.json", desktop)).toEqual(expected);
    expect(await read("Windsurf", ".codeium/windsurf/mcp_config.json", desktop.replace('"url"', '"serverUrl"')))
      .toEqual(expected);
    expect(await read("Gemini CLI", ".gemini/settings.json", desktop.replace('"url"', '"httpUrl"'))).toEqual(expected);
  });

  it("reads Claude Code's own file, with its projects, and .mcp.json", async () => {
    const own = JSON.stringify({
      numStartups: 3,
      mcpServers: { a: { command: "a" } },
      projects: { "/home/u/x": { mcpServers: { b: { type: "stdio", command: "b", args: ["1"] } } }, "/y": {} },
    });
    expect(await read("Claude Code", ".claude.json", own)).toEqual(["a: a", "b: b 1"]);
    expect(await read("Claude Code", ".mcp.json", desktop)).toHaveLength(2);
  });

  it("reads VS Code's files, with comments and trailing commas", async () => {
    const file = '{\n  // mine\n  "servers": { "x": { "type": "stdio", "command": "node", "args": ["s.js",], }, },\n}';
    expect(await read("VS Code", ".vscode/mcp.json", file)).toEqual(["x: node s.js"]);
    expect(
      await read("VS Code", ".config/Code/User/settings.json", `{ "editor": 1, "mcp": ${file.replace("{", "{ ")} }`),
    )
      .toEqual(["x: node s.js"]);
  });

  it("reads Zed, as it is and as it was", async () => {
    const settings = `{ "context_servers": {
      "new": { "command": "node", "args": ["s.js"] },
      "old": { "command": { "path": "node", "args": ["t.js"], "env": {} } },
      "source": { "source": { "type": "url", "url": "http://localhost:3000/mcp" } },
    } }`;
    expect(await read("Zed", ".config/zed/settings.json", settings))
      .toEqual(["new: node s.js", "old: node t.js", "source: http://localhost:3000/mcp"]);
  });

  it("reads Codex' TOML", async () => {
    const toml = `model = "x"\n[mcp_servers.docs]\ncommand = "uv"\nargs = ["run", "docs.py"]\n` +
      `[mcp_servers.docs.env]\nA = "b"\n[mcp_servers.far]\nurl = "https://far.example/mcp"\n`;
    expect(await read("Codex", ".codex/config.toml", toml))
      .toEqual(["docs: uv run docs.py", "far: https://far.example/mcp"]);
  });

  it("reads Continue's YAML and JSON", async () => {
    const yaml = "name: x\nmcpServers:\n  - name: db\n    command: npx\n    args: [-y, mcp-sqlite]\n" +
      "  - name: far\n    type: streamable-http\n    url: https://far.example/mcp\n";
    expect(await read("Continue", ".continue/config.yaml", yaml))
      .toEqual(["db: npx -y mcp-sqlite", "far: https://far.example/mcp"]);
    expect(await read("Continue", ".continue/mcpServers/db.yaml", yaml)).toHaveLength(2);
    expect(await read("Continue", ".continue/mcpServers/one.json", '{ "command": "npx", "args": ["x"] }'))
      .toEqual([": npx x"]);
    const old = { experimental: { modelContextProtocolServers: [{ transport: { type: "stdio", command: "a" } }] } };
    expect(await read("Continue", ".continue/config.json", JSON.stringify(old))).toEqual([": a"]);
  });

  it("takes a whole command line in one", async () => {
    expect(await read("Cursor", ".cursor/mcp.json", '{"mcpServers":{"a":{"command":"npx -y a-server"}}}'))
      .toEqual(["a: npx -y a-server"]);
  });

  it("finds nothing in what is something else, and throws for what cannot be read", async () => {
    for (
      const text of ["{}", "[]", "null", '"x"', '{"mcpServers":7}', '{"mcpServers":{"a":null,"b":[],"c":{"args":[]}}}']
    ) {
      expect(await read("Cursor", ".cursor/mcp.json", text)).toEqual([]);
    }
    await expect(read("Cursor", ".cursor/mcp.json", "{ nonsense")).rejects.toThrow();
    await expect(read("Codex", ".codex/config.toml", "= 5")).rejects.toThrow();
  });
});
