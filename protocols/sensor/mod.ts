/**
 * Lines that sensors write: BlueRock's, ours, MCPSpy's, mcpsnoop's, and those of others by a mapping. A pure codec, no I/O
 * and no clock.
 *
 * @module
 */
export { forgetLines, type Format, FORMATS, SensorLines, type Unreadable } from "./lines.ts";
export type { Mapping } from "./plain.ts";
export type { NamedProcess, SensorRecord, ToldMessage } from "./record.ts";
export { textOf } from "./_values.ts";
export { beginnings } from "./torn.ts";
