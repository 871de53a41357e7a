/**
 * The components that come with mcpsonde.
 *
 * @module
 */
import console from "../sinks/console/mod.ts";
import jsonl from "../sinks/jsonl/mod.ts";
import record from "../sinks/record/mod.ts";
import ebpf from "../sources/ebpf/mod.ts";
import replay from "../sources/replay/mod.ts";
import http from "../transforms/http/mod.ts";
import jsonrpc from "../transforms/jsonrpc/mod.ts";
import { Registry } from "./registry.ts";

/** A registry of every built-in component. */
export function builtins(): Registry {
  return new Registry([ebpf, replay, http, jsonrpc, console, jsonl, record]);
}
