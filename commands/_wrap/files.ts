/**
 * The configuration files of clients that there are here.
 *
 * @module
 */
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, resolve } from "node:path";
import { CLIENTS, type ConfigFile } from "../../transforms/detect/client_configs/clients.ts";

/** A file of a client. */
export interface ClientFile {
  readonly client: string;
  /** What links lead to. */
  readonly path: string;
  readonly places: ConfigFile["servers"];
}

/** Where to look. */
export interface Where {
  readonly home: string;
  /** The folder whose project is meant; those above it count too. */
  readonly folder: string;
}

/** Levels above a folder that belong to its project, and files of one folder. */
const LEVELS = 8, FILES = 100;

/** A client's name as it is typed: `claude-desktop`. */
export function slug(client: string): string {
  return client.toLowerCase().replaceAll(" ", "-");
}

/** All names that may be typed. */
export const SLUGS: readonly string[] = CLIENTS.map(({ client }) => slug(client));

/** The files of these clients, or of all: of the user and of the project, each once. */
export async function clientFiles(slugs: readonly string[], { home, folder }: Where): Promise<ClientFile[]> {
  const found = new Map<string, ClientFile>();
  const look = async (client: string, path: string, places: ConfigFile["servers"]) => {
    for (const one of await expanded(path)) {
      const real = await realpath(one).catch(() => undefined);
      if (real === undefined || found.has(real)) continue;
      if ((await stat(real)).isFile()) found.set(real, { client, path: real, places });
    }
  };
  for (const { client, user, project } of CLIENTS) {
    if (slugs.length > 0 && !slugs.includes(slug(client))) continue;
    for (const { path, servers } of user) await look(client, join(home, path), servers);
    for (let level = 0, at = folder; level < LEVELS; level++, at = dirname(at)) {
      for (const { path, servers } of project) await look(client, join(at, path), servers);
      if (dirname(at) === at) break;
    }
  }
  return [...found.values()];
}

/** A file that the user names: its client is told by its path, else any way of writing will do. */
export async function namedFile(path: string): Promise<ClientFile> {
  const real = await realpath(resolve(path));
  const known = CLIENTS.flatMap(({ client, user, project, system }) =>
    [...user, ...project, ...system].map((file) => ({ client, file }))
  ).find(({ file }) => isAbsolute(file.path) ? real === file.path : posix.join("/", real).endsWith(`/${file.path}`));
  return { client: known?.client ?? "a client", path: real, places: known?.file.servers ?? ANY };
}

const ANY: ConfigFile["servers"] = [["mcpServers"], ["servers"], ["context_servers"], ["mcp_servers"], [
  "mcp",
  "servers",
]];

async function expanded(path: string): Promise<string[]> {
  if (!path.endsWith("/*")) return [path];
  const names = await readdir(path.slice(0, -2)).catch(() => []);
  return names.filter((name) => /\.(json|ya?ml)$/.test(name)).slice(0, FILES).map((name) => join(dirname(path), name));
}
