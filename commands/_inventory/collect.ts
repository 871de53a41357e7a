/**
 * Runs a capture, or what happens on this machine, through `mcp`, and gives the servers that were seen.
 *
 * @module
 */
import type { McpServer, McpSession } from "../../pipeline/context.ts";
import type { Event } from "../../pipeline/event.ts";
import type { CliContext } from "../_context.ts";
import { type CaptureFlags, captureOptions } from "../_flags.ts";

/** Servers that are kept, and sessions that are remembered to the end. */
const SERVERS = 4096, SESSIONS = 16_384;

/** Where to look. */
export interface CollectOptions {
  /** The capture; if absent, this machine. */
  readonly capture?: string | undefined;
  /** Of this machine: what to watch. */
  readonly flags: CaptureFlags;
  /** Of this machine: for how many seconds; if absent, until a signal comes. */
  readonly seconds?: number | undefined;
  /** Whether secrets are taken out of what the servers say. */
  readonly redacted: boolean;
}

/** What was seen. */
export interface Collected {
  /** By when they were seen first. */
  readonly servers: readonly McpServer[];
  /** Servers beyond the number that is kept. */
  readonly leftOut: number;
  /** What to exit with, if all else goes well. */
  readonly code: number;
}

/**
 * Collects servers out of events. Asks each session at the end who its server is: at first it may be taken for another
 * one.
 */
export class Servers {
  readonly #sessions = new Set<McpSession>();
  readonly #servers = new Set<McpServer>();
  #leftOut = 0;

  /** Takes an event. */
  add(event: Event): void {
    if (event.kind !== "mcp" || event.context === undefined) return;
    const { session } = event.context;
    if (this.#sessions.has(session)) return;
    if (this.#sessions.size >= SESSIONS) {
      const [oldest = session] = this.#sessions;
      this.#sessions.delete(oldest);
      this.#keep(oldest.server);
    }
    this.#sessions.add(session);
  }

  /** All, the oldest first; of two with one key the one that was seen last. */
  get all(): readonly McpServer[] {
    for (const { server } of this.#sessions) this.#keep(server);
    const byKey = new Map<string, McpServer>();
    for (const server of this.#servers) {
      const known = byKey.get(server.key);
      if (known === undefined || known.lastSeen <= server.lastSeen) byKey.set(server.key, server);
    }
    return [...byKey.values()].sort((a, b) => a.firstSeen - b.firstSeen);
  }

  /** How many were too many. */
  get leftOut(): number {
    return this.#leftOut;
  }

  #keep(server: McpServer): void {
    if (this.#servers.size < SERVERS) this.#servers.add(server);
    else if (!this.#servers.has(server)) this.#leftOut++;
  }
}

/** Collects servers. */
export async function collectServers(options: CollectOptions, context: CliContext): Promise<Collected> {
  const { builtins, defineSink, planPipeline } = await import("../../pipeline/mod.ts");
  const { planned, runPlan } = await import("../_run_pipeline.ts");
  const { HINT, mustBeAbleToCapture } = await import("../_machine.ts");
  const { z } = await import("zod");
  const { capture, flags, seconds, redacted } = options;
  if (capture === undefined) await mustBeAbleToCapture(flags.libbpf);
  const servers = new Servers();
  const registry = builtins().add(defineSink({
    type: "servers",
    summary: "Collects servers",
    options: z.strictObject({}),
    create: () => async (input) => {
      for await (const batch of input) for (const event of batch) servers.add(event);
    },
  }));
  const source = capture === undefined ? { type: "ebpf", ...captureOptions(flags) } : { type: "replay", path: capture };
  const transforms = [{ type: "http" }, { type: "jsonrpc" }, { type: "mcp", check_arguments: false }];
  const plan = planned(
    await planPipeline({
      sources: { source },
      transforms: redacted ? [...transforms, { type: "redact" }] : transforms,
      sinks: { servers: { type: "servers" } },
    }, { registry }),
  );
  const code = await runPlan(plan, context, {
    ...(capture === undefined
      ? { greeting: greeting(seconds), hint: HINT }
      : { reads: { label: "inventory", path: capture, source: "source", writesLines: false } }),
    ...(capture === undefined && seconds !== undefined ? { stop: AbortSignal.timeout(seconds * 1000) } : {}),
  });
  return { servers: servers.all, leftOut: servers.leftOut, code };
}

function greeting(seconds: number | undefined): string {
  return `looking for MCP servers at work, ${seconds === undefined ? "until Ctrl-C" : `for ${seconds} s`}`;
}
