/**
 * Who is told of: each watched process is a resource of its own, as if it were instrumented, or all are one.
 *
 * @module
 */
import type { McpSession } from "../../pipeline/context.ts";
import type { Process } from "../../pipeline/event.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import type { Encoding } from "./encoding.ts";
import { type EncodedResource, encodedResource } from "./record.ts";
import { podOf } from "./host.ts";
import { type Attributes, brief, keyValues, maybeBrief } from "./values.ts";

/** Processes that are remembered; services that can be told apart. */
const PROCESSES = 4096, SERVICES = 1024;

/** What resources are made of. */
export interface ResourceOptions {
  readonly encoding: Encoding;
  /** Of this machine and deployment: part of all. */
  readonly host: Attributes;
  /** Of mcpsonde itself. */
  readonly own: Attributes;
  /** One for all: mcpsonde's own. */
  readonly isOne: boolean;
}

/** One end of a session. */
export interface Party {
  readonly session: McpSession;
  readonly side: "client" | "server";
  /** Its process, as the message at hand has it. */
  readonly process: Process | undefined;
}

/** Makes resources, each once. */
export class Resources {
  /** Of mcpsonde itself. */
  readonly own: EncodedResource;
  readonly #options: ResourceOptions;
  readonly #processes = new RecentMap<string, EncodedResource>(PROCESSES);
  readonly #services = new Map<string, EncodedResource>();

  constructor(options: ResourceOptions) {
    this.#options = options;
    this.own = this.#made({ ...options.host, ...options.own });
  }

  /** Of spans: the process. */
  process(party: Party): EncodedResource {
    if (this.#options.isOne) return this.own;
    const attributes = { ...this.#options.host, ...serviceAttributes(party), ...processAttributes(party.process) };
    return this.#processes.recall(JSON.stringify(attributes), () => this.#made(attributes));
  }

  /** What spans say of their process, where resources do not. */
  onSpans(process: Process | undefined): Attributes {
    return this.#options.isOne ? processAttributes(process) : {};
  }

  /** Of what a process does outside of sessions. */
  plain(process: Process): EncodedResource {
    if (this.#options.isOne) return this.own;
    const attributes = {
      ...this.#options.host,
      "service.name": brief(process.name),
      ...processAttributes(process),
    };
    return this.#processes.recall(JSON.stringify(attributes), () => this.#made(attributes));
  }

  /**
   * Of metrics: the service. It has no process in it, as a server that is started for each session would be a new one. Where
   * there are too many it is mcpsonde.
   */
  service(party: Party): EncodedResource {
    if (this.#options.isOne) return this.own;
    const attributes = { ...this.#options.host, ...serviceAttributes(party) };
    const key = JSON.stringify(attributes);
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    if (this.#services.size >= SERVICES) return this.own;
    const made = this.#made(attributes);
    this.#services.set(key, made);
    return made;
  }

  #made(attributes: Attributes): EncodedResource {
    const { encoding } = this.#options;
    return encodedResource(encoding, encoding.encode("Resource", { attributes: keyValues(attributes) }));
  }
}

function serviceAttributes({ session, side, process }: Party): Attributes {
  const info = side === "server" ? session.server.info : session.clientInfo;
  const name = side === "server" ? session.server.name : info?.name ?? session.clientProcess?.name ?? process?.name;
  return {
    // the specification's name for a service without one: "unknown_service:" and the executable
    "service.name": brief(name === undefined || name === "" ? `unknown_service:mcp_${side}` : name),
    "service.version": maybeBrief(info?.version),
  };
}

/** `process.*` and `container.*` of the general conventions, v1.41. The command line may hold secrets and is left out. */
function processAttributes(process: Process | undefined): Attributes {
  if (process === undefined) return {};
  const { pid, ppid, exe, comm, container, cgroup } = process;
  return {
    "process.pid": pid,
    "process.parent_pid": ppid,
    "process.executable.name": exe === undefined ? comm : brief(exe.slice(exe.lastIndexOf("/") + 1)),
    "process.executable.path": maybeBrief(exe),
    "container.id": container,
    "k8s.pod.uid": cgroup === undefined ? undefined : podOf(cgroup),
  };
}
