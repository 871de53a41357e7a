/**
 * What a gate is made of, in a form that can be sent to another thread.
 *
 * @module
 */
import type { PolicyConfig } from "../../pipeline/policy/mod.ts";
import type { Gate } from "./lane.ts";

/** What judges a client's messages before they reach the server. */
export interface GateSpec {
  readonly policy: PolicyConfig;
  /** What the server is called in rules, besides what it calls itself. */
  readonly server: string;
  /** The server's command line. */
  readonly command: readonly string[];
}

/** Loads what judges, which takes some milliseconds; without a spec nothing is loaded. */
export async function loadGate(
  spec: GateSpec | undefined,
): Promise<((answer: (line: Uint8Array<ArrayBuffer>) => void) => Gate) | undefined> {
  if (spec === undefined) return undefined;
  // by a name that Deno does not see beforehand: it would prepare the module at every start
  const { policyGate }: typeof import("./policy_gate.ts") = await import(
    new URL("./policy_gate.ts", import.meta.url).href
  );
  return await policyGate(spec);
}
