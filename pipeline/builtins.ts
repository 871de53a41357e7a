/**
 * The components that come with mcpsonde.
 *
 * @module
 */
import console from "../sinks/console/mod.ts";
import ebpf from "../sources/ebpf/mod.ts";
import { Registry } from "./registry.ts";

/** A registry of every built-in component. */
export function builtins(): Registry {
  return new Registry([ebpf, console]);
}
