/**
 * JSON-RPC 2.0 off bytes: a pure codec, no I/O and no clock.
 *
 * @module
 */
export { isJsonRpc } from "./is_json_rpc.ts";
export { LineSplitter } from "./lines.ts";
export { mentionsJsonRpc } from "./mentions.ts";
export {
  DEFAULT_DEPTH,
  type Envelope,
  envelope,
  findNewline,
  Flag,
  forget,
  Found,
  IdKind,
  internName,
  scanMember,
  scanMessage,
} from "./scan.ts";
