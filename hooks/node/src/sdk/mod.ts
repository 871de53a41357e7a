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

/** The parts of the feature that others call. */
export interface Sdk {
  /** Whether an SDK was found. */
  readonly isFound: boolean;
  /** A module of an SDK is about to be loaded. */
  readonly found: () => void;
}

/** Waits for an SDK. */
export function watchSdk(sensor: Sensor, options: McpOptions): Sdk {
  const protocols = new Protocols(sensor, options);
  const registrations = options.registrations ? new Registrations(sensor) : undefined;
  protocols.onconnect = (protocol) => registrations?.tellServer(protocol);
  let isFound = false;
  const found = () => {
    isFound = true;
    watchAddresses();
  };
  openDoor((instance) => {
    found(); // its module may have been loaded by another thread, as tsx does
    if ("_onrequest" in instance) protocols.watch(instance);
    else registrations?.watch(instance);
  });
  return {
    get isFound() {
      return isFound;
    },
    found,
  };
}
