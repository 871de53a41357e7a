/**
 * Writes the spans of calls: a template, then what this call has besides.
 *
 * @module
 */
import { type Ending, spanName } from "./attributes.ts";
import type { AttributeWriter, Encoding } from "./encoding.ts";
import { CLIENT, ids, PARENT } from "./ids.ts";
import type { Kind, Lane, Variant } from "./lanes.ts";
import { type Role, type Shape, SpanTemplate } from "./template.ts";
import type { Roles } from "./trace.ts";
import { FLAG_HAS_IS_REMOTE, FLAG_IS_REMOTE, type KeyValue, type Span, SPAN_KIND, STATUS_ERROR } from "./types.ts";
import { keyValues } from "./values.ts";

/** Trace flags of a trace that begins here. */
export const SAMPLED = 1;
/** Not a flag of OTLP: tells templates with the caller's parent from those without; taken off before it is sent. */
const WITH_PARENT = 0x10000;
/** Texts that need no escape in either encoding, which is nearly all. */
const PLAIN = /^[\w.:/+=@?&%,;~#!$*()' -]*$/;
const ROOM = 64 * 1024;
/** Digits of a port. */
const PORT = 5;

/** What is the same in calls of one shape. */
export interface CallShape {
  readonly lane: Lane;
  readonly kind: Kind;
  readonly variant: Variant;
  readonly ending: Ending;
  /** The spans that are made. */
  readonly roles: Roles;
  /** The flags of the caller's context; undefined if it has sent none. */
  readonly parentFlags: number | undefined;
}

/** What is not. */
export interface CallValues {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Of the request. */
  readonly id: string | undefined;
  readonly uri: string | undefined;
  /** The client's port: an attribute of spans of who answers it. */
  readonly port: number | undefined;
  /** More attributes, of all its spans or of the first. */
  readonly more: readonly KeyValue[] | undefined;
  readonly content: readonly KeyValue[] | undefined;
  /** Members: `traceState` and `events` of all its spans, `links` of the last. */
  readonly rest: Pick<Span, "traceState" | "events" | "droppedEventsCount"> | undefined;
  readonly links: Span["links"];
}

/** Writes records into memory of its own, which it uses again for the next call. */
export class SpanWriter {
  readonly #encoding: Encoding;
  readonly #id: AttributeWriter;
  readonly #uri: AttributeWriter;
  readonly #port: AttributeWriter;
  readonly #closed: Uint8Array;
  #scratch = new Uint8Array(ROOM);

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
    this.#id = encoding.attribute("jsonrpc.request.id", "string");
    this.#uri = encoding.attribute("mcp.resource.uri", "string");
    this.#port = encoding.attribute("client.port", "int");
    this.#closed = encoding.close({});
  }

  /** Adds the records of a call, whose ids are set, to `out`. They are good until the next call. */
  write(shape: CallShape, values: CallValues, out: Uint8Array[]): void {
    const { roles } = shape;
    let at = 0;
    if (roles.client) at = this.#span("client", shape, values, !roles.server, true, at, out);
    if (roles.server) this.#span("server", shape, values, true, !roles.client, at, out);
  }

  #span(
    role: Role,
    shape: CallShape,
    values: CallValues,
    isLast: boolean,
    isFirst: boolean,
    from: number,
    out: Uint8Array[],
  ): number {
    const encoding = this.#encoding;
    const { id, uri, start, end, content } = values;
    const template = this.#template(role, shape);
    const port = role === "server" ? values.port : undefined;
    const simpleId = id !== undefined && PLAIN.test(id), simpleUri = uri !== undefined && PLAIN.test(uri);
    let more = this.#more(values.more, isFirst ? content : undefined);
    if (!simpleId && id !== undefined) more = join(more, encoding.more(keyValues({ "jsonrpc.request.id": id })));
    if (!simpleUri && uri !== undefined) more = join(more, encoding.more(keyValues({ "mcp.resource.uri": uri })));
    const closing = this.#closing(values, shape.ending, isLast);
    const size = template.bytes.length + (simpleId ? this.#id.most + id.length : 0) +
      (simpleUri ? this.#uri.most + uri.length : 0) + this.#port.most + PORT + (more?.length ?? 0) + closing.length;
    if (from + size > this.#scratch.length) this.#scratch = new Uint8Array(Math.max(ROOM, from + 2 * size));
    const bytes = this.#scratch;
    let at = template.put(bytes, from, ids, start, end);
    if (simpleId) at = this.#id.put(bytes, at, id);
    if (simpleUri) at = this.#uri.put(bytes, at, uri);
    if (port !== undefined) at = this.#port.put(bytes, at, String(port));
    if (more !== undefined) {
      bytes.set(more, at);
      at += more.length;
    }
    for (let k = 0; k < closing.length; k++) bytes[at++] = closing[k]!;
    out.push(bytes.subarray(from, at));
    return at;
  }

  #more(all: readonly KeyValue[] | undefined, first: readonly KeyValue[] | undefined): Uint8Array | undefined {
    if (all === undefined && first === undefined) return undefined;
    return this.#encoding.more([...all ?? [], ...first ?? []]);
  }

  /** What a template cannot have: it differs from call to call. */
  #closing({ rest, links }: CallValues, { error, message }: Ending, isLast: boolean): Uint8Array {
    if (rest === undefined && (links === undefined || !isLast) && message === undefined) return this.#closed;
    return this.#encoding.close({
      ...rest,
      links: isLast ? links : undefined,
      status: error === undefined || message === undefined ? undefined : { message, code: STATUS_ERROR },
    });
  }

  #template(role: Role, shape: CallShape): SpanTemplate {
    const { lane, variant } = shape;
    const flags = flagsOf(role, shape);
    let template = variant[role].get(flags);
    if (template === undefined) {
      const resource = role === "client" ? lane.resources.asker : lane.resources.answerer;
      template = new SpanTemplate(this.#encoding, resource, role, above(role, shape), shapeOf(role, flags, shape));
      variant[role].set(flags, template);
      lane.weight.templates += template.bytes.length;
    }
    return template;
  }
}

function join(a: Uint8Array | undefined, b: Uint8Array): Uint8Array {
  if (a === undefined) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Whose child a span is: the client's span is the parent of the server's. */
function above(role: Role, { roles, parentFlags }: CallShape): typeof PARENT | typeof CLIENT | undefined {
  if (role === "server" && roles.client) return CLIENT;
  return parentFlags === undefined ? undefined : PARENT;
}

/** Of a server's span the parent is elsewhere; of a client's it is in the same process. */
function flagsOf(role: Role, shape: CallShape): number {
  const { parentFlags } = shape;
  const isRemote = role === "server" && above(role, shape) !== undefined;
  return (parentFlags ?? SAMPLED) & 0xff | FLAG_HAS_IS_REMOTE | (isRemote ? FLAG_IS_REMOTE : 0) |
    (parentFlags === undefined ? 0 : WITH_PARENT);
}

function shapeOf(role: Role, flags: number, { lane, kind, ending }: CallShape): Shape {
  const { error, code, message } = ending;
  return {
    flags: flags & ~WITH_PARENT,
    name: spanName(String(kind.attributes["mcp.method.name"]), kind.name),
    kind: SPAN_KIND[role],
    status: error === undefined || message !== undefined ? undefined : { code: STATUS_ERROR },
    attributes: keyValues({
      ...kind.attributes,
      ...lane.common,
      ...(role === "client" ? lane.asker : lane.answerer),
      "error.type": error,
      "rpc.response.status_code": code,
    }),
  };
}
