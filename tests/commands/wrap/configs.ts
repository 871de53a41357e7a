/** Configurations as the clients' documentation shows them, in the ways that people write them. */

/** One of them. */
export interface Sample {
  readonly client: string;
  /** In a home. */
  readonly path: string;
  readonly text: string;
  /** Servers over stdio, in their order. */
  readonly servers: readonly string[];
}

/** All. */
export const SAMPLES: readonly Sample[] = [
  {
    client: "Claude Desktop",
    path: ".config/Claude/claude_desktop_config.json",
    servers: ["filesystem", "sqlite", "bare"],
    text: `{
  "globalShortcut": "Ctrl+Space",
  "mcpServers": {
    "filesystem": {
      "command": "npx",
      "args": [
        "-y",
        "@modelcontextprotocol/server-filesystem",
        "/Users/me/Desktop"
      ]
    },
    "sqlite": { "command": "uvx", "args": ["mcp-server-sqlite", "--db-path", "~/test.db"], "env": { "A": "1" } },
    "bare": {
      "command": "/opt/bin/server with space"
    }
  }
}
`,
  },
  {
    client: "Claude Code",
    path: ".claude.json",
    servers: ["outer", "inner"],
    text:
      '{"numStartups":12,"mcpServers":{"outer":{"type":"stdio","command":"node","args":[],"env":{}}},"projects":{"/work/x":{"history":[{"display":"héllo \\u00e9"}],"mcpServers":{"inner":{"type":"stdio","command":"C:\\\\bin\\\\s.exe","args":["--x"]},"web":{"type":"http","url":"https://x.example/mcp"}}}}}',
  },
  {
    client: "Cursor",
    path: ".cursor/mcp.json",
    servers: ["github"],
    text:
      '{\r\n\t"mcpServers": {\r\n\t\t"github": {\r\n\t\t\t"command": "docker",\r\n\t\t\t"args": [\r\n\t\t\t\t"run",\r\n\t\t\t\t"-i"\r\n\t\t\t]\r\n\t\t},\r\n\t\t"remote": { "url": "https://example.com/sse" }\r\n\t}\r\n}',
  },
  {
    client: "VS Code",
    path: ".config/Code/User/settings.json",
    servers: ["my server", "second"],
    text: `// settings
{
  "editor.fontSize": 14, /* large */
  "mcp": {
    "inputs": [{ "type": "promptString", "id": "key" }],
    "servers": {
      // the one that matters
      "my server": {
        "type": "stdio",
        "command": "node", // the runtime
        "args": [
          // the script
          "\${workspaceFolder}/server.js", "--key=\${input:key}",
        ],
      },
      "second": { "command": "python3" /* no arguments */ , "envFile": ".env", },
    },
  },
}
`,
  },
  {
    client: "Windsurf",
    path: ".codeium/windsurf/mcp_config.json",
    servers: ["a"],
    text:
      '\ufeff{\n    "mcpServers" : {\n        "a" : { "args" : [ "x" ], "command" : "run", "disabled" : true },\n        "b" : { "serverUrl" : "https://b.example" }\n    }\n}\n',
  },
  {
    client: "Zed",
    path: ".config/zed/settings.json",
    servers: ["old", "new"],
    text: `{
  "theme": "One Dark",
  "context_servers": {
    "old": {
      "source": "custom",
      "command": {
        "path": "npx",
        "args": ["-y", "x"],
        "env": {}
      },
      "settings": {}
    },
    "new": {
      "command": "server",
      "args": [],
      "env": { "K": "V" }
    }
  }
}`,
  },
  {
    client: "Gemini CLI",
    path: ".gemini/settings.json",
    servers: ["py"],
    text:
      '{ "mcpServers": { "py": { "command": "python", "args": ["-m", "srv"], "cwd": "./x", "timeout": 15000 }, "h": { "httpUrl": "http://localhost:3000/mcp" } } }\n',
  },
  {
    client: "Codex",
    path: ".codex/config.toml",
    servers: ["docs", "dotted.name", "inline", "long", "none", "plain"],
    text: `# Codex
model = "gpt-5"   # the newest
notify = ["a", 'b']

[mcp_servers.docs]
command = "npx" # a comment
args = ["-y", "@docs/mcp", # the package
  "--flag=[x]"]
startup_timeout_sec = 20

[mcp_servers.docs.env]
"API_KEY" = "va\\"lue"
command = "not a server"

[mcp_servers."dotted.name"]
command = 'C:\\raw\\path.exe'
args = [ ]

[mcp_servers]
inline = { command = "uvx", args = ["x"], env = { A = "b" } }

[mcp_servers.long]
args = [
  "one",
  """two""",
]
command = "long"

[mcp_servers.none]
command = "none"
enabled = true

[mcp_servers.web]
url = "https://x.example/mcp"

[profiles.x]
plain.command = "not a server either"
when = 1979-05-27T07:32:00Z

[mcp_servers.plain]
command = "plain"`,
  },
  {
    client: "Continue",
    path: ".continue/config.yaml",
    servers: ["SQLite", "Flow", "None", "Quoted"],
    text: `name: My Config # the name
version: 1.0.0
mcpServers:
  - name: SQLite
    command: npx
    args:
      - -y
      - "mcp-sqlite" # the package
    env:
      KEY: \${{ secrets.KEY }}
  - { name: Flow, command: uvx, args: [mcp-flow, --x] }
  - name: None
    command: none
  - name: Quoted
    command: 'it''s'
    args: []

  - name: Remote
    type: sse
    url: https://example.com
models:
  - name: x
`,
  },
  {
    client: "Continue",
    path: ".continue/mcpServers/one.yaml",
    servers: ["One"],
    text: "name: One\nversion: 0.0.1\nschema: v1\nmcpServers:\n- name: One\n  command: node\n  args:\n  - a.js\n",
  },
];
