/**
 * `mcpsonde baseline ACTION [SERVER]`: what servers' tools are held against.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { McpServer } from "../pipeline/context.ts";
import type { Baseline, BaselineServer } from "../pipeline/baseline/mod.ts";
import type { Entry, TextOptions } from "./_inventory/baseline_text.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { chosen, printable } from "./_inventory/choose.ts";
import { several } from "../pipeline/wording.ts";

const ACTIONS = ["show", "diff", "accept", "reset"] as const;
type Action = typeof ACTIONS[number];

interface Flags {
  readonly file?: string;
  readonly from?: string;
}

/** Shows and changes a baseline. */
export const baseline: Command<CliContext> = buildCommand<Flags, [Action, string?], CliContext>({
  docs: {
    brief: "Show, compare and accept the tools that servers are held against",
    fullDescription:
      `A baseline holds tools, prompts and instructions of servers as they were first seen, or accepted; tool_drift compares servers with it
and tells of what differs. It is a file, by default ~/.local/state/mcpsonde/baseline.json: once that is there, \`mcpsonde\` uses it;
a pipeline file names one as { "type": "detect", "detectors": { "tool_drift": { "baseline": "FILE" } } }.

  show     the servers in it; of one server its tools
  diff     what was seen since and is not as accepted; with --from: what a capture has; exits with ${EXIT.found} if anything is
  accept   takes what was seen since for good; with --from: what a capture has
  reset    forgets a server, or all: they are trusted again as they are seen next

SERVER is a server's name or key; * stands for any text. Without it, all servers are meant.

  mcpsonde baseline accept --from good.capture
  mcpsonde baseline diff --from new.capture
  mcpsonde baseline accept github`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: action, placeholder: "ACTION", brief: ACTIONS.join(", "), proposeCompletions: actions },
        { parse: String, optional: true, placeholder: "SERVER", brief: "A server's name or key" },
      ],
    },
    flags: {
      file: { kind: "parsed", parse: String, optional: true, placeholder: "FILE", brief: "The baseline" },
      from: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "CAPTURE",
        brief: "What servers are now: a recorded capture",
      },
    },
  },
  async func({ file, from }, action, pattern) {
    const { Baseline, defaultBaseline } = await import("../pipeline/baseline/mod.ts");
    if (from !== undefined && action !== "accept" && action !== "diff") {
      throw new Failure(`--from is for accept and diff, not for ${action}`, EXIT.usage);
    }
    const path = file ?? defaultBaseline(this.process.env);
    const run: Run = {
      held: attempt(() => new Baseline(path), `${path} cannot be read as a baseline`),
      path,
      pattern,
      write: (text) => this.process.stdout.write(text),
    };
    const seen = from === undefined ? undefined : await serversOf(from, this);
    if (action === "show") await show(run);
    else if (action === "diff") this.process.exitCode = await diff(run, seen);
    else if (action === "reset") reset(run);
    else if (seen === undefined) accept(run);
    else await acceptFrom(run, seen);
  },
});

/** What an action works on. */
interface Run {
  readonly held: Baseline;
  readonly path: string;
  readonly pattern: string | undefined;
  readonly write: (text: string) => void;
}

async function show({ held, path, pattern, write }: Run): Promise<void> {
  const { definitionsText, serversText } = await import("./_inventory/baseline_text.ts");
  if (held.servers.size === 0) return write(`The baseline ${path} has no servers yet.\n`);
  const servers = chosen([...held.servers], pattern), options = await textOptions();
  if (pattern === undefined) write(serversText(servers, options));
  else write(servers.map((one) => definitionsText(one, options)).join("\n"));
}

/** What to exit with. */
async function diff({ held, pattern, write }: Run, seen: readonly McpServer[] | undefined): Promise<number> {
  const { differences, driftsOf, driftText } = await import("./_inventory/baseline_text.ts");
  const { listsOf } = await import("../pipeline/baseline/mod.ts");
  const options = await textOptions();
  const entries: Entry[] = seen === undefined ? [...held.servers] : seen.map((server) => [
    server.key,
    { ...(held.servers.get(server.key) ?? unknown(server)), seen: listsOf(server), seenAt: server.lastSeen },
  ]);
  let differing = 0;
  const shown = entries.length === 0 && seen === undefined ? [] : chosen(entries, pattern);
  for (const entry of shown) {
    const [key, server] = entry;
    const isKnown = held.servers.has(key);
    if (isKnown && differences(driftsOf(server)) === 0) continue;
    differing++;
    write(isKnown ? driftText(entry, options) : `${server.name}  ${key}\n  is not in the baseline\n`);
  }
  const [count, verb] = [several(shown.length - differing, "server"), shown.length - differing === 1 ? "is" : "are"];
  write(
    differing === 0
      ? `Nothing differs: ${count} ${verb} as accepted.\n`
      : `\n${several(differing, "server")} differ${differing === 1 ? "s" : ""}, ${count} ${verb} as accepted.\n`,
  );
  return differing === 0 ? EXIT.ok : EXIT.found;
}

function accept({ held, path, pattern, write }: Run): void {
  const servers = held.servers.size === 0 && pattern === undefined ? [] : chosen([...held.servers], pattern);
  const accepted = servers.filter(([key]) => held.accept(key, Date.now()));
  save(held, path);
  write(
    accepted.length === 0
      ? "There was nothing to accept: all is as it was accepted.\n"
      : `Accepted ${accepted.map(([, { name }]) => printable(name)).join(", ")} as last seen.\n`,
  );
}

async function acceptFrom({ held, path, pattern, write }: Run, seen: readonly McpServer[]): Promise<void> {
  const { listsOf } = await import("../pipeline/baseline/mod.ts");
  const servers = chosen(seen.map((server) => [server.key, server] as const), pattern);
  const listing = servers.filter(([, server]) => Object.keys(listsOf(server)).length > 0);
  for (const [, server] of listing) held.acceptAs(server, listsOf(server), Date.now());
  save(held, path);
  const silent = servers.length - listing.length;
  write(
    `Accepted ${listing.length === 0 ? "nothing" : listing.map(([, { name }]) => printable(name)).join(", ")}${
      silent === 0 ? "" : `; of ${several(silent, "server")} no list was seen`
    }.\n`,
  );
}

function reset({ held, path, pattern, write }: Run): void {
  const servers = held.servers.size === 0 ? [] : chosen([...held.servers], pattern);
  for (const [key] of servers) held.forget(key);
  save(held, path);
  write(`Forgot ${several(servers.length, "server")}.\n`);
}

/** The servers that a capture shows. */
async function serversOf(capture: string, context: CliContext): Promise<readonly McpServer[]> {
  const { collectServers } = await import("./_inventory/collect.ts");
  // in clear, as the detector sees them: a hash of redacted text would never fit
  const { servers, code } = await collectServers(
    { capture, flags: { followChildren: true }, redacted: false },
    context,
  );
  if (code !== EXIT.ok) throw new Failure(`${capture} could not be read to its end, so nothing is done`, code);
  if (servers.length === 0) throw new Failure(`${capture} shows no MCP server`);
  return servers;
}

function unknown({ name, transport, address, package: from }: McpServer): BaselineServer {
  return { name, transport, address, package: from, acceptedAt: 0, accepted: {}, seen: {}, seenAt: 0 };
}

function save(held: Baseline, path: string): void {
  attempt(() => held.save(), `${path} cannot be written`);
}

function attempt<T>(act: () => T, what: string): T {
  try {
    return act();
  } catch (error) {
    throw new Failure(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function textOptions(): Promise<TextOptions> {
  const { palette } = await import("../sinks/console/palette.ts");
  const { hasColours, stdoutTerminal } = await import("../sinks/console/terminal.ts");
  const { outputColumns } = await import("./_table.ts");
  return { palette: palette(hasColours("auto", stdoutTerminal)), columns: outputColumns(), now: Date.now() };
}

function action(input: string): Action {
  const found = ACTIONS.find((name) => name === input);
  if (found === undefined) throw new Failure(`it is one of ${ACTIONS.join(", ")}, not "${input}"`, EXIT.usage);
  return found;
}

function actions(partial: string): string[] {
  return ACTIONS.filter((name) => name.startsWith(partial));
}
