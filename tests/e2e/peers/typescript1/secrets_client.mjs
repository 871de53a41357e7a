/** A client that says secrets in many places, `$SECRETS`, and makes its server do so: `secrets_client.mjs (stdio | URL)`. */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { any } from "./semantics.mjs";

const secrets = JSON.parse(process.env.SECRETS);
const [to] = process.argv.slice(2);
const server = fileURLToPath(new URL("secrets_server.mjs", import.meta.url));

const client = new Client({ name: `client ${secrets.client_name}`, version: "1.0.0" }, { capabilities: { elicitation: {} } });
client.fallbackRequestHandler = async () => ({ action: "accept", content: { answer: secrets.elicited } });
client.fallbackNotificationHandler = async () => {};
client.onerror = () => {};

const headers = {
  authorization: `Bearer ${secrets.authorization}`,
  cookie: `theme=dark; session=${secrets.cookie}`,
  "x-api-key": secrets.api_key_header,
  "x-custom": `trace ${secrets.custom_header}`,
};
const url = (path) => new URL(`${path}?api_key=${secrets.query}&q=about+${secrets.query_other}`, to);
if (to !== "stdio") {
  const init = { ...{ method: "POST", headers: { ...headers, "content-type": "application/json" } } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "reveal", key: secrets.refused } });
  await fetch(url("/refused"), { ...init, body }).then((response) => response.text());
}
await client.connect(
  to === "stdio"
    ? new StdioClientTransport({
      command: process.execPath,
      args: [server, "stdio", `--api-key=${secrets.command_line}`, "--token", secrets.command_line_next],
      env: { ...process.env, API_KEY: secrets.environment },
      stderr: "ignore",
    })
    : new StreamableHTTPClientTransport(url("/mcp"), { requestInit: { headers } }),
);
const request = (method, params = {}, options) => client.request({ method, params }, any, options);
await request("tools/list");
await request("resources/list");
await request("resources/read", { uri: `https://files.example/x?access_token=${secrets.uri_argument}` });
await request("prompts/get", { name: "greet", arguments: { who: secrets.prompt_argument } });
const args = {
  key: secrets.argument,
  nested: { list: [1, { text: `curl -H 'Authorization: Bearer ${secrets.argument_nested}'` }] },
  json: JSON.stringify({ inner: JSON.stringify({ token: secrets.argument_json }) }),
  password: secrets.named,
  [secrets.argument_name]: true,
};
await request("tools/call", { name: "reveal", arguments: args, _meta: { note: secrets.request_meta } }, { onprogress() {} });
await request("tools/call", { name: "reveal", arguments: { fail: true } }).catch(() => {});
await request("no/such/method", { of: secrets.unknown_method }).catch(() => {});
await client.notification({ method: "notifications/cancelled", params: { requestId: 999, reason: `lost ${secrets.reason}` } });
await new Promise((resolve) => setTimeout(resolve, 100));
await client.close();
