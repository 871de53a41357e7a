import { describe, expect, it } from "vitest";
import { processName } from "../../pipeline/process_name.ts";

describe("processName", () => {
  it.each([
    [
      "node",
      ["node", "node_modules/@modelcontextprotocol/server-everything/dist/index.js", "stdio"],
      "server-everything",
    ],
    ["node", ["node", "/srv/tools/weather.mjs"], "weather"],
    ["MainThread", ["node", "--import", "tsx", "/srv/files/src/server.ts"], "files"],
    ["npm exec @scope", ["npm exec @scope/mcp-server@1.2.0 --port 1"], "npm"],
    ["npx", ["npx", "-y", "@scope/mcp-server@1.2.0"], "mcp-server"],
    ["deno", ["deno", "run", "-A", "npm:@scope/mcp-server@1/bin"], "mcp-server"],
    ["python3", ["python3", "-m", "mcp_server_git"], "mcp_server_git"],
    ["python3.11", ["/usr/bin/python3.11", "-u", "/opt/notes/server.py"], "notes"],
    ["uvx", ["uvx", "mcp-server-fetch"], "mcp-server-fetch"],
    ["python", ["python", "-c", "print(1)"], "python"],
    ["sh", ["sh", "-c", "node x.js"], "sh"],
    ["claude", ["claude"], "claude"],
    ["mcp-server-very", ["/usr/local/bin/mcp-server-very-long-name"], "mcp-server-very-long-name"],
    ["nginx", ["nginx: worker process"], "nginx"],
    ["cat", undefined, "cat"],
    ["", undefined, "?"],
  ])("%s %j is shown as %s", (comm, args, expected) => expect(processName(comm, args)).toBe(expected));

  it("lets no control character through", () => expect(processName("a\u001b[2Jb")).toBe("a?[2Jb"));
});
