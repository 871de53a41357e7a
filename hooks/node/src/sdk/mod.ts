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

/** Told when the first instance of an SDK is made. */
export type Found = () => void;

/** Waits for an SDK. */
export function watchSdk(
  sensor: Sensor,
  options: McpOptions,
  found: Found,
): void {
  const protocols = new Protocols(sensor, options);
  const registrations = options.registrations
    ? new Registrations(sensor)
    : undefined;
  protocols.onconnect = (protocol) => registrations?.tellServer(protocol);
  let isFound = false;
  openDoor((instance) => {
    if (!isFound) {
      isFound = true;
      found();
      watchAddresses();
    }
    if ("_onrequest" in instance) protocols.watch(instance);
    else registrations?.watch(instance);
  });
}
