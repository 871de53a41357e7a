/**
 * A server of SDK 1.x that knows every method of the revision named by the first argument. Over stdio; with `http` or
 * `sse` as the second argument it listens and prints `{ pid, http }`. The tool `send` makes it send the method it is given.
 */
import { randomUUID } from "node:crypto";
import http from "node:http";
import process from "node:process";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { InitializeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { any, say, Tasks } from "./semantics.mjs";

const [revision, transport = "stdio"] = process.argv.slice(2);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  logging: {},
  completions: {},
  ...(revision >= "2025-11-25" && { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }),
};

const TOOLS = ["send", "echo", "fail", "wait", "steps", "ask"].map((name) => ({
  name,
  description: `The tool ${name}.`,
  inputSchema: { type: "object" },
}));

/** Answers that are always the same. */
const ANSWERS = {
  "tools/list": { tools: TOOLS },
  "prompts/list": { prompts: [{ name: "greet", arguments: [{ name: "name" }] }] },
  "prompts/get": { messages: [{ role: "user", content: { type: "text", text: "Greet Ada" } }] },
  "resources/list": { resources: [{ uri: "note://one", name: "one" }] },
  "resources/templates/list": { resourceTemplates: [{ uriTemplate: "note://{name}", name: "notes" }] },
  "resources/read": { contents: [{ uri: "note://one", text: "a note" }] },
  "resources/subscribe": {},
  "resources/unsubscribe": {},
  "completion/complete": { completion: { values: ["Ada", "Alan"], hasMore: false } },
  "logging/setLevel": {},
};

/** What the server may send by itself. */
const SENT = {
  ping: {},
  "sampling/createMessage": { messages: [{ role: "user", content: { type: "text", text: "hi" } }], maxTokens: 5 },
  "roots/list": {},
  "elicitation/create": { message: "Name?", requestedSchema: { type: "object", properties: { name: { type: "string" } } } },
  "notifications/message": { level: "info", data: "a line" },
  "notifications/tools/list_changed": {},
  "notifications/prompts/list_changed": {},
  "notifications/resources/list_changed": {},
  "notifications/resources/updated": { uri: "note://one" },
  "notifications/elicitation/complete": { elicitationId: "e1" },
};

function makeServer() {
  const server = new Server({ name: "semantics1", version: "1.0.0" }, { capabilities: CAPABILITIES });
  const initialize = server._requestHandlers.get("initialize");
  server.setRequestHandler(InitializeRequestSchema, async (request, extra) => {
    return { ...await initialize(request, extra), protocolVersion: revision }; // the SDK would take the newest
  });
  const tasks = new Tasks((method, params) => server.notification({ method, params }));
  server.fallbackNotificationHandler = async () => {};
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    if (method.startsWith("tasks/")) return await tasks.answer(method, params);
    if (method !== "tools/call") {
      if (ANSWERS[method] === undefined) throw Object.assign(new Error("Method not found"), { code: -32601 });
      return ANSWERS[method];
    }
    if (params.task) return await tasks.make(say("done as a task"));
    return await TOOL[params.name](params.arguments ?? {}, extra);
  };
  const request = (method, params, extra, options) => extra.sendRequest({ method, params }, any, options);

  /** Tools by name. */
  const TOOL = {
    echo: ({ text }) => say(text),
    fail: () => ({ ...say("as asked"), isError: true }),
    wait: async ({ ms }) => {
      await wait(ms);
      return say("waited");
    },
    steps: async ({ count }, { _meta: { progressToken } = {}, sendNotification }) => {
      for (let progress = 1; progress <= count; progress++) {
        await sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: count } });
      }
      return say("done");
    },
    /** Asks the client for several things while its caller waits. */
    ask: async (_, extra) => {
      await request("roots/list", {}, extra);
      await request("sampling/createMessage", SENT["sampling/createMessage"], extra, { onprogress: () => {} });
      if (revision >= "2025-06-18") await request("elicitation/create", SENT["elicitation/create"], extra);
      return say("asked");
    },
    send: async ({ method }, extra) => {
      if (method.startsWith("tasks/") || method === "notifications/tasks/status") return await useTask(method, extra);
      if (method === "notifications/progress") return await TOOL.steps({ count: 1 }, extra);
      if (method === "notifications/cancelled") {
        const stop = new AbortController();
        const asked = request("sampling/createMessage", { ...SENT["sampling/createMessage"], systemPrompt: "hang" }, extra, {
          signal: stop.signal,
        });
        setTimeout(() => stop.abort("enough"), 30);
        await asked.catch(() => {});
      } else if (method.startsWith("notifications/")) {
        await extra.sendNotification({ method, params: SENT[method] });
      } else await request(method, SENT[method], extra);
      return say(`sent ${method}`);
    },
  };

  /** A task that the client runs: sampling. */
  async function useTask(method, extra) {
    const params = { ...SENT["sampling/createMessage"], task: { ttl: 60_000 } };
    const { task: { taskId } } = await request("sampling/createMessage", params, extra);
    if (method === "notifications/tasks/status") await tasks.make(say("told"));
    else await request(method, method === "tasks/list" ? {} : { taskId }, extra);
    if (method !== "tasks/result" && method !== "tasks/cancel") await request("tasks/result", { taskId }, extra);
    return say(`sent ${method}`);
  }
  return server;
}

if (transport === "stdio") await makeServer().connect(new StdioServerTransport());
else {
  const sessions = new Map();
  const server = http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://peer");
    if (pathname === "/sse") {
      const session = new SSEServerTransport("/messages", response);
      sessions.set(session.sessionId, session);
      return await makeServer().connect(session);
    }
    if (pathname === "/messages") return await sessions.get(searchParams.get("sessionId")).handlePostMessage(request, response);
    const id = request.headers["mcp-session-id"];
    let session = sessions.get(id);
    if (!session) {
      session = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, session),
      });
      await makeServer().connect(session);
    }
    await session.handleRequest(request, response);
  });
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ pid: process.pid, http: server.address().port })));
}
