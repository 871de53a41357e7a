/**
 * The components that come with mcpsonde.
 *
 * @module
 */
import { Registry } from "./registry.ts";

/** A registry of every built-in component. */
export function builtins(): Registry {
  return new Registry([]);
}
