/**
 * Servers that no client's config names.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { env } from "node:process";
import { z } from "zod";
import { path } from "../../../pipeline/component.ts";
import type { McpServer, McpSession } from "../../../pipeline/context.ts";
import type { McpEvent, Process } from "../../../pipeline/event.ts";
import { ConfigFiles, homesHere } from "../client_configs/discover.ts";
import { isMeant, type Lineage } from "../client_configs/match.ts";
import type { ConfiguredServer } from "../client_configs/parse.ts";
import { defineDetector, type Detector, type DetectorContext, type DetectorDeclaration } from "../detector.ts";
import { quoted, serverName } from "../wording.ts";

const RULE = "mcp.server.unknown";

/** Servers that wait for the configs to be read, and those that were judged. */
const WAITING = 256, JUDGED = 10_000;
/** A message is of now if it is not older, in milliseconds: only then this machine's configs and processes say anything. */
const RECENT = 60_000;
/** Configs are read again for a new server, but not more often, in milliseconds. */
const AGAIN = 5000;
/** Processes above a server's that may be what the config names. */
const LEVELS = 4;

const options = z.strictObject({
  configs: z.array(path()).max(100).optional()
    .describe(
      "Config files of clients. If absent, those of all users of this machine are looked for, and of the projects that " +
        "clients work in, and captures that are replayed are not judged. Where no config names a server, none is called unknown.",
    ),
});

/** The detector's declaration. */
const unknownServer: DetectorDeclaration<typeof options> = defineDetector({
  name: "unknown_server",
  summary: "A server that is in no client's config",
  state: "The servers of the configs, and the keys of at most 10,000 servers that were judged.",
  options,
  rules: [{
    code: RULE,
    severity: "low",
    summary: "A client talks to a server that is in no config of a client",
    category: "shadow_server",
    references: ["OWASP-MCP09:2025"],
    target: "server",
  }],
  create: (options, context) => new UnknownServers(options.configs, context),
});
export default unknownServer;

/** A server that is to be judged. */
interface Candidate {
  readonly session: McpSession;
  readonly event: McpEvent;
  /** How many readings of the configs had begun when it came: the next one is the first that counts. */
  readonly after: number;
}

class UnknownServers implements Detector {
  readonly #named: readonly string[] | undefined;
  readonly #context: DetectorContext;
  readonly #files: ConfigFiles;
  readonly #judged = new Set<string>();
  readonly #waiting = new Map<string, Candidate>();
  #configured: readonly ConfiguredServer[] = [];
  /** Those of the projects that clients work in, by the client's pid. */
  readonly #projects = new Map<number, readonly ConfiguredServer[]>();
  /** Readings of configs that have begun, and those that have ended. */
  #begun = 0;
  #ended = 0;
  /** When the last one began, by the events' clock. */
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(configs: readonly string[] | undefined, context: DetectorContext) {
    this.#named = configs;
    this.#context = context;
    this.#files = new ConfigFiles(context.log);
  }

  session(session: McpSession, event: McpEvent): void {
    const { server } = session;
    if (this.#judged.has(server.key) || this.#waiting.has(server.key)) return;
    if (this.#named === undefined && Math.abs(this.#context.wallTime() - event.time) > RECENT) return;
    if (this.#waiting.size >= WAITING || server.process === undefined && server.address === undefined) return;
    this.#waiting.set(server.key, { session, event, after: this.#begun });
    this.#read(event.time);
  }

  tick(now: number): void {
    if (this.#waiting.size === 0 || this.#reading !== undefined) return;
    let isLeft = false;
    for (const [key, candidate] of this.#waiting) {
      if (candidate.after >= this.#ended) isLeft = true;
      else {
        this.#waiting.delete(key);
        this.#judge(candidate, now);
      }
    }
    if (isLeft && now - this.#readAt > AGAIN) this.#read(now);
  }

  async ready(): Promise<void> {
    while (this.#reading !== undefined) await this.#reading;
    if ([...this.#waiting.values()].some(({ after }) => after >= this.#ended)) {
      this.#read(this.#readAt);
      await this.#reading;
    }
  }

  end(now: number): void {
    this.tick(now);
  }

  #judge({ session, event }: Candidate, now: number): void {
    const { server, clientProcess } = session; // not the server that it was taken for at first, maybe
    const { key } = server;
    if (this.#judged.has(key)) return;
    if (this.#judged.size < JUDGED) this.#judged.add(key);
    const all = [...this.#configured, ...(this.#projects.get(clientProcess?.pid ?? -1) ?? [])];
    if (all.length === 0) return; // with nothing to hold servers against, all would be unknown
    const lineage = this.#named === undefined ? lineageOf(server, clientProcess) : [server.process?.args ?? []];
    if (all.some((configured) => isMeant(configured, server, lineage))) return;
    const configs = new Set(all.map(({ file }) => file));
    this.#context.report(RULE, {
      message: `${capital(serverName(server))} is in no config of a client, but ${
        clientProcess === undefined ? "a client" : quoted(clientProcess.name)
      } uses it`,
      details: {
        server: key,
        transport: server.transport,
        ...(server.address === undefined ? {} : { address: server.address }),
        ...(server.package === undefined ? {} : { package: server.package }),
        configs: [...configs].slice(0, 10),
      },
      event,
      session,
      time: now,
    });
  }

  #read(now: number): void {
    if (this.#reading !== undefined) return;
    this.#begun++;
    this.#readAt = now;
    this.#reading = this.#load().catch((error: unknown) => {
      this.#context.log.warn(`clients' configs cannot be read: ${error instanceof Error ? error.message : error}`);
    }).finally(() => {
      this.#ended++;
      this.#reading = undefined;
    });
  }

  async #load(): Promise<void> {
    if (this.#named !== undefined) {
      if (this.#configured.length > 0) return;
      this.#configured = (await Promise.all(this.#named.map((file) => this.#files.named(file)))).flat();
      return;
    }
    this.#configured = await this.#files.users({ homes: await homesHere(env), system: true });
    this.#projects.clear();
    for (const { session: { clientProcess } } of [...this.#waiting.values()]) {
      if (clientProcess === undefined || this.#projects.has(clientProcess.pid)) continue;
      this.#projects.set(clientProcess.pid, await this.#files.project(clientProcess.pid));
    }
  }
}

/** The command lines of a server's process and of those between it and the client: runners, shells. */
function lineageOf({ process }: McpServer, client: Process | undefined): Lineage {
  const lines: (readonly string[])[] = [process?.args ?? []];
  let pid = parentOf(process);
  for (let level = 0; level < LEVELS && pid > 1 && pid !== client?.pid; level++) {
    const args = read(`/proc/${pid}/cmdline`)?.replace(/\0+$/, "").split("\0");
    if (args === undefined) break;
    lines.push(args);
    const stat = read(`/proc/${pid}/stat`) ?? "";
    pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return lines;
}

function parentOf(process: Process | undefined): number {
  if (process === undefined) return 0;
  if (process.ppid !== undefined) return process.ppid;
  const stat = read(`/proc/${process.pid}/stat`) ?? "";
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // gone
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
