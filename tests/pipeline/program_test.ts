import { describe, expect, it } from "vitest";
import { programOf } from "../../pipeline/program.ts";

const CASES: readonly (readonly [line: string, name: string, runs: string, rest?: string])[] = [
  ["/usr/bin/node --import ./hook.mjs /srv/server.js stdio", "node", "script /srv/server.js", "stdio"],
  ["node -r dotenv/config dist/index.js", "node", "script dist/index.js"],
  ["node -e console.log(1)", "node", "code", "console.log(1)"],
  ["node --inspect=0 server.mjs --port 1", "node", "script server.mjs", "--port 1"],
  ["/venv/bin/python3.12 -u -m mcp_server_git --repository /x", "python", "module mcp_server_git", "--repository /x"],
  ["python /venv/bin/mcp-server-fetch", "python", "script /venv/bin/mcp-server-fetch"],
  ["python3 -c import x", "python", "code", "import x"],
  [
    "npx -y @modelcontextprotocol/server-filesystem@1.2 /home",
    "npx",
    "npm @modelcontextprotocol/server-filesystem@1.2",
    "/home",
  ],
  ["npx --package=@scope/tools -- serve /home", "npx", "npm @scope/tools", "/home"],
  ["npm exec @scope/server dir", "npm", "npm @scope/server", "dir"],
  ["npm run dev", "npm", "self", "run dev"],
  ["uvx --from git+https://x/y mcp-server", "uvx", "pypi git+https://x/y"],
  ["uvx mcp-server-time --local-timezone UTC", "uvx", "pypi mcp-server-time", "--local-timezone UTC"],
  ["uv tool run mcp-server-time", "uv", "pypi mcp-server-time"],
  ["uv run --directory /srv server.py", "uv", "script server.py"],
  ["uv --directory /srv run server.py", "uv", "script server.py"],
  ["pipx run mcp-server-git", "pipx", "pypi mcp-server-git"],
  ["deno run -A --allow-net=x npm:@scope/server@1 a", "deno", "npm @scope/server@1", "a"],
  ["deno run -A main.ts", "deno", "script main.ts"],
  ["bunx @scope/server", "bunx", "npm @scope/server"],
  ["bun run src/index.ts", "bun", "script src/index.ts"],
  ["/usr/bin/env node /x/.bin/server stdio", "node", "script /x/.bin/server", "stdio"],
  ["env -S A=b python3 -m x", "python", "module x"],
  ["cmd.exe /C npx -y x", "npx", "npm x"],
  ["sh -c exec server", "sh", "code", "exec server"],
  ["/usr/local/bin/github-mcp-server stdio", "github-mcp-server", "self", "stdio"],
];

describe("programOf", () => {
  for (const [line, name, runs, rest = ""] of CASES) {
    it(`reads ${line}`, () => {
      const program = programOf(line.split(" "));
      const said = program.runs.kind === "script"
        ? `script ${program.runs.path}`
        : program.runs.kind === "module"
        ? `module ${program.runs.name}`
        : program.runs.kind === "package"
        ? `${program.runs.registry} ${program.runs.spec}`
        : program.runs.kind;
      expect([program.name, said, program.rest.join(" ")]).toEqual([name, runs, rest]);
    });
  }

  it("reads a title that a runner wrote over its arguments", () => {
    expect(programOf(["npm exec @scope/server dir"]).runs).toEqual({
      kind: "package",
      registry: "npm",
      spec: "@scope/server",
    });
  });

  it("takes anything", () => {
    for (const args of [[], [""], ["node"], ["python", "-m"], ["npx", "-p"], ["__proto__"], ["constructor", "x"]]) {
      expect(typeof programOf(args).name).toBe("string");
    }
  });
});
