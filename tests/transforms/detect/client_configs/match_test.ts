import { describe, expect, it } from "vitest";
import { isSameAddress, isSameCommand } from "../../../../transforms/detect/client_configs/match.ts";

const same = (written: string, seen: string, package_?: string) =>
  isSameCommand(written.split(" "), seen.split(" "), package_);

describe("isSameCommand", () => {
  for (
    const [written, seen, package_] of [
      ["node /srv/a.js x", "/usr/bin/node /srv/a.js x"],
      ["node ./dist/a.js", "node /home/u/p/dist/a.js"],
      ["node ${workspaceFolder}/a.js --k ${input:key}", "node /home/u/p/a.js --k secret"],
      ["npx -y @s/server-fs@latest /home", "npm exec @s/server-fs@latest /home"],
      ["npx -y @s/server-fs /home", "node /root/.npm/_npx/1/node_modules/.bin/mcp-server-fs /home"],
      ["npx -y @s/server-fs /home", "node /root/.npm/_npx/1/node_modules/@s/server-fs/dist/index.js /home"],
      ["npx -y @s/tools /home", "node /x/cli.js /home", "npm:@s/tools@1.2.0"],
      ["cmd /c npx -y @s/server-fs /home", "node /x/node_modules/.bin/server-fs /home"],
      ["uvx mcp-server-git --repository /x", "/c/bin/python /c/uv/archive-v0/Ab/bin/mcp-server-git --repository /x"],
      ["uvx mcp_server_git", "/c/bin/python -m x", "pypi:mcp-server-git@1"],
      ["uv --directory /srv run server.py", "/srv/.venv/bin/python3 server.py"],
      ["python -m my_server", "/usr/bin/python3.12 -m my_server"],
      ["my-server --x", "/usr/bin/python3 /usr/local/bin/my-server --x"],
      ["my-server --x", "node /usr/local/bin/my-server --x"],
      ["/opt/github-mcp-server stdio", "github-mcp-server stdio"],
      ["docker run -i --rm mcp/github", "docker run -i --rm mcp/github"],
      ["env A=b my-server", "my-server"],
      ["sh -c exec x", "sh -c exec x"],
    ] as const
  ) it(`takes ${seen} for ${written}`, () => expect(same(written, seen, package_)).toBe(true));

  for (
    const [written, seen, package_] of [
      ["node /srv/a.js", "node /srv/b.js"],
      ["node /srv/a.js /home", "node /srv/a.js /etc"],
      ["node /srv/a.js", "node /srv/a.js --extra"],
      ["node /srv/a.js", "node /tmp/srv/a.js"],
      ["npx -y @s/server-fs", "npx -y @evil/server-fs"],
      ["npx -y @s/server-fs", "node /tmp/evil.js"],
      ["npx -y @s/server-fs", "node /x/cli.js", "npm:@evil/server-fs@1.0.0"],
      ["uvx mcp-server-git", "python /tmp/mcp-server-time"],
      ["python -m a", "python -m b"],
      ["my-server", "other-server"],
      ["sh -c a", "sh -c b"],
      ["docker run mcp/github", "docker run mcp/evil"],
    ] as const
  ) it(`does not take ${seen} for ${written}`, () => expect(same(written, seen, package_)).toBe(false));
});

describe("isSameAddress", () => {
  it("compares authority and path", () => {
    expect(isSameAddress("https://API.example/mcp", "api.example/mcp", "http")).toBe(true);
    expect(isSameAddress("https://api.example/mcp/", "api.example:443/mcp", "http")).toBe(true);
    expect(isSameAddress("http://localhost:3000/mcp?x=1", "localhost:3000/mcp", "http")).toBe(true);
    expect(isSameAddress("http://localhost:3000/sse", "localhost:3000/messages", "sse")).toBe(true);
    expect(isSameAddress("https://${HOST}/mcp", "api.example/mcp", "http")).toBe(true);
    expect(isSameAddress("https://api.example/mcp", "api.example.evil/mcp", "http")).toBe(false);
    expect(isSameAddress("https://api.example/mcp", "api.example/other", "http")).toBe(false);
    expect(isSameAddress("http://localhost:3000/mcp", "localhost:3001/mcp", "http")).toBe(false);
    expect(isSameAddress("nonsense", "localhost:3001/mcp", "http")).toBe(false);
  });
});
