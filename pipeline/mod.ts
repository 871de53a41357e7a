/**
 * Everything about pipelines: their types, the engine, the file and its checks.
 *
 * @module
 */
export * from "./event.ts";
export * from "./context.ts";
export * from "./stage.ts";
export * from "./component.ts";
export * from "./registry.ts";
export * from "./builtins.ts";
export * from "./map_events.ts";
export * from "./merge.ts";
export * from "./fan_out.ts";
export * from "./queue.ts";
export * from "./pipe.ts";
export * from "./use.ts";
export { header, headerAll, isEventStream, mediaType } from "./http.ts";
export * from "./http_auth.ts";
export * from "./http_session.ts";
export type { MetricsSnapshot, NodeSnapshot } from "./metrics.ts";
export * from "./build.ts";
export * from "./config/problem.ts";
export * from "./config/plan.ts";
export * from "./config/load.ts";
