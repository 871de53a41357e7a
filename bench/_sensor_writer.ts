/**
 * Runs in Node, bundled: tells of many events of 400 bytes through the Node sensor's own parts, with redaction, into the
 * spool `$MCPSONDE_SPOOL`. Prints `{ events, seconds, dropped }`.
 *
 * @module
 */
import process from "node:process";
import { readConfig } from "../hooks/node/src/config/read.ts";
import { Sensor } from "../hooks/node/src/sensor.ts";

const EVENTS = 400_000, AT_ONCE = 5_000;
const config = readConfig('{ "socket": false }').config;
const sensor = new Sensor(config, () => {
  throw new Error("there is nothing to redact");
});

/** 400 bytes with the envelope, as an MCP message has them. */
function tell(id: number): void {
  const message = { jsonrpc: "2.0", id, method: "tools/call", params: { name: "echo", arguments: { text: "a" } } };
  sensor.tell({
    name: "mcp_event",
    plain: `"event":"server_received_request","id":${id}`,
    open: JSON.stringify(message),
    under: "message",
  });
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
async function run(count: number): Promise<void> {
  for (let id = 0; id < count; id += AT_ONCE) {
    for (let k = 0; k < AT_ONCE; k++) tell(id + k);
    sensor.flush();
  }
  await turn();
}

await run(50_000);
const began = performance.now();
await run(EVENTS);
process.stdout.write(JSON.stringify({ events: EVENTS, seconds: (performance.now() - began) / 1000 }));
