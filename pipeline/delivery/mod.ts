/**
 * Delivery that loses nothing: the base of every sink that sends over a network.
 *
 * @module
 */
export * from "./types.ts";
export { type DeliveryOptions, deliveryOptions } from "./options.ts";
export { judgeByStatus, reasonOf, retryAfter } from "./judge.ts";
export { deliverySink } from "./sink.ts";
