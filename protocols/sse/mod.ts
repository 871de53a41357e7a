/**
 * Event streams (`text/event-stream`) off bytes: a pure codec, no I/O and no clock.
 *
 * @module
 */
export { type SseEvent, type SseOptions, SseParser } from "./parser.ts";
