/**
 * The `stdio` source: stands between a client and a server that it starts.
 *
 * @module
 */
import { z } from "zod";
import { type Context, defineSource, path, type SourceComponent } from "../../pipeline/component.ts";
import type { Batch } from "../../pipeline/event.ts";
import { policyOption } from "../../pipeline/policy/option.ts";
import { processName } from "../../pipeline/process_name.ts";
import { takeOver } from "./current.ts";
import { events } from "./events.ts";
import { type RunningServer, startServer } from "./server.ts";

/** How long a server that was told to end may take, in milliseconds. */
const PATIENCE_MS = 2000;
const MIB = 1024 * 1024;

const options = z.strictObject({
  command: z.array(z.string()).min(1).optional().describe(
    "The server and its arguments. Standard input and output of mcpsonde become the server's, so nothing else may use " +
      "them. Absent: what `mcpsonde proxy -- CMD` names.",
  ),
  name: z.string().min(1).optional().describe("What to call the server. Default: by its command line."),
  env: z.record(z.string(), z.string()).optional().describe("Environment variables to set besides those there are."),
  cwd: path().optional().describe("The folder that the server runs in."),
  queue_bytes: z.int().min(262_144).max(1024 * MIB).default(4 * MIB).describe(
    "How much may wait for the pipeline. What does not fit goes by unseen, and a gap tells of it: the client and the " +
      "server never wait for the pipeline.",
  ),
  policy: policyOption().optional(),
});

/** Proxies. */
const component: SourceComponent<typeof options> = defineSource({
  type: "stdio",
  summary: "A server over stdio that it starts, and stands before; needs no rights.",
  options,
  create: ({ command, name, env, cwd, queue_bytes, policy }, context) => {
    if (command === undefined) {
      const server = takeOver();
      if (server === undefined) {
        throw new Error("no command: name one, or start this file by mcpsonde proxy --pipeline FILE -- CMD");
      }
      return events(server, { source: context.name, server: name }, context.signal);
    }
    const [program = ""] = command;
    return started(
      () => {
        const gate = policy && { policy, server: name ?? processName(program, command), command };
        return startServer({ command, env, cwd }, { ringBytes: queue_bytes, gate });
      },
      name,
      context,
    );
  },
});
export default component;

/** Starts the server when it is first asked for events, and ends it with the pipeline. */
async function* started(start: () => RunningServer, name: string | undefined, context: Context): AsyncGenerator<Batch> {
  let server: RunningServer;
  try {
    server = start();
  } catch (error) {
    throw new Error(`The server cannot be started: ${error instanceof Error ? error.message : String(error)}`);
  }
  let over = false;
  server.status.then(() => over = true);
  try {
    yield* events(server, { source: context.name, server: name }, context.signal);
  } finally {
    if (!over) {
      server.kill("SIGTERM");
      const late = setTimeout(() => server.kill("SIGKILL"), PATIENCE_MS);
      await server.status;
      clearTimeout(late);
    }
  }
}
