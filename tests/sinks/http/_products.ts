/**
 * Receivers that take what their products' documentation says, refuse all else in the documented way, and tell what was
 * wrong (`complaints`). Behind a real server they stand in for products that cannot be had here.
 */

/** What came. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered. */
export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A receiver. */
export interface Product {
  /** What a request had that the documentation does not allow. */
  readonly complaints: string[];
  answer(asked: Asked): Answered;
}

type Entry = Record<string, unknown>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answered => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

/** Loki 3: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs and its default limits. */
export class Loki implements Product {
  readonly complaints: string[] = [];
  /** What it keeps, without what came twice: `labels` as JSON, time, line, metadata. */
  readonly entries = new Map<string, { labels: Entry; time: string; line: string; metadata: Entry }>();
  /** Entries with this in their line are refused, as are those that are too long. */
  refuse = "";

  answer({ method, target, headers, body }: Asked): Answered {
    if (method === "GET" && target === "/ready") return { status: 200, body: "ready\n" };
    if (method !== "POST" || target !== "/loki/api/v1/push") return { status: 404, body: "404 page not found\n" };
    if (headers["content-type"] !== "application/json") return this.#wrong("unsupported content type");
    const pushed = parsed(body);
    if (!isObject(pushed) || !Array.isArray(pushed["streams"])) return this.#wrong("no streams");
    let refused = 0, all = 0;
    for (const stream of pushed["streams"]) {
      if (!isObject(stream) || !isObject(stream["stream"]) || !Array.isArray(stream["values"])) {
        return this.#wrong("no stream");
      }
      const labels = stream["stream"];
      const names = Object.keys(labels);
      if (names.length === 0 || names.length > 15) return this.#wrong("max_label_names_per_series");
      if (names.some((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))) return this.#wrong("label name");
      if (Object.values(labels).some((value) => typeof value !== "string")) return this.#wrong("label value");
      for (const entry of stream["values"]) {
        if (!Array.isArray(entry) || entry.length < 2 || entry.length > 3) return this.#wrong("entry");
        const [time, line, metadata = {}] = entry;
        if (typeof time !== "string" || !/^\d{19}$/.test(time)) return this.#wrong("time in nanoseconds");
        if (typeof line !== "string") return this.#wrong("line");
        if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
          return this.#wrong("structured metadata");
        }
        all++;
        if (line.length > 256 * 1024 || this.refuse !== "" && line.includes(this.refuse)) refused++;
        else this.entries.set(JSON.stringify([labels, time, line]), { labels, time, line, metadata });
      }
    }
    if (refused === 0) return { status: 204 };
    return { status: 400, body: `entry for stream '{}' is no good, total ignored: ${refused} out of ${all}\n` };
  }

  #wrong(what: string): Answered {
    this.complaints.push(what);
    return { status: 400, body: `${what}\n` };
  }
}

/** Elasticsearch 9: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk, a data stream. */
export class Elasticsearch implements Product {
  readonly complaints: string[] = [];
  readonly documents = new Map<string, Entry>();
  /** How often an id came that was there already. */
  repeats = 0;
  /** What is answered for a document instead of taking it; once for each. */
  fault: (document: Entry, id: string) => { status: number; type: string } | undefined = () => undefined;

  answer({ method, target, headers, body }: Asked): Answered {
    const { pathname } = new URL(target, "http://host");
    if (method === "GET" && pathname === "/") return json(200, { tagline: "You Know, for Search" });
    if (!/^\/[a-z0-9.-]+\/_bulk$/.test(pathname)) return json(405, { error: "Incorrect HTTP method", status: 405 });
    if (method !== "POST" && method !== "PUT") return json(405, { error: "Incorrect HTTP method", status: 405 });
    if (headers["content-type"] !== "application/x-ndjson") {
      this.complaints.push("content type");
      return json(406, { error: "Content-Type header is not supported", status: 406 });
    }
    if (!body.endsWith("\n")) {
      this.complaints.push("no newline at the end");
      return json(400, { error: { type: "illegal_argument_exception" }, status: 400 });
    }
    const lines = body.slice(0, -1).split("\n").map(parsed);
    const items: Entry[] = [];
    for (let k = 0; k < lines.length; k += 2) items.push({ create: this.#item(lines[k], lines[k + 1]) });
    const errors = items.some(({ create }) => isObject(create) && Number(create["status"]) >= 300);
    return json(200, { took: 3, errors, items });
  }

  #item(action: unknown, document: unknown): Entry {
    const create = isObject(action) ? action["create"] : undefined;
    if (!isObject(create) || typeof create["_id"] !== "string") {
      this.complaints.push("only create operations are allowed in a data stream, here with an id");
      return { status: 400, error: { type: "illegal_argument_exception", reason: "only create" } };
    }
    const id = create["_id"];
    if (!isObject(document) || Number.isNaN(Date.parse(String(document["@timestamp"])))) {
      this.complaints.push("no @timestamp");
      return { status: 400, error: { type: "document_parsing_exception", reason: "no @timestamp" } };
    }
    const fault = this.fault(document, id);
    if (fault !== undefined) return { _id: id, status: fault.status, error: { type: fault.type, reason: "a fault" } };
    if (this.documents.has(id)) {
      this.repeats++;
      return { _id: id, status: 409, error: { type: "version_conflict_engine_exception", reason: "document exists" } };
    }
    this.documents.set(id, document);
    return { _id: id, status: 201, result: "created" };
  }
}

/** Splunk's HTTP Event Collector; codes of …/get-data-in/collect-http-event-data/http-event-collector-error-codes. */
export class Splunk implements Product {
  readonly complaints: string[] = [];
  readonly events: Entry[] = [];
  token = "11111111-2222-3333-4444-555555555555";
  /** Events with this in them are no good. */
  refuse = "";

  answer({ method, target, headers, body }: Asked): Answered {
    const { pathname } = new URL(target, "http://host");
    if (pathname === "/services/collector/health") return json(200, { text: "HEC is healthy", code: 17 });
    if (method !== "POST" || pathname !== "/services/collector/event") {
      return json(404, { text: "The requested URL was not found on this server.", code: 404 });
    }
    const given = headers["authorization"];
    if (given === undefined) return json(401, { text: "Token is required", code: 2 });
    if (!given.startsWith("Splunk ")) return json(401, { text: "Invalid authorization", code: 3 });
    if (given !== `Splunk ${this.token}`) return json(403, { text: "Invalid token", code: 4 });
    const lines = body.trimEnd().split("\n").map(parsed);
    for (const [number, event] of lines.entries()) {
      const wrong = this.#wrong(event);
      if (wrong !== undefined) {
        if (wrong.complaint) this.complaints.push(wrong.text);
        return json(400, { text: wrong.text, code: wrong.code, "invalid-event-number": number });
      }
      this.events.push(event as Entry);
    }
    return json(200, { text: "Success", code: 0 });
  }

  #wrong(event: unknown): { text: string; code: number; complaint: boolean } | undefined {
    if (!isObject(event)) return { text: "Invalid data format", code: 6, complaint: true };
    const { time, host, source, sourcetype, fields, event: inside } = event;
    if (inside === undefined) return { text: "Event field is required", code: 12, complaint: true };
    if (inside === "") return { text: "Event field cannot be blank", code: 13, complaint: true };
    if (typeof time !== "number" || ![host, source, sourcetype].every((value) => typeof value === "string")) {
      return { text: "Invalid data format", code: 6, complaint: true };
    }
    const flat = isObject(fields) && Object.values(fields).every((value) => typeof value === "string");
    if (!flat) return { text: "Error in handling indexed fields", code: 15, complaint: true };
    if (this.refuse !== "" && JSON.stringify(inside).includes(this.refuse)) {
      return { text: "Invalid data format", code: 6, complaint: false };
    }
    return undefined;
  }
}

/** Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export class Slack implements Product {
  readonly complaints: string[] = [];
  readonly messages: string[] = [];

  answer({ method, headers, body }: Asked): Answered {
    if (method === "HEAD") return { status: 302, headers: { location: "https://slack.com/" } };
    const message = parsed(body);
    if (method !== "POST" || !headers["content-type"]?.startsWith("application/json") || !isObject(message)) {
      this.complaints.push("invalid_payload");
      return { status: 400, body: "invalid_payload" };
    }
    const { text, blocks } = message;
    if (typeof text !== "string" || text === "" || text.length > 40_000) {
      this.complaints.push("no_text");
      return { status: 400, body: "no_text" };
    }
    for (const block of Array.isArray(blocks) ? blocks : []) {
      const inside = isObject(block) && block["type"] === "section" ? block["text"] : undefined;
      const isGood = isObject(inside) && inside["type"] === "plain_text" && typeof inside["text"] === "string" &&
        inside["text"].length > 0 && inside["text"].length <= 3000;
      if (!isGood) {
        this.complaints.push("invalid_blocks");
        return { status: 400, body: "invalid_blocks" };
      }
    }
    this.messages.push(text);
    return { status: 200, headers: { "content-type": "text/html" }, body: "ok" };
  }
}
