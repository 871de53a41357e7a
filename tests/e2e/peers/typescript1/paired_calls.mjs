/**
 * Calls the tool `echo` of two servers in turn: one started plainly, one with `$SENSOR` as its NODE_OPTIONS:
 * `paired_calls.mjs ROUNDS`. Prints `{ bare, hooked }`, milliseconds of each call.
 */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const server = fileURLToPath(new URL("hook_server.mjs", import.meta.url));
const rounds = Number(process.argv[2]);

async function connect(env) {
  const client = new Client({ name: "paired", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [server], env }));
  return client;
}

const { HOME, PATH, MCPSONDE_SPOOL } = process.env;
const clients = {
  bare: await connect({ HOME, PATH }),
  hooked: await connect({ HOME, PATH, MCPSONDE_SPOOL, NODE_OPTIONS: process.env.SENSOR }),
};
const times = { bare: [], hooked: [] };
const warm = Math.ceil(rounds / 10);
for (let k = -warm; k < rounds; k++) {
  for (const which of k % 2 === 0 ? ["bare", "hooked"] : ["hooked", "bare"]) {
    const began = performance.now();
    await clients[which].callTool({ name: "echo", arguments: { text: `a text of some length, number ${k}` } });
    if (k >= 0) times[which].push(performance.now() - began);
  }
}
await Promise.all(Object.values(clients).map((client) => client.close()));
process.stdout.write(JSON.stringify(times));
