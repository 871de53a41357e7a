/**
 * The components that come with mcpsonde.
 *
 * @module
 */
import { Registry } from "./registry.ts";

/** A registry of every built-in component, none of them loaded yet. */
export function builtins(): Registry {
  return new Registry()
    .addLazy("source", "ebpf", () => import("../sources/ebpf/mod.ts"))
    .addLazy("source", "nats", () => import("../sources/nats/mod.ts"))
    .addLazy("source", "pipe", () => import("../sources/pipe/mod.ts"))
    .addLazy("source", "replay", () => import("../sources/replay/mod.ts"))
    .addLazy("source", "spool", () => import("../sources/spool/mod.ts"))
    .addLazy("source", "http_proxy", () => import("../sources/http_proxy/mod.ts"))
    .addLazy("source", "stdio", () => import("../sources/stdio/mod.ts"))
    .addLazy("transform", "http", () => import("../transforms/http/mod.ts"))
    .addLazy("transform", "jsonrpc", () => import("../transforms/jsonrpc/mod.ts"))
    .addLazy("transform", "merge", () => import("../transforms/merge/mod.ts"))
    .addLazy("transform", "mcp", () => import("../transforms/mcp/mod.ts"))
    .addLazy("transform", "detect", () => import("../transforms/detect/mod.ts"))
    .addLazy("transform", "filter", () => import("../transforms/filter/mod.ts"))
    .addLazy("transform", "sample", () => import("../transforms/sample/mod.ts"))
    .addLazy("transform", "rate_limit", () => import("../transforms/rate_limit/mod.ts"))
    .addLazy("transform", "policy", () => import("../transforms/policy/mod.ts"))
    .addLazy("transform", "redact", () => import("../transforms/redact/mod.ts"))
    .addLazy("sink", "console", () => import("../sinks/console/mod.ts"))
    .addLazy("sink", "http", () => import("../sinks/http/mod.ts"))
    .addLazy("sink", "jsonl", () => import("../sinks/jsonl/mod.ts"))
    .addLazy("sink", "otlp", () => import("../sinks/otlp/mod.ts"))
    .addLazy("sink", "nats", () => import("../sinks/nats/mod.ts"))
    .addLazy("sink", "pipe", () => import("../sinks/pipe/mod.ts"))
    .addLazy("sink", "record", () => import("../sinks/record/mod.ts"))
    .addLazy("sink", "sqlite", () => import("../sinks/sqlite/mod.ts"))
    .addLazy("sink", "serve", () => import("../sinks/serve/mod.ts"));
}
