/**
 * What calls of a session have in common, worked out once: attributes, resources, templates, series.
 *
 * @module
 */
import type { McpContext, McpSession } from "../../pipeline/context.ts";
import type { McpEvent, Process } from "../../pipeline/event.ts";
import { RecentMap } from "../../pipeline/recent_map.ts";
import {
  calledAttributes,
  clientAddress,
  type Ending,
  eraOf,
  networkAttributes,
  partyAttributes,
  serverAddress,
  sessionAttributes,
} from "./attributes.ts";
import type { Series } from "./histogram.ts";
import type { EncodedResource } from "./record.ts";
import type { Resources } from "./resources.ts";
import type { SpanTemplate } from "./template.ts";
import { endsHere, type Roles } from "./trace.ts";
import type { Attributes } from "./values.ts";

/** Sessions that are remembered; ways of talking in one; endings of one kind of call. */
const SESSIONS = 4096, LANES = 8, VARIANTS = 16;

/** What lanes take, together. */
export interface Weight {
  /** Kinds of call. */
  kinds: number;
  /** Bytes. */
  templates: number;
}

/** What they may take: beyond it all is worked out anew. */
const MOST: Readonly<Weight> = { kinds: 16_384, templates: 64 * 1024 * 1024 };

/** One way of talking in a session: who asks, and how it travels. */
export class Lane {
  readonly session: McpSession;
  readonly sender: McpContext["sender"];
  /** The ends that are on this machine. */
  readonly here: Roles;
  /** Attributes of all spans, of those of who asks, and of who answers; what the port adds comes with each call. */
  readonly common: Attributes;
  readonly asker: Attributes;
  readonly answerer: Attributes;
  /** Of all metrics, and of those of who asks. */
  readonly measured: Attributes;
  readonly where: Attributes;
  readonly resources: { readonly asker: EncodedResource; readonly answerer: EncodedResource };
  readonly services: { readonly asker: EncodedResource; readonly answerer: EncodedResource };
  readonly #process: Process | undefined;
  readonly #peer: Process | undefined;
  readonly #era: string | undefined;
  readonly #sessionId: string | undefined;
  readonly #server: McpSession["server"];
  readonly #version: number;
  readonly #clientInfo: McpSession["clientInfo"];
  readonly #http: string | undefined;
  readonly #authority: string | undefined;
  readonly #address: string | undefined;
  readonly #kinds = new Map<string, Map<string | undefined, Kind>>();
  readonly weight: Weight;

  /** That of a request. */
  constructor(
    session: McpSession,
    sender: McpContext["sender"],
    request: McpEvent,
    resources: Resources,
    weight: Weight,
  ) {
    this.weight = weight;
    const { process, peer, http, context } = request;
    this.session = session;
    this.sender = sender;
    this.#process = process;
    this.#peer = peer;
    this.#era = session.era;
    this.#sessionId = session.sessionId;
    this.#server = session.server;
    this.#version = session.server.version;
    this.#clientInfo = session.clientInfo;
    this.#http = http?.version;
    this.#authority = http?.request?.authority;
    this.#address = http?.stream.from?.address;
    this.here = endsHere(session, request, sender);
    const era = eraOf(context, session), network = networkAttributes(request);
    const serverAsks = sender === "server";
    const where = serverAsks ? {} : serverAddress(request);
    this.common = { ...sessionAttributes(session, era), ...network, ...partyAttributes(session) };
    this.measured = {
      "mcp.protocol.version": this.common["mcp.protocol.version"],
      ...network,
      "mcpsonde.server.name": this.common["mcpsonde.server.name"],
    };
    const asker = { session, side: serverAsks ? "server" as const : "client" as const, process };
    const answerer = { session, side: serverAsks ? "client" as const : "server" as const, process: peer };
    this.asker = { ...where, ...resources.onSpans(process) };
    this.answerer = { ...serverAsks ? {} : clientAddress(request), ...resources.onSpans(peer) };
    this.where = where;
    this.resources = { asker: resources.process(asker), answerer: resources.process(answerer) };
    this.services = { asker: resources.service(asker), answerer: resources.service(answerer) };
  }

  /** Whether nothing has changed, and the request is of this way. */
  fits(sender: McpContext["sender"], { process, peer, http }: McpEvent): boolean {
    const { session } = this, { server } = session;
    return this.sender === sender && this.#process === process && this.#peer === peer && this.#era === session.era &&
      this.#server === server && this.#version === server.version && this.#clientInfo === session.clientInfo &&
      this.#sessionId === session.sessionId && this.#http === http?.version &&
      this.#authority === http?.request?.authority && this.#address === http?.stream.from?.address;
  }

  /** What calls of a method and name have in common. */
  kind(method: string, name: string | undefined): Kind {
    let named = this.#kinds.get(method);
    const known = named?.get(name);
    if (known !== undefined) return known;
    if (named === undefined) this.#kinds.set(method, named = new Map());
    const made = new Kind(method, name);
    named.set(name, made);
    this.weight.kinds++;
    return made;
  }
}

/** Calls of one method and name. */
export class Kind {
  /** Tool or prompt. */
  readonly name: string | undefined;
  readonly attributes: Attributes;
  /** Those that ended well. */
  readonly well: Variant = new Variant();
  readonly #others = new Map<string, Variant>();

  constructor(method: string, name: string | undefined) {
    this.name = name;
    this.attributes = calledAttributes(method, name);
  }

  /** Those that ended alike: what the error says of itself differs. */
  variant({ error, message }: Ending): Variant {
    if (error === undefined) return this.well;
    const key = message === undefined ? error : `${error} with a message`;
    let known = this.#others.get(key);
    if (known === undefined) {
      if (this.#others.size >= VARIANTS) this.#others.clear();
      this.#others.set(key, known = new Variant());
    }
    return known;
  }
}

/** Calls that ended alike. */
export class Variant {
  /** Of spans of who asks and of who answers, by flags and parent. */
  readonly client: Map<number, SpanTemplate> = new Map();
  readonly server: Map<number, SpanTemplate> = new Map();
  /** Undefined until one was measured. */
  series:
    | { readonly client?: Series | undefined; readonly server?: Series | undefined; readonly tool?: Series | undefined }
    | undefined = undefined;
}

/** The lanes of all sessions. */
export class Lanes {
  #sessions = new RecentMap<McpSession, Lane[]>(SESSIONS);
  #weight: Weight = { kinds: 0, templates: 0 };
  readonly #resources: Resources;
  readonly #most: Readonly<Weight>;

  /** `most`: beyond it all is forgotten. */
  constructor(resources: Resources, most: Readonly<Weight> = MOST) {
    this.#resources = resources;
    this.#most = most;
  }

  /** That of a request. */
  of(session: McpSession, sender: McpContext["sender"], request: McpEvent): Lane {
    if (this.#weight.kinds > this.#most.kinds || this.#weight.templates > this.#most.templates) {
      this.#sessions = new RecentMap(SESSIONS);
      this.#weight = { kinds: 0, templates: 0 };
    }
    let lanes = this.#sessions.get(session);
    if (lanes === undefined) this.#sessions.set(session, lanes = []);
    for (let k = 0; k < lanes.length; k++) {
      const lane = lanes[k]!;
      if (lane.fits(sender, request)) return lane;
    }
    if (lanes.length >= LANES) lanes.shift();
    const made = new Lane(session, sender, request, this.#resources, this.#weight);
    lanes.push(made);
    return made;
  }
}
