/**
 * A server that says secrets in many places: `$SECRETS` has them by place. Over stdio; with `http` as the argument it
 * listens and prints `{ pid, http }`; requests to `/refused` are answered with 401.
 */
import { randomUUID } from "node:crypto";
import http from "node:http";
import process from "node:process";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { any, say } from "./semantics.mjs";

const secrets = JSON.parse(process.env.SECRETS);
const isHttp = process.argv[2] === "http";

function makeServer() {
  const server = new Server({ name: `vault ${secrets.server_name}`, version: "1.0.0" }, {
    capabilities: { tools: {}, resources: {}, prompts: {}, logging: {} },
    instructions: `Use ${secrets.instructions} to log in.`,
  });
  server.fallbackRequestHandler = async ({ method, params = {} }, extra) => {
    if (method === "tools/list") {
      const inputSchema = { type: "object", properties: { key: { type: "string", default: secrets.schema_default } } };
      return { tools: [{ name: "reveal", description: `Such as ${secrets.description}.`, inputSchema }] };
    }
    if (method === "resources/list") return { resources: [{ uri: `db://u:${secrets.resource_uri}@h/d`, name: "db" }] };
    if (method === "resources/read") return { contents: [{ uri: params.uri, text: `token=${secrets.resource_text}\n` }] };
    if (method === "prompts/get") {
      return { messages: [{ role: "user", content: { type: "text", text: `Log in with ${secrets.prompt}` } }] };
    }
    if (method !== "tools/call") throw Object.assign(new Error("Method not found"), { code: -32601 });
    const { _meta: { progressToken } = {} } = params;
    if (progressToken !== undefined) {
      const message = `using ${secrets.progress}`;
      await extra.sendNotification({ method: "notifications/progress", params: { progressToken, progress: 1, message } });
    }
    await extra.sendNotification({ method: "notifications/message", params: { level: "info", data: { seen: secrets.log } } });
    await extra.sendRequest({
      method: "elicitation/create",
      params: { message: `Is ${secrets.elicitation} right?`, requestedSchema: { type: "object", properties: {} } },
    }, any);
    if (params.arguments?.fail) {
      throw Object.assign(new Error(`refused ${secrets.error_message}`), { code: -32000, data: { of: secrets.error_data } });
    }
    return {
      ...say(`export KEY=${secrets.result_text}`),
      structuredContent: { deep: [{ deeper: { value: `x ${secrets.result_structured} y` } }] },
      _meta: { note: secrets.result_meta },
    };
  };
  return server;
}

if (!isHttp) {
  console.log(`DEBUG connecting with ${secrets.stray_output}`); // what programs print to their MCP stream
  await makeServer().connect(new StdioServerTransport());
  process.stdout.write(`{"jsonrpc":"2.0","method":"broken ${secrets.malformed}",\n`);
  const escaped = [...secrets.escaped].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  process.stdout.write(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${escaped}"}}\n`);
} else {
  const sessions = new Map();
  const server = http.createServer(async (request, response) => {
    response.setHeader("set-cookie", `session=${secrets.set_cookie}; HttpOnly`);
    if (request.url.startsWith("/refused")) {
      response.writeHead(401, { "content-type": "application/json", "www-authenticate": 'Bearer realm="x"' });
      return response.end(JSON.stringify({ error: "invalid_token", error_description: `${secrets.refusal} is not valid` }));
    }
    let transport = sessions.get(request.headers["mcp-session-id"]);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, transport),
      });
      await makeServer().connect(transport);
    }
    await transport.handleRequest(request, response);
  });
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ pid: process.pid, http: server.address().port })));
}
