/**
 * Finds clients' configs on this machine.
 *
 * @module
 */
import { constants } from "node:fs";
import { open, readdir, readFile, readlink } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import type { Log } from "../../../pipeline/component.ts";
import { CLIENTS, type ConfigFile } from "./clients.ts";
import { type ConfiguredServer, parseConfig } from "./parse.ts";

/** Larger files are not read: Claude Code keeps histories in its own. */
const LARGEST = 32 * 1024 * 1024;
/** Homes, files of one folder, and levels above a working folder that are looked at. */
const HOMES = 64, FILES = 100, LEVELS = 8;
/** Files whose servers are remembered until they change. */
const KNOWN = 1000;
/** Users below this id are not people (login.defs, `UID_MIN`); root is looked at too. */
const FIRST_USER = 1000, NOBODY = 65_534;

/** Where to look. */
export interface Places {
  /** Home folders. */
  readonly homes: readonly string[];
  /** Whether to look at configs for all users too. */
  readonly system: boolean;
}

/** The homes of this machine's people, by `/etc/passwd`, and that of the environment. */
export async function homesHere(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  const listed = passwd.split("\n").flatMap((line) => {
    const [, , uid = "", , , home = ""] = line.split(":");
    const id = Number(uid);
    return uid !== "" && (id === 0 || id >= FIRST_USER && id < NOBODY) && home.startsWith("/") ? [home] : [];
  });
  const own = env["HOME"] ?? env["USERPROFILE"];
  return [...new Set([...(own === undefined ? [] : [own]), ...listed])].slice(0, HOMES);
}

/** Reads all configs that there are. What cannot be read is said once per file and reason, and passed over. */
export class ConfigFiles {
  readonly #log: Log;
  readonly #told = new Set<string>();
  /** What was read, by path: Claude Code's own file may have megabytes. */
  readonly #known = new Map<string, { readonly state: string; readonly servers: readonly ConfiguredServer[] }>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** The servers of the configs in homes, and of those for all users. */
  async users({ homes, system }: Places): Promise<ConfiguredServer[]> {
    const found: ConfiguredServer[] = [];
    for (const { client, user, system: forAll } of CLIENTS) {
      for (const home of homes) {
        for (const file of user) found.push(...await this.#read(client, { ...file, path: join(home, file.path) }));
      }
      if (system) { for (const file of forAll) found.push(...await this.#read(client, file)); }
    }
    return found;
  }

  /** The servers of the configs in the folder that a client's process works in, and in those above. */
  async project(pid: number): Promise<ConfiguredServer[]> {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return folder === undefined ? [] : await this.folder(folder);
  }

  /** The servers of the configs in a project's folder, and in those above. */
  async folder(folder: string): Promise<ConfiguredServer[]> {
    const found: ConfiguredServer[] = [];
    for (let level = 0, at = folder; level < LEVELS; level++) {
      for (const { client, project } of CLIENTS) {
        for (const file of project) found.push(...await this.#read(client, { ...file, path: join(at, file.path) }));
      }
      const above = posix.dirname(at);
      if (above === at) break;
      at = above;
    }
    return found;
  }

  /** The servers of a file that the user names. The client is told by the file's path; else any way of writing will do. */
  async named(path: string): Promise<readonly ConfiguredServer[]> {
    const known = CLIENTS.flatMap(({ client, user, project, system }) =>
      [...user, ...project, ...system].map((file) => ({ client, file }))
    ).find(({ file }) => isAbsolute(file.path) ? path === file.path : posix.join("/", path).endsWith(`/${file.path}`));
    const servers = known?.file.servers ?? ANY;
    return await this.#read(known?.client ?? "a client", { path, servers });
  }

  async #read(client: string, { path, servers }: ConfigFile): Promise<readonly ConfiguredServer[]> {
    if (!path.endsWith("/*")) return await this.#file(client, path, servers);
    const folder = path.slice(0, -2);
    const names = await readdir(folder).catch(() => []);
    const found: ConfiguredServer[] = [];
    for (const name of names.slice(0, FILES)) {
      if (/\.(json|ya?ml)$/.test(name)) found.push(...await this.#file(client, join(folder, name), servers));
    }
    return found;
  }

  async #file(client: string, path: string, servers: ConfigFile["servers"]): Promise<readonly ConfiguredServer[]> {
    try {
      const known = this.#known.get(path);
      const read = await readNew(path, known?.state);
      if (read === "same") return known?.servers ?? [];
      if (read === undefined) return [];
      const found = read.text.trim() === "" ? [] : await parseConfig(read.text, path, client, servers);
      if (known !== undefined || this.#known.size < KNOWN) this.#known.set(path, { state: read.state, servers: found });
      return found;
    } catch (error) {
      this.#tell(path, error instanceof Error ? error.message.split("\n")[0] ?? "" : String(error));
      return [];
    }
  }

  #tell(path: string, reason: string): void {
    const line = `${path} cannot be read, so its MCP servers are not known: ${reason}`;
    if (this.#told.has(line) || this.#told.size > FILES) return;
    this.#told.add(line);
    this.#log.warn(line);
  }
}

const ANY: ConfigFile["servers"] = [["mcpServers"], ["servers"], ["context_servers"], ["mcp_servers"]];

/** A regular file's text, if it is not as it was in this state; undefined if there is none. */
async function readNew(path: string, before?: string): Promise<{ text: string; state: string } | "same" | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return undefined;
    }
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    if (stat.size > LARGEST) throw new RangeError(`it has ${stat.size} bytes`);
    const state = `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
    return state === before ? "same" : { text: await file.readFile("utf8"), state };
  } finally {
    await file.close();
  }
}
