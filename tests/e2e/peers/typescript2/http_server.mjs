/** SDK 2.x over plain HTTP at /mcp, for both protocol eras. Prints `{ pid, http }`. */
import http from "node:http";
import process from "node:process";
import { Readable } from "node:stream";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { recorded } from "./http_truth.mjs";
import { makeServer } from "./server.mjs";

const handler = createMcpHandler(makeServer);

const server = http.createServer(recorded(async ({ method, headers }, response, url, text) => {
  const body = method === "POST" ? text : undefined;
  const answer = await handler.fetch(new Request(new URL(url, `http://${headers.host}`), { method, headers, body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) Readable.fromWeb(answer.body).pipe(response);
  else response.end();
}));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ pid: process.pid, http: server.address().port })));
