/**
 * What of a client's text may go on to the server, and what is answered instead.
 *
 * @module
 */
import type { McpContext, McpServer } from "../context.ts";
import type { Stream } from "../event.ts";
import { type ReadMessage, readText } from "./read.ts";
import type { Denial, Policy } from "./rules.ts";

/** Error codes of our answers, of those that JSON-RPC leaves to implementations and MCP does not use (2026-07-28: -32020 on). */
export const DENIED = -32010, UNCLEAR = -32011;

/** What becomes of a text. */
export interface Judgement {
  /** `pass`: all of it as it is; `part`: only `forward`; `none`. */
  readonly passes: "pass" | "part" | "none";
  readonly forward?: Uint8Array<ArrayBuffer> | undefined;
  /** A JSON value to answer with, without a newline. */
  readonly answer?: Uint8Array<ArrayBuffer> | undefined;
}

/** Judges texts of one client. */
export class TextJudge {
  readonly #policy: Policy;
  readonly #names: readonly string[];
  readonly #context: McpContext;
  readonly #line: boolean;
  readonly #stream: Stream = { id: 0, medium: "pipe", reverse: undefined };

  /** `names`: what the server is called. `line`: texts are lines of a stream rather than bodies of HTTP. */
  constructor(policy: Policy, names: readonly string[], line: boolean) {
    this.#policy = policy;
    this.#names = names;
    this.#line = line;
    this.#context = contextOf(names[0] ?? "", line);
  }

  /** Judges `bytes[start, end)`. */
  judge(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): Judgement {
    if (this.#policy.dryRun) return PASS;
    const seen = { time: Date.now(), source: "policy", stream: this.#stream };
    const read = readText(bytes, start, end, { line: this.#line, seen, context: this.#context });
    if (read.type === "blank") return PASS;
    if (read.type === "unclear") return { passes: "none", answer: unclearAnswer(read.why, read.id) };
    const judged = read.messages.map((one) => ({ ...one, denial: this.#policy.judge(one.message, this.#names) }));
    const denied = judged.filter(({ denial }) => denial !== undefined);
    if (denied.length === 0) return PASS;
    if (!this.#line && denied.length < judged.length) return { passes: "none", answer: wholeAnswer(judged) };
    const answers = denied.filter(({ message }) => message.type === "request")
      .map(({ message, id, denial }) => deniedAnswer(message.method ?? "", nameOfTool(message), id, denial));
    const answer = answers.length === 0
      ? undefined
      : encode(read.batch && denied.length === judged.length ? `[${answers.join(",")}]` : answers.join("\n"));
    const rest = judged.filter(({ denial }) => denial === undefined);
    if (rest.length === 0) return { passes: "none", answer };
    return { passes: "part", forward: batchOf(rest), answer };
  }
}

const PASS: Judgement = { passes: "pass" };

/** The answer to what is too long to be judged. */
export function tooLongAnswer(limit: number): Uint8Array<ArrayBuffer> {
  return unclearAnswer(`it is longer than ${limit} bytes`);
}

/** The answer to what cannot be judged. `id` is JSON. */
export function unclearAnswer(why: string, id = "null"): Uint8Array<ArrayBuffer> {
  const message = `mcpsonde did not let a message pass, as its policy cannot be sure what it says: ${why}`;
  const error = { code: UNCLEAR, message, data: { rule: "unclear", by: "mcpsonde" } };
  return encode(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`);
}

/** The answer to a batch of which a part is denied, where all of it has one answer: over HTTP. */
function wholeAnswer(
  judged: readonly (ReadMessage & { readonly denial: Denial | undefined })[],
): Uint8Array<ArrayBuffer> {
  const answers = judged.filter(({ message }) => message.type === "request").map(({ message, id, denial }) => {
    if (denial !== undefined) return deniedAnswer(message.method ?? "", nameOfTool(message), id, denial);
    const text = "mcpsonde did not let this pass, as its policy denies another message of the batch";
    return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code: DENIED, message: text })}}`;
  });
  return encode(`[${answers.join(",")}]`);
}

function deniedAnswer(method: string, tool: string | undefined, id: string, denial: Denial | undefined): string {
  const { rule = "default", reason } = denial ?? {};
  const what = tool === undefined ? method : `${method} of "${tool}"`;
  const why = rule === "default" ? "no rule of the policy allows it" : `the rule "${rule}" denies it`;
  const message = `mcpsonde did not let ${what} pass: ${why}${reason === undefined ? "" : ` (${reason})`}`;
  const data = { rule, ...(reason === undefined ? {} : { reason }), by: "mcpsonde" };
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code: DENIED, message, data })}}`;
}

function nameOfTool({ method, params }: ReadMessage["message"]): string | undefined {
  if (method !== "tools/call" || typeof params !== "object" || params === null || Array.isArray(params)) {
    return undefined;
  }
  const name = params["name"];
  return typeof name === "string" ? name.slice(0, 200) : undefined;
}

/** What is left of a batch: the messages' own bytes. */
function batchOf(messages: readonly ReadMessage[]): Uint8Array<ArrayBuffer> {
  const length = messages.reduce((sum, { message }) => sum + message.end - message.start + 1, 1);
  const out = new Uint8Array(length);
  let at = 0;
  for (const { message } of messages) {
    out[at++] = at === 1 ? 0x5b : 0x2c;
    out.set(message.buffer.subarray(message.start, message.end), at);
    at += message.end - message.start;
  }
  out[at] = 0x5d;
  return out;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The context of a message before anything else is known of its session. */
function contextOf(name: string, stdio: boolean): McpContext {
  const transport = stdio ? "stdio" : "http";
  const now = Date.now();
  const none = new Map<string, never>();
  const server: McpServer = {
    key: name,
    name,
    info: undefined,
    capabilities: undefined,
    instructions: undefined,
    transport,
    process: undefined,
    address: stdio ? undefined : name,
    remote: !stdio,
    executableHash: undefined,
    package: undefined,
    eras: [],
    firstSeen: now,
    lastSeen: now,
    version: 0,
    tools: none,
    resources: none,
    resourceTemplates: none,
    prompts: none,
  };
  return {
    era: undefined,
    session: {
      id: 0,
      server,
      clientProcess: undefined,
      clientInfo: undefined,
      clientCapabilities: undefined,
      sessionId: undefined,
      era: undefined,
      initialized: false,
      startTime: now,
      lastTime: now,
    },
    sender: "client",
    call: undefined,
    endsCall: false,
    trace: undefined,
  };
}
