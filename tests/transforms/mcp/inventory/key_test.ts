import { describe, expect, it } from "vitest";
import { serverKey } from "../../../../transforms/mcp/inventory/key.ts";

const ofArgs = (line: string, more = {}) =>
  serverKey({
    transport: "stdio",
    address: undefined,
    process: { pid: 1, comm: "node", name: "x", args: line.split(" "), ...more },
  });
const ofAddress = (address: string) => serverKey({ transport: "http", address, process: undefined });

describe("serverKey", () => {
  it("has no word of the command line but the process's name", () => {
    expect(ofArgs("server --api-key hunter2")).toMatch(/^stdio:x#[0-9a-f]{12}$/);
  });

  it("is the same where only secrets, ports and the interpreter's place differ", () => {
    for (
      const [one, other] of [
        ["node /s.js --token abc", "/usr/bin/node /s.js --token def"],
        ["server --api-key=abc -v", "server --api-key=def -v"],
        ["server GITHUB_TOKEN=abc", "server GITHUB_TOKEN=def"],
        ["server --port 1 x", "server --port 2 x"],
        ["python3 -m a", "/usr/bin/python3.12 -u -m a"],
        ["/root/.npm/_npx/1a/node_modules/.bin/s", "/home/u/.npm/_npx/2b/node_modules/.bin/s"].map((s) => `node ${s}`),
        ["python /c/uv/archive-v0/Ab1/bin/s", "python /c/uv/archive-v0/Xy2/bin/s"],
      ] as const
    ) {
      expect(ofArgs(one!)).toBe(ofArgs(other!));
    }
  });

  it("differs where the server does", () => {
    const keys = ["node /a.js", "node /b.js", "node /a.js /home", "node /a.js /etc", "python -m a", "a", "npx a"]
      .map((line) => ofArgs(line));
    expect(new Set([...keys, ofArgs("node /a.js", { container: "123456789012" })]).size).toBe(8);
  });

  it("is the address without query over HTTP, whatever the host's case", () => {
    expect(ofAddress("Localhost:3000/mcp?token=abc")).toBe("http:localhost:3000/mcp");
    expect(ofAddress("h/Mcp")).not.toBe(ofAddress("h/mcp"));
    expect(ofAddress(`h/${"x".repeat(5000)}`).length).toBeLessThan(400);
    expect(ofAddress(`h/${"x".repeat(5000)}`)).not.toBe(ofAddress(`h/${"x".repeat(5001)}`));
  });

  it("can be made of nothing", () => {
    expect(serverKey({ transport: "stdio", address: undefined, process: undefined })).toBe("stdio:?");
  });
});
