/**
 * The `mcp` feature: messages, sessions and registrations of the MCP SDKs.
 *
 * @module
 */
import type { Sensor } from "../sensor.ts";
import { watchAddresses } from "./address.ts";
import type { McpOptions } from "./connection.ts";
import { openDoor } from "./door.ts";
import { Protocols } from "./protocol.ts";
import { Registrations } from "./registrations.ts";

/** Waits for an SDK. Gives what is to be called when a module of one is about to be loaded. */
export function watchSdk(sensor: Sensor, options: McpOptions): () => void {
  const protocols = new Protocols(sensor, options);
  const registrations = options.registrations ? new Registrations(sensor) : undefined;
  protocols.onconnect = (protocol) => registrations?.tellServer(protocol);
  openDoor((instance) => {
    if ("_onrequest" in instance) protocols.watch(instance);
    else registrations?.watch(instance);
  });
  return watchAddresses;
}
