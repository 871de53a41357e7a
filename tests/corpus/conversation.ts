/** Items as what a client and a server write to each other, in bytes. */
import type { ChunkEvent, Endpoint, Json, Process, Stream } from "../../pipeline/event.ts";
import { hash, type Item, type JsonObject, type ServerAt } from "./item.ts";
import { filled } from "./placeholders.ts";

const encoder = new TextEncoder();
const START = Date.UTC(2026, 10, 21, 12);
const REMOTE: Endpoint = { address: "203.0.113.10", port: 443 };
const REVISION = "2025-11-25";

/** What the client and its servers write. With another `index` they are other ones, a minute later. */
export function conversation(item: Item, index = 0): ChunkEvent[] {
  const value = filled(item.value, item.id);
  const talk = new Talk(index, hash(`letters ${item.id}`) % 3 === 0);
  const server = typeof item.server === "string" ? { name: item.server } : item.server ?? { name: "server" };
  if (item.kind === "pair") {
    const { before, after, servers } = value as unknown as Pair;
    if (servers === undefined) {
      const line = talk.server(server);
      line.tools(before ?? []);
      line.listChanged();
      line.tools(after ?? []);
    } else {
      const lines = servers.map(({ name }) => talk.server({ name }));
      lines.forEach((line, i) => line.tools(servers[i]?.tools ?? []));
    }
  } else {
    const line = talk.server(server);
    if (item.kind === "definition") line.tools([value as JsonObject]);
    else {
      const tool = item.tool ?? "tool";
      const defined: JsonObject = typeof tool === "string" ? usual(tool) : tool;
      line.tools([defined]);
      const name = String(defined["name"]);
      if (item.kind === "resource") line.resource(value);
      else if (item.kind === "prompt") line.prompt(name, value);
      else if (item.kind === "error") line.fail(name, value);
      else if (item.kind === "result") line.call(name, {}, value);
      else line.call(name, value, "Done.");
    }
  }
  return talk.end();
}

interface Pair {
  readonly before?: readonly JsonObject[];
  readonly after?: readonly JsonObject[];
  readonly servers?: readonly { readonly name: string; readonly tools: readonly JsonObject[] }[];
}

function usual(name: string): JsonObject {
  return { name, description: `${name.replaceAll(/[_-]/g, " ")}.`, inputSchema: { type: "object" } };
}

/** One client and the servers it uses. Each write takes 20 ms. */
class Talk {
  readonly #index: number;
  readonly #client: Process;
  readonly #ascii: boolean;
  readonly #chunks: ChunkEvent[] = [];
  readonly #lines: Line[] = [];
  #now: number;

  /** `ascii`: messages are written as Python's `json` does it. */
  constructor(index: number, ascii: boolean) {
    this.#index = index;
    this.#client = { pid: 10 * index + 100, comm: "claude", name: "claude", args: ["claude", `--resume=${index}`] };
    this.#ascii = ascii;
    this.#now = START + index * 60_000;
  }

  /** A session with a server. */
  server(at: ServerAt): Line {
    const put = (stream: Stream, text: string, ends: Ends, eof = false) => this.#put(stream, text, ends, eof);
    const line = new Line(at, { index: this.#index, nth: this.#lines.length, client: this.#client }, this.#ascii, put);
    this.#lines.push(line);
    return line;
  }

  /** All that was written. */
  end(): ChunkEvent[] {
    for (const line of this.#lines) line.close();
    return this.#chunks;
  }

  #put(stream: Stream, text: string, ends: Ends, eof: boolean): void {
    const buffer = encoder.encode(text);
    const time = this.#now += 20;
    const where = { stream, buffer, start: 0, end: buffer.length };
    this.#chunks.push({ kind: "chunk", time, source: "corpus", ...ends, ...where, lost: 0, eof });
  }
}

interface Ends {
  readonly process: Process | undefined;
  readonly peer: Process | undefined;
}
/** Which of how many. */
interface Place {
  readonly index: number;
  readonly nth: number;
  readonly client: Process;
}
type Put = (stream: Stream, text: string, ends: Ends, eof?: boolean) => void;

/** A session: over stdio, or over HTTPS with a server on another machine. */
class Line {
  readonly #up: Stream;
  readonly #down: Stream;
  readonly #client: Process;
  readonly #server: Process | undefined;
  readonly #host: string | undefined;
  readonly #put: Put;
  readonly #ascii: boolean;
  readonly #said = new Set<string>();
  #id = 0;

  constructor({ name, remote = false }: ServerAt, { index, nth, client }: Place, ascii: boolean, put: Put) {
    const local: Endpoint = { address: "192.0.2.7", port: 40_000 + index };
    const medium = remote ? "tls" as const : "pipe" as const;
    const id = 10 * index + 2 * nth;
    this.#up = { id: id + 1, medium, reverse: undefined, ...(remote && { from: local, to: REMOTE }) };
    this.#down = { id: id + 2, medium, reverse: this.#up, ...(remote && { from: REMOTE, to: local }) };
    this.#up.reverse = this.#down;
    this.#client = client;
    this.#host = remote ? `${name}.tenant${index}.example` : undefined;
    const args = ["node", `/srv/${index}/${name}/server.mjs`];
    this.#server = remote ? undefined : { pid: client.pid + 1 + nth, ppid: client.pid, comm: "node", name, args };
    this.#put = put;
    this.#ascii = ascii;
    const clientInfo = { name: "corpus", version: "1.0.0" };
    this.#ask("initialize", { protocolVersion: REVISION, capabilities: {}, clientInfo }, {
      protocolVersion: REVISION,
      capabilities: { tools: { listChanged: true }, resources: {}, prompts: {} },
      serverInfo: { name, version: "1.0.0" },
    });
    this.#tell("notifications/initialized");
  }

  /** The list of tools, asked for and given. */
  tools(tools: readonly JsonObject[]): void {
    this.#ask("tools/list", {}, { tools: tools as Json });
  }

  /** The server says that its list is another one. Over HTTP that would need a stream of its own. */
  listChanged(): void {
    if (this.#host === undefined) this.#answer({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
  }

  /** A call of a tool, and its result or the text of it. */
  call(name: string, args: Json, result: Json): void {
    const whole = typeof result === "string" ? { content: [{ type: "text", text: result }] } : result;
    this.#ask("tools/call", { name, arguments: args }, whole);
  }

  /** A call of a tool that ends with a JSON-RPC error: `{ code, message, data? }`. */
  fail(name: string, error: Json): void {
    const id = this.#request("tools/call", { name, arguments: {} });
    this.#answer({ jsonrpc: "2.0", id, error });
  }

  /** A resource that is read: `{ uri, mimeType?, text }`. */
  resource(content: Json): void {
    const uri = typeof content === "object" && content !== null && "uri" in content ? content.uri : "";
    this.#ask("resources/read", { uri }, { contents: [content] });
  }

  /** A prompt that is got: `{ description?, messages }`. */
  prompt(name: string, prompt: Json): void {
    this.#ask("prompts/get", { name, arguments: {} }, prompt);
  }

  /** The end of both streams. */
  close(): void {
    this.#put(this.#up, "", this.#ends(true), true);
    this.#put(this.#down, "", this.#ends(false), true);
  }

  #ask(method: string, params: Json, result: Json): void {
    const id = this.#request(method, params);
    this.#answer({ jsonrpc: "2.0", id, result });
  }

  #request(method: string, params: Json): number {
    const id = ++this.#id;
    this.#say({ jsonrpc: "2.0", id, method, params });
    return id;
  }

  #tell(method: string): void {
    this.#say({ jsonrpc: "2.0", method });
    if (this.#host !== undefined) {
      this.#put(this.#down, head("HTTP/1.1 202 Accepted", { "content-length": "0" }), this.#ends(false));
    }
  }

  #say(message: Json): void {
    const text = this.#text(message);
    const { length } = encoder.encode(text);
    const start = this.#host === undefined ? "" : head("POST /mcp HTTP/1.1", {
      host: this.#host,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(this.#said.has("initialize") && { "mcp-protocol-version": REVISION, "mcp-session-id": "corpus-session" }),
      "content-length": String(length),
    });
    this.#said.add("initialize");
    this.#put(this.#up, start + text + (this.#host === undefined ? "\n" : ""), this.#ends(true));
  }

  #answer(message: Json): void {
    const text = this.#text(message);
    const { length } = encoder.encode(text);
    const start = this.#host === undefined ? "" : head("HTTP/1.1 200 OK", {
      "content-type": "application/json",
      "mcp-session-id": "corpus-session",
      "content-length": String(length),
    });
    this.#put(this.#down, start + text + (this.#host === undefined ? "\n" : ""), this.#ends(false));
  }

  #ends(up: boolean): Ends {
    return up ? { process: this.#client, peer: this.#server } : { process: this.#server, peer: this.#client };
  }

  #text(message: Json): string {
    const text = JSON.stringify(message);
    return this.#ascii ? text.replaceAll(/[^\0-\x7f]/g, escaped) : text;
  }
}

function escaped(letters: string): string {
  let text = "";
  for (let i = 0; i < letters.length; i++) text += `\\u${letters.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return text;
}

function head(first: string, fields: Readonly<Record<string, string>>): string {
  return [first, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}
