/**
 * Where MCP clients keep the servers that they are to use.
 *
 * Sources, checked 2026-11: modelcontextprotocol.io "Connect to local MCP servers" (Claude Desktop); code.claude.com
 * "Connect Claude Code to tools via MCP"; cursor.com, code.visualstudio.com, docs.windsurf.com, zed.dev and
 * docs.continue.dev on MCP; `google-gemini/gemini-cli` docs/tools/mcp-server.md; `openai/codex` docs/config.md.
 *
 * @module
 */

/** A file that a client reads. */
export interface ConfigFile {
  /** Relative to a home folder, to a project's folder, or absolute. A last part `*` stands for all files of a folder. */
  readonly path: string;
  /** Where its servers are: member names; `*` stands for any. The value is a map by name, a list, or one server. */
  readonly servers: readonly (readonly string[])[];
}

/** A client. */
export interface ClientConfig {
  /** Its name. */
  readonly client: string;
  /** In users' homes, on Linux, macOS and Windows. */
  readonly user: readonly ConfigFile[];
  /** In the folder that the client works in, or one above. */
  readonly project: readonly ConfigFile[];
  /** For all users. */
  readonly system: readonly ConfigFile[];
}

const MCP_SERVERS = [["mcpServers"]] as const;

/** The same file in each of the folders where Linux, macOS and Windows have it. */
function applicationFiles(folder: string, file: string, servers: ConfigFile["servers"]): ConfigFile[] {
  return [".config", "Library/Application Support", "AppData/Roaming"].map((base) => ({
    path: `${base}/${folder}/${file}`,
    servers,
  }));
}

const CODES = ["Code", "Code - Insiders", "VSCodium"];

/** All clients. */
export const CLIENTS: readonly ClientConfig[] = [
  {
    client: "Claude Desktop",
    user: applicationFiles("Claude", "claude_desktop_config.json", MCP_SERVERS),
    project: [],
    system: [],
  },
  {
    client: "Claude Code",
    user: [{ path: ".claude.json", servers: [["mcpServers"], ["projects", "*", "mcpServers"]] }],
    project: [{ path: ".mcp.json", servers: MCP_SERVERS }],
    system: [
      { path: "/etc/claude-code/managed-mcp.json", servers: MCP_SERVERS },
      { path: "/Library/Application Support/ClaudeCode/managed-mcp.json", servers: MCP_SERVERS },
    ],
  },
  {
    client: "Cursor",
    user: [{ path: ".cursor/mcp.json", servers: MCP_SERVERS }],
    project: [{ path: ".cursor/mcp.json", servers: MCP_SERVERS }],
    system: [],
  },
  {
    client: "VS Code",
    user: CODES.flatMap((folder) => [
      ...applicationFiles(folder, "User/mcp.json", [["servers"]]),
      ...applicationFiles(folder, "User/settings.json", [["mcp", "servers"]]),
    ]),
    project: [
      { path: ".vscode/mcp.json", servers: [["servers"]] },
      { path: ".vscode/settings.json", servers: [["mcp", "servers"]] },
    ],
    system: [],
  },
  {
    client: "Windsurf",
    user: [{ path: ".codeium/windsurf/mcp_config.json", servers: MCP_SERVERS }],
    project: [],
    system: [],
  },
  {
    client: "Zed",
    user: [
      { path: ".config/zed/settings.json", servers: [["context_servers"]] },
      { path: "AppData/Roaming/Zed/settings.json", servers: [["context_servers"]] },
    ],
    project: [{ path: ".zed/settings.json", servers: [["context_servers"]] }],
    system: [],
  },
  {
    client: "Gemini CLI",
    user: [{ path: ".gemini/settings.json", servers: MCP_SERVERS }],
    project: [{ path: ".gemini/settings.json", servers: MCP_SERVERS }],
    system: [
      { path: "/etc/gemini-cli/settings.json", servers: MCP_SERVERS },
      { path: "/Library/Application Support/GeminiCli/settings.json", servers: MCP_SERVERS },
    ],
  },
  {
    client: "Codex",
    user: [{ path: ".codex/config.toml", servers: [["mcp_servers"]] }],
    project: [{ path: ".codex/config.toml", servers: [["mcp_servers"]] }],
    system: [{ path: "/etc/codex/config.toml", servers: [["mcp_servers"]] }],
  },
  {
    client: "Continue",
    user: [
      { path: ".continue/config.yaml", servers: MCP_SERVERS },
      { path: ".continue/config.json", servers: [["mcpServers"], ["experimental", "modelContextProtocolServers"]] },
      { path: ".continue/mcpServers/*", servers: [["mcpServers"], []] },
    ],
    project: [{ path: ".continue/mcpServers/*", servers: [["mcpServers"], []] }],
    system: [],
  },
];
