/**
 * What a message does against the protocol, though it can be read.
 *
 * @module
 */
import type { McpContext } from "../../../pipeline/context.ts";
import type { FindingEvent, McpEvent } from "../../../pipeline/event.ts";

const NONE: readonly FindingEvent[] = Object.freeze([]);

/** Checks messages one by one, in the order in which they were seen. */
export class ProtocolChecks {
  /** What is wrong with a message; mostly nothing, which is one shared array. */
  check(_event: McpEvent, _context: McpContext): readonly FindingEvent[] {
    return NONE;
  }
}
