/**
 * A server of SDK 2.x (2026-07-28) that asks for input in several rounds, makes tasks and notifies. Over stdio; with `http`
 * as the argument it listens and prints `{ pid, http }`.
 */
import http from "node:http";
import process from "node:process";
import { Readable } from "node:stream";
import { completable, createMcpHandler, inputRequired, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

const say = (text) => ({ content: [{ type: "text", text }] });
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const elicit = (message) =>
  inputRequired.elicit({ message, requestedSchema: { type: "object", properties: { name: { type: "string" } } } });

/** Over HTTP, who tells open subscriptions of changes. */
let notifier;

/** Tasks of the extension, shared by all instances. */
const tasks = new Map();

function task(taskId, status, more = {}) {
  const now = new Date().toISOString();
  return { taskId, status, createdAt: now, lastUpdatedAt: now, ttlMs: 60_000, pollIntervalMs: 10, ...more };
}

function makeServer() {
  const server = new McpServer({ name: "semantics2", version: "1.0.0" }, {
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
      completions: {},
      extensions: { "io.modelcontextprotocol/tasks": {} },
    },
    instructions: "Answers in rounds.",
  });
  const tool = (name, handler, shape = {}) =>
    server.registerTool(name, { description: `The tool ${name}.`, inputSchema: z.object(shape) }, handler);

  tool("echo", ({ text }) => say(text), { text: z.string() });
  tool("fail", () => ({ ...say("as asked"), isError: true }));
  tool("wait", async ({ ms }) => {
    await wait(ms);
    return say("waited");
  }, { ms: z.number() });
  tool("steps", async ({ count }, { mcpReq: { _meta: { progressToken } = {}, notify } }) => {
    for (let progress = 1; progress <= count; progress++) {
      await notify({ method: "notifications/progress", params: { progressToken, progress, total: count } });
    }
    return say("done");
  }, { count: z.number() });
  tool("log", async (_, { mcpReq }) => {
    await mcpReq.log("info", "a line");
    return say("logged");
  });
  /** Two rounds, kept apart by the state. */
  tool("ask", (_, { mcpReq }) => {
    if (mcpReq.requestState() === undefined) {
      return inputRequired({ inputRequests: { who: elicit("Name?") }, requestState: `first ${crypto.randomUUID()}` });
    }
    if (mcpReq.requestState().startsWith("first")) {
      return inputRequired({
        inputRequests: {
          idea: inputRequired.createMessage({
            messages: [{ role: "user", content: { type: "text", text: "hi" } }],
            maxTokens: 5,
          }),
          roots: inputRequired.listRoots(),
        },
        requestState: `second ${crypto.randomUUID()}`,
      });
    }
    return say("asked twice");
  });
  /** One round, without a state. */
  tool("confirm", (_, { mcpReq }) =>
    mcpReq.inputResponses?.sure === undefined
      ? inputRequired({ inputRequests: { sure: elicit("Sure?") } })
      : say("confirmed"));
  tool("change", () => {
    setTimeout(() => {
      if (notifier) {
        notifier.toolsChanged();
        notifier.promptsChanged();
        notifier.resourcesChanged();
        notifier.resourceUpdated("note://one");
      } else {
        server.sendToolListChanged();
        server.sendPromptListChanged();
        server.sendResourceListChanged();
        server.server.sendResourceUpdated({ uri: "note://one" });
      }
    }, 20);
    return say("changed");
  });
  /** A task that works, then needs input, then is done. */
  tool("slow", async ({ ends }, { mcpReq }) => {
    const made = task(`task-${crypto.randomUUID()}`, "working");
    tasks.set(made.taskId, { asked: 0, given: false, ends });
    await mcpReq.notify({ method: "notifications/tasks", params: made });
    return { resultType: "task", ...made };
  }, { ends: z.string() });

  const params = z.looseObject({ taskId: z.string() });
  server.server.setRequestHandler("tasks/get", { params }, ({ taskId }) => {
    const one = tasks.get(taskId);
    if (one.cancelled) return task(taskId, "cancelled");
    if (one.ends === "failed") return task(taskId, "failed", { error: { code: -32603, message: "as asked" } });
    if (++one.asked === 1) return task(taskId, "working");
    if (one.given) return task(taskId, "completed", { result: say("done as a task") });
    return task(taskId, "input_required", { inputRequests: { who: elicit("Name?") } });
  });
  server.server.setRequestHandler("tasks/update", { params }, ({ taskId }) => {
    tasks.get(taskId).given = true;
    return {};
  });
  server.server.setRequestHandler("tasks/cancel", { params }, ({ taskId }) => {
    tasks.get(taskId).cancelled = true;
    return {};
  });

  server.registerResource("note", "note://one", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, text: "a note" }],
  }));
  server.registerResource("notes", new ResourceTemplate("notes://{name}", { list: undefined }), {}, ({ href }) => ({
    contents: [{ uri: href, text: "a note" }],
  }));
  server.registerPrompt("greet", {
    argsSchema: z.object({ name: completable(z.string(), () => ["Ada", "Alan"]) }),
  }, ({ name }) => ({ messages: [{ role: "user", content: { type: "text", text: `Greet ${name}` } }] }));
  return server;
}

if (process.argv[2] === "http") {
  const handler = createMcpHandler(makeServer);
  notifier = handler.notify;
  const server = http.createServer(async (request, response) => {
    const { method, headers } = request;
    const parts = [];
    for await (const part of request) parts.push(part);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const body = method === "POST" ? Buffer.concat(parts) : undefined;
    const url = new URL(request.url, `http://${headers.host}`);
    const answer = await handler.fetch(new Request(url, { method, headers, body, signal: gone.signal })).catch(() => {});
    if (answer === undefined) return response.end();
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) Readable.fromWeb(answer.body).on("error", () => response.end()).pipe(response);
    else response.end();
  });
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ pid: process.pid, http: server.address().port })));
} else serveStdio(makeServer);
