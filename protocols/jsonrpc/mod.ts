/**
 * JSON-RPC 2.0 off bytes: a pure codec, no I/O and no clock.
 *
 * @module
 */
export { isJsonRpc } from "./is_json_rpc.ts";
